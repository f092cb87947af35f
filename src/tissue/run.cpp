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
#include "tissue/columns.hpp"

/// Replicates side by side, a line of the summary at each due time, files of the first.
namespace abscopal::tissue {
namespace {

std::string numbered(const std::string& stem, int index, const std::string& ending) {
    std::string number = std::to_string(index);
    number.insert(0, 8 - std::min<std::size_t>(8, number.size()), '0');
    return stem + number + ending;
}

/// Writes the files of one run, time after time.
class Writer {
  public:
    Writer(const Project& project, const Outputs& outputs) : project_(project), outputs_(outputs) {}

    void add(const State& state) {
        if (outputs_.folder.empty()) return;
        const int index = static_cast<int>(minutes_.size());
        minutes_.push_back(minute_of(project_, state));
        put(outputs_.cells_csv, numbered("cells_", index, ".csv"),
            [&] { return cells_csv(project_, state); });
        put(outputs_.fields_csv, numbered("fields_", index, ".csv"),
            [&] { return fields_csv(project_, state); });
        if (state.cells.size() <= largest_drawn) snapshots_.push_back(snapshot_svg(project_, state));
        put(outputs_.svg, numbered("snapshot", index, ".svg"), [&] { return snapshot_svg(project_, state); });
        put(outputs_.vtk, numbered("cells_", index, ".vtp"), [&] { return cells_vtp(project_, state); });
        put(outputs_.vtk, numbered("fields_", index, ".vti"), [&] { return fields_vti(project_, state); });
        if (outputs_.vtk) collect();
        if (outputs_.anndata) write_anndata(project_, state, path(numbered("cells_", index, ".h5ad")));
        if (outputs_.zarr) add_to_zarr(project_, state, path("fields.ome.zarr"), minutes_);
        if (outputs_.multicellds)
            write_multicellds(project_, state, outputs_.folder, numbered("output", index, ""));
    }

    std::string film(const Summary& summary) const {
        if (snapshots_.empty() || snapshots_.size() != minutes_.size()) return {};
        std::string text = film_svg(project_, snapshots_, summary);
        if (outputs_.svg) write_file(path("film.svg"), text);
        return text;
    }

  private:
    static constexpr std::size_t largest_drawn = 50'000;  // cells; larger snapshots are no picture

    std::string path(const std::string& name) const {
        return (std::filesystem::path(outputs_.folder) / name).string();
    }
    template <class Text>
    void put(bool wanted, const std::string& name, Text&& text) const {
        if (wanted) write_file(path(name), text());
    }
    /// The collections name all files so far: a run that is cut short can be opened too.
    void collect() const {
        std::vector<std::pair<double, std::string>> cells, fields;
        for (int k = 0; k < static_cast<int>(minutes_.size()); ++k) {
            cells.emplace_back(minutes_[static_cast<std::size_t>(k)], numbered("cells_", k, ".vtp"));
            fields.emplace_back(minutes_[static_cast<std::size_t>(k)], numbered("fields_", k, ".vti"));
        }
        write_file(path("cells.pvd"), vtk_collection(cells));
        write_file(path("fields.pvd"), vtk_collection(fields));
    }

    const Project& project_;
    const Outputs& outputs_;
    std::vector<double> minutes_;
    std::vector<std::string> snapshots_;
};

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
        Writer writer(*project_, plan_.outputs);
        for (std::size_t line = 0; line < times_.size() && !stopped_; ++line) {
            if (times_[line] < start - 1e-9) continue;
            walk(simulation, state, times_[line]);
            summarise(*project_, state, summary);
            if (k == 0) writer.add(state);
            if (plan_.stop && plan_.stop()) stop();
        }
        if (k != 0) return;
        result_.last = std::move(state);
        result_.film = writer.film(summary);
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
