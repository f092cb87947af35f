// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/lane_group.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

namespace abscopal {
namespace {

constexpr auto most_stages = std::size_t{Rosenbrock::most_stages};

}  // namespace

LaneGroup::LaneGroup(LaneVariants& variants, const Rosenbrock& method)
    : variants_(variants),
      model_(variants.model()),
      method_(method),
      kernels_(variants.kernels()),
      variant_(&variants.serving(variants.all(), 0)),
      workspace_(
          static_cast<double*>(std::aligned_alloc(64, std::size_t{model_.n_rows} * size * sizeof(double)))) {
    if (!workspace_) throw std::bad_alloc();
    std::fill_n(workspace_.get(), std::size_t{model_.n_rows} * size, 0.0);
    for (int lane = 0; lane < size; ++lane) ask(lane, {});
}

void LaneGroup::ask(int lane, const Request& request) {
    const auto i = static_cast<std::size_t>(lane);
    time_[i] = request.time;
    step_[i] = request.step;
    earliest_[i] = request.earliest;
    latest_[i] = request.latest;
    relative_[i] = request.relative;
    accepts_[i] = request.accepts ? 1.0 : 0.0;
    tracking_[i] = request.tracking;
}

void LaneGroup::carry(int lane, const StateMarks* moving) {
    const StateMarks*& carried = carried_[static_cast<std::size_t>(lane)];
    carries_others_ |= carried != moving;
    carried = moving;
}

// The leanest variant that carries what any lane has. Where it is not the leanest that could be, it may come.
void LaneGroup::choose_variant() {
    ++n_steps_;
    if (!carries_others_ && --patience_ > 0) return;
    StateMarks needed(model_.n, 0);
    for (const StateMarks* marks : carried_)
        for (std::size_t i = 0; marks && i < needed.size(); ++i) needed[i] |= (*marks)[i];
    const bool is_idle = std::ranges::none_of(carried_, [](const auto* marks) { return marks != nullptr; });
    variant_ = &variants_.serving(is_idle ? variants_.all() : needed, n_steps_);
    n_steps_ = 0;
    carries_others_ = false;
    patience_ = LaneVariants::patience;
}

void LaneGroup::run(Part part, double* results) {
    if (const LaneCode* code = variant_->code()) return code->run(part, workspace_.get(), results);
    const lanes::Program& program = part == linearise_part ? variant_->linearise : variant_->stage;
    kernels_.run(program.data(), program.data() + program.size(), workspace_.get());
    if (part == linearise_part) return;
    for (const std::uint32_t i : variant_->rows)
        std::copy_n(row(model_.vector + i), size, results + std::size_t{i} * size);
}

void LaneGroup::set_time(double share) {
    double* const time = row(model_.model->time);
    for (std::size_t i = 0; i < size; ++i)
        time[i] = std::clamp(time_[i] + share * step_[i], earliest_[i], latest_[i]);
}

// The state where stage k evaluates the rates, and what is added to them: y + Σ a_kj U_j and
// input + Σ (c_kj / h) U_j. The last stages begin where the one before ended.
void LaneGroup::place_stage(int k) {
    const auto i_stage = static_cast<std::size_t>(k);
    double* const state = row(model_.model->first_state);
    const bool is_added = k >= method_.first_added;
    std::array<const double*, most_stages> terms;
    std::array<double, most_stages> a{};
    std::array<double, most_stages * size> c;
    for (std::size_t j = 0; j < i_stage; ++j) {
        terms[j] = stage(static_cast<int>(j));
        a[j] = is_added ? (j + 1 == i_stage ? 1.0 : 0.0) : method_.a[i_stage][j];
        for (std::size_t i = 0; i < size; ++i) c[j * size + i] = method_.c[i_stage][j] / step_[i];
    }
    const double* const base = is_added ? state : row(model_.y);
    kernels_.stage_sums(
        {state, row(model_.vector), base, row(model_.input), terms.data(), a.data(), c.data()}, k, rows());
    if (!model_.mass.empty())
        kernels_.run(model_.mass.data(), model_.mass.data() + model_.mass.size(), workspace_.get());
}

void LaneGroup::evaluate_stage(int k) {
    const double share = method_.slope_share[static_cast<std::size_t>(k)];
    set_time(method_.alpha[static_cast<std::size_t>(k)]);
    double* const vector = row(model_.vector);
    if (model_.is_timed && share != 0.0) {
        std::array<double, size> factors;
        for (std::size_t i = 0; i < size; ++i) factors[i] = share * step_[i];
        const double* const slope = row(model_.time_slope);
        kernels_.combine(vector, vector, &slope, factors.data(), 1, rows());
    }
    run(stage_part, stage(k));
}

void LaneGroup::find_outgrown() {
    std::array<double, size> limit;
    for (std::size_t i = 0; i < size; ++i) limit[i] = step_[i] / (1.0 / method_.gamma - most_growth);
    kernels_.any_outside(outgrown_.data(), workspace_.get(), limit.data(),
                         {variant_->pivots.data(), variant_->pivots.size()});
}

double LaneGroup::growth_of(std::size_t state, int lane) {
    const double reciprocal = at(model_.pivots[state], lane);
    return reciprocal > 0.0 ? 1.0 / method_.gamma - step_[static_cast<std::size_t>(lane)] / reciprocal
                            : std::numeric_limits<double>::infinity();
}

void LaneGroup::step() {
    double* const state = row(model_.model->first_state);
    double* const y = row(model_.y);
    kernels_.accept(y, row(model_.y_new), row(model_.absolute), accepts_.data(), tracking_.data(), rows());
    choose_variant();
    accepts_.fill(0.0);
    for (std::size_t i = 0; i < size; ++i) row(model_.inverse)[i] = 1.0 / (method_.gamma * step_[i]);
    place_stage(0);
    set_time(0.0);
    run(linearise_part, workspace_.get());
    if (model_.mass.empty()) find_outgrown();
    evaluate_stage(0);
    for (int k = 1; k < method_.n_stages; ++k) {
        place_stage(k);
        evaluate_stage(k);
    }
    const double* const last = error_rows();
    std::array<double, size> factors;
    factors.fill(1.0);
    kernels_.combine(row(model_.y_new), state, &last, factors.data(), 1, rows());
    kernels_.error_square(error_.data(), last, y, row(model_.y_new), row(model_.absolute), relative_.data(),
                          rows());
    for (double& error : error_)
        error =
            method_.error_share * std::sqrt(error / static_cast<double>(std::max<std::size_t>(1, model_.n)));
}

LaneGroup::Dense LaneGroup::dense(std::size_t state, int lane) {
    const auto i = static_cast<std::uint32_t>(state);
    Dense result{at(model_.y + i, lane), at(model_.y_new + i, lane), {}};
    for (int j = 0; j < method_.n_stages; ++j) {
        const double u = stage(j)[state * size + static_cast<std::size_t>(lane)];
        for (std::size_t k = 0; k < result.bend.size(); ++k)
            result.bend[k] += method_.dense[k][static_cast<std::size_t>(j)] * u;
    }
    return result;
}

void LaneGroup::solve(int lane, std::vector<double>& vector) {
    for (const std::uint32_t i : variant_->rows) at(model_.vector + i, lane) = vector[i];
    for (const auto& instruction : variant_->solve) {
        const double product = at(instruction.a, lane) * at(instruction.b, lane);
        at(instruction.out, lane) =
            instruction.operation == lanes::Operation::sub_mul ? at(instruction.c, lane) - product : product;
    }
    for (const std::uint32_t i : variant_->rows) vector[i] = at(model_.vector + i, lane);
}

double LaneGroup::Dense::at(double theta) const {
    const double rest = 1.0 - theta;
    const double curve = bend[0] + theta * (bend[1] + theta * bend[2]);
    return begin * rest + theta * (end + rest * curve);
}

double LaneGroup::Dense::slope(double theta) const {
    const double rest = 1.0 - theta;
    const double curve = bend[0] + theta * (bend[1] + theta * bend[2]);
    return end - begin + (rest - theta) * curve + theta * rest * (bend[1] + 2.0 * theta * bend[2]);
}

}  // namespace abscopal
