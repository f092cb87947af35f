// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/shortcuts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.hpp"
#include "tissue/settings.hpp"

namespace abscopal::tissue {
namespace {

constexpr double tolerance = 1e-8;
constexpr int most_rounds = 1000;

[[noreturn]] void refuse(const std::string& code, const std::string& message, const std::string& hint = {}) {
    throw InputError({code, message, {}, hint.empty() ? std::vector<std::string>{} : std::vector{hint}});
}

std::size_t substrate_called(const Project& project, const std::string& name) {
    const auto names = substrate_names(project);
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
        refuse("unknown-name", "the project has no substrate '" + name + "'" + did_you_mean(name, names));
    return static_cast<std::size_t>(at - names.begin());
}

std::uint64_t steps_in(const Project& project, const std::string& name, double minutes) {
    const double steps = std::round(minutes / project.diffusion_step);
    if (steps >= 1 && std::abs(steps * project.diffusion_step - minutes) < 1e-9 * minutes)
        return static_cast<std::uint64_t>(steps);
    refuse("bad-step", "a field step of " + to_text(minutes) + " min for '" + name +
                           "' is no multiple of the diffusion step, " + to_text(project.diffusion_step) +
                           " min");
}

bool has_held_side(const Substrate& substrate) {
    return std::any_of(substrate.sides.begin(), substrate.sides.end(), [](const Side& s) { return s.held; });
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// a += factor b.
void add(std::vector<double>& a, double factor, const std::vector<double>& b) {
    for (std::size_t v = 0; v < a.size(); ++v) a[v] += factor * b[v];
}

/// What a step takes away from a field when nothing is given: x - (step(x) - step(0)).
class Loss {
  public:
    explicit Loss(const FieldStep& step, std::size_t size) : step_(step), of_nothing_(size, 0.0) {
        step_(of_nothing_);
    }
    const std::vector<double>& of_nothing() const { return of_nothing_; }
    std::vector<double> operator()(const std::vector<double>& x) const {
        std::vector<double> y = x;
        step_(y);
        for (std::size_t v = 0; v < y.size(); ++v) y[v] = x[v] - (y[v] - of_nothing_[v]);
        return y;
    }

  private:
    const FieldStep& step_;
    std::vector<double> of_nothing_;
};

}  // namespace

std::vector<Pace> paces_of(const Project& project, const RunOptions& options) {
    const Shortcuts& wanted = options.shortcuts;
    if (wanted.any() && options.stepper == Stepper::reference)
        refuse("bad-stepper", "the reference stepper takes no shortcuts",
               "leave them out, or run --stepper fast");
    std::vector<Pace> paces(project.substrates.size());
    for (const auto& [name, minutes] : wanted.field_steps)
        paces[substrate_called(project, name)].steps = steps_in(project, name, minutes);
    for (const auto& name : wanted.steady) {
        const std::size_t k = substrate_called(project, name);
        if (project.substrates[k].decay <= 0 && !has_held_side(project.substrates[k]))
            refuse("no-balance",
                   "substrate '" + name + "' need have no balance: it does not decay, and no face holds it");
        paces[k] = {steps_in(project, name, project.phenotype_step), true};
    }
    return paces;
}

void settle(const FieldStep& step, std::vector<double>& x) {
    const Loss loss(step, x.size());
    const double enough = tolerance * tolerance * product(loss.of_nothing(), loss.of_nothing());
    std::vector<double> r = x, p(x.size(), 0.0), v = p;
    step(r);
    add(r, -1, x);
    const std::vector<double> shadow = r;
    double rho = 1, alpha = 1, omega = 1;
    for (int round = 0; round < most_rounds && product(r, r) > enough && omega != 0 && rho != 0; ++round) {
        const double now = product(shadow, r), turn = now / rho * (alpha / omega);
        rho = now;
        add(p, -omega, v);
        for (std::size_t n = 0; n < p.size(); ++n) p[n] = r[n] + turn * p[n];
        v = loss(p);
        alpha = rho / product(shadow, v);
        add(r, -alpha, v);
        const auto t = loss(r);
        const double square = product(t, t);
        omega = square > 0 ? product(t, r) / square : 0;
        add(x, alpha, p);
        add(x, omega, r);
        add(r, -omega, t);
    }
}

}  // namespace abscopal::tissue
