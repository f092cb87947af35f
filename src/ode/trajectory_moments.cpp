// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// How a Trajectory's derivatives by the quantities of Model::sensitivities pass doses, stops and changes.
#include <algorithm>
#include <cmath>

#include "ode/trajectory.hpp"

namespace abscopal {

// What an action makes of a number it makes of the number's derivatives.
void Trajectory::apply_to_derivatives(const Action& action) {
    const SensitivityInfo& info = *model_.sensitivities;
    for (std::size_t k = 0; k < info.by.size(); ++k) {
        const Slot parameter = action.target - model_.first_parameter;
        const Slot slot = parameter < info.n_parameters
                              ? info.of_parameter[k][parameter]
                              : action.target + static_cast<Slot>((1 + k) * info.n_states);
        if (slot == no_slot) continue;
        if (action.kind == ActionKind::multiply) bench_.at(slot) *= action.value;
        if (action.kind == ActionKind::replace) bench_.at(slot) = 0.0;
        if (!action.slopes.empty()) give_slopes(action, slot, k);
    }
}

// A dose whose amount or duration depends on by[k] gives to the derivative too.
void Trajectory::give_slopes(const Action& action, Slot slot, std::size_t k) {
    const std::size_t n_by = model_.sensitivities->by.size();
    const double value = action.slopes[n_by + k], duration = action.slopes[2 * n_by + k];
    if (action.kind == ActionKind::add || !(action.duration > 0.0)) {
        bench_.at(slot) += value;
        return;
    }
    const double rate = (value - action.value / action.duration * duration) / action.duration;
    state_.infusions.push_back(
        {slot - model_.first_state, rate, state_.time + action.duration, ends_of(action)});
}

// How the end of an infusion moves.
std::vector<double> Trajectory::ends_of(const Action& action) const {
    if (action.slopes.empty()) return {};
    const std::size_t n_by = model_.sensitivities->by.size();
    std::vector<double> ends(action.slopes.begin(),
                             action.slopes.begin() + static_cast<std::ptrdiff_t>(n_by));
    for (std::size_t k = 0; k < n_by; ++k) ends[k] += action.slopes[2 * n_by + k];
    return ends;
}

// How what ended a stretch moves with the quantities that the Model differentiates by.
void Trajectory::note_moment(bool changes) {
    if (changes) return note_change();
    read_state();
    moment_->end_at_stop(bench_, state_, {stretch_.latest, state_.y, input_},
                         std::span(actions_).subspan(next_action_));
}

void Trajectory::note_change() {
    const double earlier = just_before_change();
    has_changed(change_at_);
    const std::vector<std::size_t> roots = changed_roots();
    std::vector<double> y;
    stepper_->interpolate(earlier, y);
    read_state();
    note_change(earlier, y, roots);
}

void Trajectory::note_change(double earlier, const std::vector<double>& y,
                             const std::vector<std::size_t>& roots) {
    moment_->end_at_change(bench_, {std::clamp(earlier, stretch_.earliest, stretch_.latest), y, input_},
                           roots);
}

bool Trajectory::leave_moment() {
    const std::size_t k = moment_->leave(
        bench_, state_, is_switch(state_.time) ? std::nextafter(state_.time, never) : state_.time);
    if (k == model_.sensitivities->by.size()) return true;
    fail(Status::not_differentiable, model_.sensitivities->by[k]);
    return false;
}

}  // namespace abscopal
