// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/ensemble.hpp"

#include <algorithm>
#include <atomic>
#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <exception>
#include <mutex>
#include <thread>

#include "base/text.hpp"
#include "lanes/kernels.hpp"
#include "ode/lane_group.hpp"
#include "ode/lane_stepper.hpp"
#include "simulation/fiber_sanitizer.hpp"
#include "simulation/machine.hpp"

namespace abscopal {
namespace {

using boost::context::fiber;

constexpr std::size_t stack_bytes = 256 * 1024;

/// What all threads share: the patients still to come, and the first exception of a task.
class Queue {
  public:
    Queue(std::size_t n, const EnsembleTask& task, const std::function<bool()>& is_stopped)
        : n_(n), task_(task), is_stopped_(is_stopped) {}

    /// Takes patients until there are none.
    void work(Simulation& simulation) {
        while (!is_cut_) {
            if (is_stopped_ && is_stopped_()) is_cut_ = true;
            const std::size_t i = is_cut_ ? n_ : next_++;
            if (i >= n_) return;
            ++n_begun_;
            task_(i, simulation);
        }
    }

    void fail(std::exception_ptr what) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::move(what);
        is_cut_ = true;
    }

    void count(const EnsembleUse& more) {
        const std::lock_guard lock(mutex_);
        use_.group_steps += more.group_steps;
        use_.lane_steps += more.lane_steps;
    }
    const EnsembleUse& use() const { return use_; }

    /// Whether every patient was begun. Rethrows what a task threw.
    bool finish() const {
        if (error_) std::rethrow_exception(error_);
        return n_begun_ == n_;
    }

  private:
    std::size_t n_;
    const EnsembleTask& task_;
    const std::function<bool()>& is_stopped_;
    std::atomic<std::size_t> next_{0}, n_begun_{0};
    std::atomic<bool> is_cut_{false};
    std::mutex mutex_;
    std::exception_ptr error_;
    EnsembleUse use_;
};

void work_alone(const std::shared_ptr<const Model>& model, const Numerics& numerics, Queue& queue) {
    try {
        Simulation simulation(model, numerics);
        queue.work(simulation);
    } catch (...) {
        queue.fail(std::current_exception());
    }
}

/// A lane takes patients from the queue on a stack of its own; each trial step hands control back to the
/// group.
class LaneFiber {
  public:
    LaneFiber(const Numerics& numerics, LaneGroup& group, int lane, Queue& queue)
        : fiber_(std::allocator_arg, boost::context::protected_fixedsize_stack(stack_bytes),
                 [this, &numerics, &group, lane, &queue](fiber&& scheduler) {
                     scheduler_ = std::move(scheduler);
                     work(numerics, group, lane, queue);
                     sanitized_.leave();
                     return std::move(scheduler_);
                 }) {}

    /// Goes on to the next trial step; false: there is none.
    bool resume() {
        if (!fiber_) return false;
        sanitized_.enter();
        fiber_ = std::move(fiber_).resume();
        return static_cast<bool>(fiber_);
    }

  private:
    void wait() {
        sanitized_.leave();
        scheduler_ = std::move(scheduler_).resume();
    }

    void work(const Numerics& numerics, LaneGroup& group, int lane, Queue& queue) {
        const MakeStepper make = [&](Workbench& bench, const Numerics& settings) {
            return std::make_unique<LaneStepper>(bench, settings, group, lane, [this] { wait(); });
        };
        try {
            Simulation simulation(std::make_unique<Simulation::Machine>(group.model().model, numerics, make));
            queue.work(simulation);
        } catch (const boost::context::detail::forced_unwind&) {
            throw;
        } catch (...) {
            queue.fail(std::current_exception());
        }
    }

    SanitizedFiber sanitized_;
    fiber scheduler_;
    fiber fiber_;
};

/// Lets every lane go on to its next trial step, then takes the step for all of them.
void work_in_lanes(LaneGroup& group, const Numerics& numerics, Queue& queue) {
    std::vector<std::unique_ptr<LaneFiber>> lanes;
    for (int lane = 0; lane < LaneGroup::size; ++lane)
        lanes.push_back(std::make_unique<LaneFiber>(numerics, group, lane, queue));
    EnsembleUse use;
    while (true) {
        int n_waiting = 0;
        for (const auto& lane : lanes) n_waiting += lane->resume() ? 1 : 0;
        if (n_waiting == 0) return queue.count(use);
        group.step();
        ++use.group_steps;
        use.lane_steps += n_waiting;
    }
}

lanes::Target target_of(const EnsembleOptions& options) {
    if (options.target.empty()) return lanes::best_target();
    std::vector<std::string> names;
    for (const auto target : lanes::supported_targets()) names.emplace_back(lanes::name_of(target));
    if (std::ranges::find(names, options.target) != names.end())
        return *lanes::target_by_name(options.target);
    throw InputError(
        {"unknown-target",
         "this machine has no SIMD target '" + options.target + "'" + did_you_mean(options.target, names),
         {},
         {"targets here: " + join(names, ", ")}});
}

LaneVariants::Code code_for(const EnsembleOptions& options) {
    using Code = LaneVariants::Code;
    return options.interpret ? Code::none : (options.compile_first ? Code::before : Code::beside);
}

}  // namespace

struct Ensemble::Lanes {
    Lanes(const std::shared_ptr<const Model>& model_, const EnsembleOptions& options)
        : model(model_),
          variants(model, lanes::kernels(target_of(options)), code_for(options), options.code_cache) {}
    LaneModel model;
    LaneVariants variants;
};

Ensemble::Ensemble(std::shared_ptr<const Model> model, Numerics numerics, EnsembleOptions options)
    : model_(std::move(model)),
      numerics_(std::move(numerics)),
      n_threads_(options.threads ? options.threads : std::max(1U, std::thread::hardware_concurrency())),
      lanes_(numerics_.method == Method::rosenbrock ? std::make_unique<Lanes>(model_, options) : nullptr) {}

Ensemble::~Ensemble() = default;

bool Ensemble::run(std::size_t n, const EnsembleTask& task, const std::function<bool()>& is_stopped,
                   EnsembleUse* use) const {
    Queue queue(n, task, is_stopped);
    const auto work = [&] {
        if (!lanes_) return work_alone(model_, numerics_, queue);
        LaneGroup group(lanes_->variants, rosenbrock_for(numerics_.relative_tolerance));
        work_in_lanes(group, numerics_, queue);
    };
    {
        std::vector<std::jthread> pool;
        for (unsigned i = 1; i < n_threads_; ++i) pool.emplace_back(work);
        work();
    }
    if (use) {
        use->group_steps += queue.use().group_steps;
        use->lane_steps += queue.use().lane_steps;
    }
    return queue.finish();
}

}  // namespace abscopal
