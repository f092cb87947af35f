// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/simulation.hpp"
#include "support.hpp"

/// One virtual patient of a shipped model: a tumour grown to diagnosis, then treated.
namespace abscopal::test {

inline std::string model_file(const std::string& path) {
    return (source_dir() / "models" / path).string();
}

inline std::shared_ptr<const Model> shipped_model(const std::string& path) {
    return compile(read_spec(model_file(path)));
}

using Values = std::vector<std::pair<std::string, double>>;

class Patient {
  public:
    explicit Patient(std::shared_ptr<const Model> model, const Values& settings = {},
                     double relative_tolerance = 1e-8)
        : model_(std::move(model)), simulation_(model_, numerics(relative_tolerance)) {
        std::vector<std::pair<std::size_t, double>> indexed;
        for (const auto& [id, value] : settings)
            indexed.emplace_back(find_settable(*model_, id).value(), value);
        simulation_.start(initial_state(*model_, indexed));
    }

    /// Grows the untreated tumour to `diameter` (cm); false if it never gets there.
    bool grow(double diameter, double within = 8000.0) {
        bool crossed = false;
        const Outcome outcome = simulation_.advance_to_crossing(
            within, find_observable(*model_, "tumour_diameter").value(), diameter, crossed);
        EXPECT_TRUE(outcome.ok()) << name_of(outcome.status) << " at day " << outcome.time << ", "
                                  << outcome.worst;
        diagnosed_ = simulation_.state().time;
        diameter_ = value("tumour_diameter");
        return crossed;
    }

    /// Grows the untreated tumour for a given time.
    Outcome grow_until(double day) {
        const Outcome outcome = simulation_.advance(day);
        diagnosed_ = day;
        diameter_ = value("tumour_diameter");
        return outcome;
    }

    /// Doses count from diagnosis: amount in the carried unit of `target`.
    void give(const std::string& target, double amount, std::vector<double> days, double duration = 0.0) {
        const Slot slot = model_->states.at(find_state(*model_, target).value()).slot;
        for (const double day : days)
            actions_.push_back({diagnosed_ + day, duration > 0.0 ? ActionKind::infuse : ActionKind::add, slot,
                                amount, duration});
    }

    void treat() {
        std::stable_sort(actions_.begin(), actions_.end(),
                         [](const Action& a, const Action& b) { return a.time < b.time; });
        simulation_.start(simulation_.state(), actions_);
    }

    /// Days after diagnosis.
    Outcome advance(double day) { return simulation_.advance(diagnosed_ + day); }

    double value(const std::string& id) const {
        return simulation_.value(find_observable(*model_, id).value());
    }
    double concentration(const std::string& id) const {
        return simulation_.concentration(find_observable(*model_, id).value());
    }
    double diagnosed() const { return diagnosed_; }

    /// Per cent since diagnosis.
    double diameter_change() const { return 100.0 * (value("tumour_diameter") / diameter_ - 1.0); }

  private:
    static Numerics numerics(double relative_tolerance) {
        Numerics numerics;
        numerics.relative_tolerance = relative_tolerance;
        return numerics;
    }

    std::shared_ptr<const Model> model_;
    Simulation simulation_;
    std::vector<Action> actions_;
    double diagnosed_ = 0.0, diameter_ = 0.0;
};

inline std::vector<double> every(double interval, double until) {
    std::vector<double> days;
    for (int i = 0; i * interval < until; ++i) days.push_back(i * interval);
    return days;
}

/// Days 0, 7 and 14 of cycles of 28.
inline std::vector<double> three_weeks_of_four(double until) {
    std::vector<double> days;
    for (const double cycle : every(28.0, until))
        for (const double day : {0.0, 7.0, 14.0})
            if (cycle + day < until) days.push_back(cycle + day);
    return days;
}

constexpr double half_an_hour = 1.0 / 48.0;
constexpr double pembrolizumab_200_mg = 200e-3 / 149e3 * 1e9;   ///< nmol
constexpr double atezolizumab_840_mg = 840e-3 / 143.6e3 * 1e9;  ///< nmol

}  // namespace abscopal::test
