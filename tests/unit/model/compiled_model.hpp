// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/model.hpp"
#include "model/evaluate.hpp"
#include "model/program.hpp"

namespace abscopal::test {

/// A model at its start, with the numbers the tests ask for. Values given stand for those of a user.
class CompiledModel {
  public:
    using Given = std::vector<std::pair<std::string, double>>;

    explicit CompiledModel(const std::string& antimony, const Given& given = {})
        : CompiledModel(read_antimony_text(antimony), given) {}

    explicit CompiledModel(const Spec& spec, const Given& given = {})
        : model_(compile(spec)), w_(model_->workspace) {
        for (const auto& [id, value] : given) w_[settable(id).slot] = value;
        for (const InitialStep& step : model_->initial) start(step, given);
        for (const Program* program :
             {&model_->prelude, &model_->rates, &model_->jacobian, &model_->observe}) {
            program->run(w_.data());
        }
    }

    const Model& model() const { return *model_; }
    double state(const std::string& id) const { return w_[model_->states.at(*find_state(*model_, id)).slot]; }
    double rate(const std::string& id) const {
        return w_[model_->rates.outputs.at(*find_state(*model_, id))];
    }
    double value(const std::string& id) const { return w_[observable(id).slot]; }
    double amount(const std::string& id) const { return w_[observable(id).amount]; }

    double slope(const std::string& of, const std::string& with) const {
        const auto row = static_cast<std::int64_t>(*find_state(*model_, of));
        const std::size_t column = *find_state(*model_, with);
        for (auto k = model_->sparsity.column_start[column]; k < model_->sparsity.column_start[column + 1];
             ++k) {
            const auto entry = static_cast<std::size_t>(k);
            if (model_->sparsity.row[entry] == row) return w_[model_->jacobian.outputs[entry]];
        }
        return 0.0;
    }

    std::vector<double> run(const Program& program) const {
        std::vector<double> w = w_, result;
        program.run(w.data());
        for (const Slot output : program.outputs) result.push_back(w[output]);
        return result;
    }

  private:
    const ObservableInfo& observable(const std::string& id) const {
        return model_->observables.at(*find_observable(*model_, id));
    }
    const SettableInfo& settable(const std::string& id) const {
        return model_->settables.at(*find_settable(*model_, id));
    }

    void start(const InitialStep& step, const Given& given) {
        for (const auto& [id, value] : given) {
            const SettableInfo& info = settable(id);
            if (info.slot != step.target) continue;
            if (info.multiply_by != no_slot) w_[step.target] = value * w_[info.multiply_by];
            return;
        }
        step.program.run(w_.data());
        w_[step.target] = w_[step.program.outputs[0]];
    }

    std::shared_ptr<const Model> model_;
    std::vector<double> w_;
};

/// The code of the first fault that `action` throws, or "".
template <class Action>
std::string first_code(Action action) {
    try {
        action();
    } catch (const InputError& error) {
        return error.faults().front().code;
    }
    return {};
}

}  // namespace abscopal::test
