// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/state.hpp"

namespace abscopal {

/// What is written in one column.
struct Column {
    enum class Quantity { value, amount, concentration };
    std::size_t observable = 0;           ///< index in Model::observables
    Quantity quantity = Quantity::value;  ///< value: in the unit of the id in mathematics
};

struct TimeCourseRequest {
    double from = 0.0;
    std::vector<double> times;   ///< of the rows, ascending, not before `from`; model time unit
    std::vector<double> labels;  ///< times to write instead of these, one each, or empty
    std::vector<Column> columns;
    std::vector<std::pair<std::size_t, double>> settings;
    std::vector<Action> actions;
    Numerics numerics;
    std::optional<Stochastic> stochastic;  ///< by single firings; then numerics and in_lanes do not count
    bool in_lanes = false;                 ///< by the ensemble's method instead of the reference
    std::function<void(double time)> progress;  ///< called after each row; may be empty
};

struct TimeCourse {
    Outcome outcome;                        ///< of the last advance; steps and calls summed over all
    std::vector<double> times;              ///< rows reached: fewer than asked for if the outcome is not ok
    std::vector<std::vector<double>> rows;  ///< [time][column]
};

/// One patient from `from` through all times.
TimeCourse run_time_course(std::shared_ptr<const Model> model, const TimeCourseRequest& request);

/// `n` times from `from` to `until`, both included. The last is `until` to the bit.
std::vector<double> even_times(double from, double until, std::size_t n);

/// Columns worth a place in a table of everything: compartments, species and whatever else varies; with
/// `reactions` their rates too.
std::vector<Column> default_columns(const Model& model, bool reactions);

/// The derivatives of the columns by each of the quantities a Model with sensitivities was compiled for,
/// after the columns. An absolute tolerance then holds for states; that of a derivative by p is 1/|p| of it.
void add_sensitivities(const Model& model, TimeCourseRequest& request);

/// RFC 4180: `time` and the ids, numbers in the shortest form that reads back to the same bits.
std::string to_csv(const Model& model, const std::vector<Column>& columns, const TimeCourse& course);

}  // namespace abscopal
