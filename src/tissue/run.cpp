// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <filesystem>
#include <mutex>
#include <thread>

#include "base/file.hpp"
#include "base/text.hpp"
#include "tissue/dictionary.hpp"

/// Replicates side by side, a line of the summary at each due time, files of the first.
namespace abscopal::tissue {
namespace {

std::string numbered(const std::string& stem, int index, const std::string& ending) {
    std::string number = std::to_string(index);
    number.insert(0, 8 - std::min<std::size_t>(8, number.size()), '0');
    return stem + number + ending;
}

void write_outputs(const Project& project, const State& state, const Outputs& outputs, int index) {
    if (outputs.folder.empty()) return;
    const auto at = [&](const std::string& name) {
        return (std::filesystem::path(outputs.folder) / name).string();
    };
    if (outputs.cells_csv) write_file(at(numbered("cells_", index, ".csv")), cells_csv(project, state));
    if (outputs.fields_csv) write_file(at(numbered("fields_", index, ".csv")), fields_csv(project, state));
    if (outputs.svg) write_file(at(numbered("snapshot", index, ".svg")), snapshot_svg(project, state));
    if (outputs.multicellds) write_multicellds(project, state, outputs.folder, numbered("output", index, ""));
}

/// Times of the lines: 0, every, 2 every, ..., until.
std::vector<double> line_times(double until, double every) {
    std::vector<double> times;
    for (int k = 0; k * every < until - 1e-9; ++k) times.push_back(k * every);
    times.push_back(until);
    return times;
}

/// What all replicates share.
class Runner {
  public:
    Runner(std::shared_ptr<const Project> project, const RunPlan& plan)
        : project_(std::move(project)),
          plan_(plan),
          times_(line_times(plan.until, std::max(plan.every, project_->diffusion_step))) {
        result_.replicates.resize(static_cast<std::size_t>(plan.replicates));
        all_steps_ = static_cast<std::uint64_t>(std::llround(plan.until / project_->diffusion_step)) *
                     static_cast<std::uint64_t>(plan.replicates);
    }

    RunResult run() {
        const int side_by_side = std::clamp(plan_.options.threads, 1, plan_.replicates);
        std::vector<std::thread> threads;
        for (int k = 1; k < side_by_side; ++k) threads.emplace_back([this] { work(); });
        work();
        for (auto& thread : threads) thread.join();
        if (failure_) std::rethrow_exception(failure_);
        return std::move(result_);
    }

  private:
    void work() {
        try {
            for (int k = next_++; k < plan_.replicates && !stopped_; k = next_++) replicate(k);
        } catch (...) {
            const std::scoped_lock lock(mutex_);
            stopped_ = true;
            if (!failure_) failure_ = std::current_exception();
        }
    }

    void replicate(int k) {
        RunOptions options = plan_.options;
        if (plan_.replicates > 1) options.threads = 1;
        Simulation simulation(project_, options);
        State state = plan_.from ? *plan_.from : simulation.start(plan_.seed + static_cast<std::uint64_t>(k));
        const double start = simulation.time(state);
        Summary& summary = result_.replicates[static_cast<std::size_t>(k)];
        for (std::size_t line = 0; line < times_.size() && !stopped_; ++line) {
            if (times_[line] < start - 1e-9) continue;
            walk(simulation, state, times_[line]);
            summarise(*project_, state, summary);
            if (k == 0 && plan_.outputs.svg) snapshots_.push_back(snapshot_svg(*project_, state));
            if (k == 0) write_outputs(*project_, state, plan_.outputs, static_cast<int>(line));
            if (plan_.stop && plan_.stop()) stop();
        }
        if (k != 0) return;
        result_.last = std::move(state);
        if (snapshots_.empty() || plan_.outputs.folder.empty()) return;
        write_file((std::filesystem::path(plan_.outputs.folder) / "film.svg").string(),
                   film_svg(*project_, snapshots_, summary));
    }

    /// To `minute`, with a word on progress every few steps.
    void walk(Simulation& simulation, State& state, double minute) {
        const double stride = std::max(project_->phenotype_step, project_->diffusion_step);
        while (simulation.time(state) < minute - 0.5 * project_->diffusion_step && !stopped_) {
            const auto before = state.step;
            simulation.advance(state, std::min(minute, simulation.time(state) + stride));
            const auto steps = done_ += state.step - before;
            if (plan_.stop && plan_.stop()) stop();
            if (!plan_.progress) continue;
            const std::scoped_lock lock(mutex_);
            plan_.progress({simulation.time(state), plan_.until, state.cells.size(), steps, all_steps_});
        }
    }

    void stop() {
        stopped_ = true;
        const std::scoped_lock lock(mutex_);
        result_.complete = false;
    }

    std::shared_ptr<const Project> project_;
    const RunPlan& plan_;
    std::vector<double> times_;
    std::vector<std::string> snapshots_;  ///< of the first replicate
    RunResult result_;
    std::uint64_t all_steps_ = 0;
    std::atomic<std::uint64_t> done_{0};
    std::atomic<int> next_{0};
    std::atomic<bool> stopped_{false};
    std::mutex mutex_;
    std::exception_ptr failure_;
};

}  // namespace

RunResult run(std::shared_ptr<const Project> project, const RunPlan& plan) {
    if (!plan.outputs.folder.empty()) std::filesystem::create_directories(plan.outputs.folder);
    return Runner(std::move(project), plan).run();
}

}  // namespace abscopal::tissue
