// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/ensemble.hpp"

#include <atomic>
#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <exception>
#include <mutex>
#include <thread>

#include "lanes/kernels.hpp"
#include "ode/lane_group.hpp"
#include "ode/lane_stepper.hpp"
#include "simulation/machine.hpp"

namespace abscopal {
namespace {

using boost::context::fiber;

constexpr std::size_t stack_bytes = 256 * 1024;

/// What all threads share: the patients still to come, and the first exception of a course.
struct Queue {
    std::size_t n;
    const EnsembleTask& task;
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr error;

    void fail(std::exception_ptr what) {
        const std::lock_guard lock(mutex);
        if (!error) error = std::move(what);
        next = n;
    }
};

/// Takes patients from the queue until there are none; each trial step hands control back to the group.
fiber lane_fiber(const LaneModel& model, const Numerics& numerics, LaneGroup& group, int lane, Queue& queue) {
    return fiber(
        std::allocator_arg, boost::context::protected_fixedsize_stack(stack_bytes),
        [&, lane](fiber&& scheduler) {
            const auto wait = [&scheduler] { scheduler = std::move(scheduler).resume(); };
            const MakeStepper make = [&](Workbench& bench, const Numerics& settings) {
                return std::make_unique<LaneStepper>(bench, settings, group, lane, wait);
            };
            try {
                Simulation simulation(std::make_unique<Simulation::Machine>(model.model, numerics, make));
                for (std::size_t i = queue.next++; i < queue.n; i = queue.next++) queue.task(i, simulation);
            } catch (const boost::context::detail::forced_unwind&) {
                throw;
            } catch (...) {
                queue.fail(std::current_exception());
            }
            return std::move(scheduler);
        });
}

/// One thread: lets every lane go on to its next trial step, then takes the step for all of them.
void run_group(const LaneModel& model, const Numerics& numerics, const lanes::Kernels& kernels,
               const std::shared_ptr<const LaneCode>& code, Queue& queue) {
    LaneGroup group(model, kernels, code);
    std::vector<fiber> fibers;
    for (int lane = 0; lane < LaneGroup::size; ++lane)
        fibers.push_back(lane_fiber(model, numerics, group, lane, queue));
    while (true) {
        bool any_waits = false;
        for (auto& lane : fibers) {
            if (!lane) continue;
            lane = std::move(lane).resume();
            any_waits = any_waits || lane;
        }
        if (!any_waits) return;
        group.step();
    }
}

}  // namespace

void run_ensemble(const std::shared_ptr<const Model>& model, const Numerics& numerics, std::size_t n,
                  const EnsembleOptions& options, const EnsembleTask& task) {
    const LaneModel lane_model(model);
    const auto target = options.target.empty()
                            ? lanes::best_target()
                            : lanes::target_by_name(options.target).value_or(lanes::Target::scalar);
    const lanes::Kernels& kernels = lanes::kernels(target);
    const auto code = options.interpret ? nullptr : lane_model.compile(kernels, options.code_cache);
    Queue queue{n, task, {}, {}, {}};
    const unsigned threads =
        std::max(1u, options.threads ? options.threads : std::thread::hardware_concurrency());
    {
        std::vector<std::jthread> pool;
        for (unsigned i = 1; i < threads; ++i)
            pool.emplace_back([&] { run_group(lane_model, numerics, kernels, code, queue); });
        run_group(lane_model, numerics, kernels, code, queue);
    }
    if (queue.error) std::rethrow_exception(queue.error);
}

}  // namespace abscopal
