// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "abscopal/model.hpp"
#include "abscopal/simulation.hpp"
#include "abscopal/spec.hpp"

namespace abscopal::test {

/// One patient of an Antimony model, looked at by id.
class OnePatient {
  public:
    explicit OnePatient(const std::string& antimony, Numerics numerics = {}, std::vector<Action> actions = {})
        : model_(compile(read_antimony_text(antimony))), simulation_(model_, tight(std::move(numerics))) {
        simulation_.start(initial_state(*model_), std::move(actions));
    }

    Outcome to(double time) { return simulation_.advance(time); }
    double operator[](const std::string& id) const {
        return simulation_.value(find_observable(*model_, id).value());
    }
    double at(double time, const std::string& id) {
        const Outcome outcome = to(time);
        return outcome.ok() ? (*this)[id] : std::numeric_limits<double>::quiet_NaN();
    }
    const Model& model() const { return *model_; }
    Simulation& simulation() { return simulation_; }
    void start(std::vector<Action> actions) { simulation_.start(initial_state(*model_), std::move(actions)); }
    Slot state(const std::string& id) const { return model_->states[find_state(*model_, id).value()].slot; }
    Slot parameter(const std::string& id) const {
        return model_->parameters[find_parameter(*model_, id).value()].slot;
    }

  private:
    // The tests ask for meaning; unless they say otherwise accuracy is not in question.
    static Numerics tight(Numerics numerics) {
        if (numerics.relative_tolerance == Numerics{}.relative_tolerance) numerics.relative_tolerance = 1e-10;
        return numerics;
    }

    std::shared_ptr<const Model> model_;
    Simulation simulation_;
};

}  // namespace abscopal::test
