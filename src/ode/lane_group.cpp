// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/lane_group.hpp"

#include <algorithm>
#include <cmath>
#include <new>

namespace abscopal {
namespace {

// Rodas4 in the form that needs no product with the Jacobian (Hairer & Wanner, eq. IV.7.25): stage k solves
// (I/(hγ) − J) U_k = f(t + α_k h, y + Σ a_kj U_j) + Σ (c_kj / h) U_j + d_k h ∂f/∂t, and y_new = y + Σ m_j
// U_j.
constexpr int n_stages = 6;
constexpr double gamma = 0.25;
constexpr std::array<double, n_stages> alpha{0.0, 0.386, 0.21, 0.63, 1.0, 1.0};
constexpr std::array<double, n_stages> slope_share{0.25, -0.1043, 0.1035, -0.03620000000000023, 0.0, 0.0};
constexpr std::array<std::array<double, 5>, n_stages> a{
    {{},
     {1.544},
     {0.9466785280815826, 0.2557011698983284},
     {3.314825187068521, 2.896124015972201, 0.9986419139977817},
     {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
     {}}};
constexpr std::array<std::array<double, 5>, n_stages> c{
    {{},
     {-5.6688},
     {-2.430093356833875, -0.2063599157091915},
     {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
     {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
     {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054}}};
constexpr std::array<double, 5> dense_2{10.12623508344586, -7.487995877610167, -34.80091861555747,
                                        -7.992771707568823, 1.025137723295662};
constexpr std::array<double, 5> dense_3{-0.6762803392806898, 6.087714651680015, 16.43084320892478,
                                        24.76722511418386, -6.594389125716872};

}  // namespace

LaneGroup::LaneGroup(const LaneModel& model, const lanes::Kernels& kernels,
                     std::shared_ptr<const LaneCode> code)
    : model_(model),
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
    const std::array programs{&model_.rates, &model_.linearise, &model_.solve};
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
    set_time(alpha[stage_index]);
    run(LaneModel::rates_part);
    std::array<const double*, n_stages> terms;
    std::array<double, std::size_t{n_stages} * size> factors;
    const auto term = [&](int j, const double* rows, auto factor) {
        terms[static_cast<std::size_t>(j)] = rows;
        for (std::size_t i = 0; i < size; ++i) factors[static_cast<std::size_t>(j) * size + i] = factor(i);
    };
    int n_terms = k;
    for (int j = 0; j < k; ++j)
        term(j, stage(j),
             [&](std::size_t i) { return c[stage_index][static_cast<std::size_t>(j)] / step_[i]; });
    if (model_.is_timed && slope_share[stage_index] != 0.0) {
        term(n_terms++, row(model_.time_slope),
             [&](std::size_t i) { return slope_share[stage_index] * step_[i]; });
    }
    double* const vector = row(model_.vector);
    kernels_.combine(vector, row(model_.input), terms.data(), factors.data(), n_terms, model_.n);
    kernels_.gather_add(vector, workspace_.get(), model_.rate_rows.data(), model_.n);
    run(LaneModel::solve_part);
    std::copy_n(vector, model_.n * size, stage(k));
}

void LaneGroup::step() {
    double* const state = row(model_.model->first_state);
    double* const y = row(model_.y);
    kernels_.accept(y, row(model_.y_new), row(model_.absolute), accepts_.data(), tracking_.data(), model_.n);
    accepts_.fill(0.0);
    for (std::size_t i = 0; i < size; ++i) row(model_.inverse)[i] = 1.0 / (gamma * step_[i]);
    std::copy_n(y, model_.n * size, state);
    set_time(0.0);
    run(LaneModel::linearise_part);
    evaluate_stage(0);
    std::array<double, std::size_t{n_stages} * size> factors;
    std::array<const double*, n_stages> terms;
    for (int k = 1; k < 5; ++k) {
        for (int j = 0; j < k; ++j) {
            terms[static_cast<std::size_t>(j)] = stage(j);
            std::fill_n(factors.begin() + j * size, size,
                        a[static_cast<std::size_t>(k)][static_cast<std::size_t>(j)]);
        }
        kernels_.combine(state, y, terms.data(), factors.data(), k, model_.n);
        evaluate_stage(k);
    }
    // Stiffly accurate: the last two stages add to the solution as they are.
    std::fill_n(factors.begin(), size, 1.0);
    terms[0] = stage(4);
    kernels_.combine(state, state, terms.data(), factors.data(), 1, model_.n);
    evaluate_stage(5);
    terms[0] = stage(5);
    kernels_.combine(row(model_.y_new), state, terms.data(), factors.data(), 1, model_.n);
    kernels_.error_square(error_.data(), stage(5), y, row(model_.y_new), row(model_.absolute),
                          relative_.data(), model_.n);
    for (double& error : error_)
        error = std::sqrt(error / static_cast<double>(std::max<std::size_t>(1, model_.n)));
}

LaneGroup::Dense LaneGroup::dense(std::size_t state, int lane) {
    const auto i = static_cast<std::uint32_t>(state);
    Dense result{at(model_.y + i, lane), at(model_.y_new + i, lane), 0.0, 0.0};
    for (std::uint32_t j = 0; j < 5; ++j) {
        const double u = at(model_.stages + j * static_cast<std::uint32_t>(model_.n) + i, lane);
        result.second += dense_2[j] * u;
        result.third += dense_3[j] * u;
    }
    return result;
}

double LaneGroup::Dense::at(double theta) const {
    const double rest = 1.0 - theta;
    return begin * rest + theta * (end + rest * (second + theta * third));
}

}  // namespace abscopal
