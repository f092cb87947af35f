// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/lane_group.hpp"

#include <algorithm>
#include <cmath>
#include <new>

namespace abscopal {
namespace {

constexpr auto most_stages = std::size_t{Rosenbrock::most_stages};

}  // namespace

LaneGroup::LaneGroup(const LaneModel& model, const Rosenbrock& method, const lanes::Kernels& kernels,
                     std::shared_ptr<const LaneCode> code)
    : model_(model),
      method_(method),
      kernels_(kernels),
      code_(std::move(code)),
      workspace_(
          static_cast<double*>(std::aligned_alloc(64, std::size_t{model.n_rows} * size * sizeof(double)))) {
    if (!workspace_) throw std::bad_alloc();
    std::fill_n(workspace_.get(), std::size_t{model.n_rows} * size, 0.0);
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

void LaneGroup::run(LaneModel::Part part) {
    if (code_) return code_->run(part, workspace_.get());
    const std::array programs{&model_.linearise, &model_.stage};
    const lanes::Program& program = *programs[part];
    kernels_.run(program.data(), program.data() + program.size(), workspace_.get());
}

void LaneGroup::set_time(double share) {
    double* const time = row(model_.model->time);
    for (std::size_t i = 0; i < size; ++i)
        time[i] = std::clamp(time_[i] + share * step_[i], earliest_[i], latest_[i]);
}

void LaneGroup::evaluate_stage(int k) {
    const auto stage_index = static_cast<std::size_t>(k);
    set_time(method_.alpha[stage_index]);
    std::array<const double*, most_stages + 1> terms;
    std::array<double, (most_stages + 1) * size> factors;
    int n_terms = 0;
    const auto term = [&](const double* rows, auto factor) {
        terms[static_cast<std::size_t>(n_terms)] = rows;
        for (std::size_t i = 0; i < size; ++i)
            factors[static_cast<std::size_t>(n_terms) * size + i] = factor(i);
        ++n_terms;
    };
    for (int j = 0; j < k; ++j) {
        const double share = method_.c[stage_index][static_cast<std::size_t>(j)];
        term(stage(j), [&](std::size_t i) { return share / step_[i]; });
    }
    const double share = method_.slope_share[stage_index];
    if (model_.is_timed && share != 0.0)
        term(row(model_.time_slope), [&](std::size_t i) { return share * step_[i]; });
    double* const vector = row(model_.vector);
    kernels_.combine(vector, row(model_.input), terms.data(), factors.data(), n_terms, model_.n);
    run(LaneModel::stage_part);
    std::copy_n(vector, model_.n * size, stage(k));
}

// Where stage k evaluates the rates: y + sum over j of a_kj U_j.
void LaneGroup::place_stage(int k) {
    double* const state = row(model_.model->first_state);
    std::array<const double*, most_stages> terms;
    std::array<double, most_stages * size> factors;
    if (k >= method_.first_added) {
        terms[0] = stage(k - 1);
        std::fill_n(factors.begin(), size, 1.0);
        return kernels_.combine(state, state, terms.data(), factors.data(), 1, model_.n);
    }
    for (int j = 0; j < k; ++j) {
        terms[static_cast<std::size_t>(j)] = stage(j);
        std::fill_n(factors.begin() + j * size, size,
                    method_.a[static_cast<std::size_t>(k)][static_cast<std::size_t>(j)]);
    }
    kernels_.combine(state, row(model_.y), terms.data(), factors.data(), k, model_.n);
}

void LaneGroup::step() {
    double* const state = row(model_.model->first_state);
    double* const y = row(model_.y);
    kernels_.accept(y, row(model_.y_new), row(model_.absolute), accepts_.data(), tracking_.data(), model_.n);
    accepts_.fill(0.0);
    for (std::size_t i = 0; i < size; ++i) row(model_.inverse)[i] = 1.0 / (method_.gamma * step_[i]);
    std::copy_n(y, model_.n * size, state);
    set_time(0.0);
    run(LaneModel::linearise_part);
    evaluate_stage(0);
    for (int k = 1; k < method_.n_stages; ++k) {
        place_stage(k);
        evaluate_stage(k);
    }
    const double* const last = error_rows();
    std::array<double, size> factors;
    factors.fill(1.0);
    kernels_.combine(row(model_.y_new), state, &last, factors.data(), 1, model_.n);
    kernels_.error_square(error_.data(), last, y, row(model_.y_new), row(model_.absolute), relative_.data(),
                          model_.n);
    for (double& error : error_)
        error = std::sqrt(error / static_cast<double>(std::max<std::size_t>(1, model_.n)));
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

double LaneGroup::Dense::at(double theta) const {
    const double rest = 1.0 - theta;
    const double curve = bend[0] + theta * (bend[1] + theta * bend[2]);
    return begin * rest + theta * (end + rest * curve);
}

}  // namespace abscopal
