// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Forward sensitivities of published models against central differences of the same models.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "simulation/time_course.hpp"
#include "simulation/written.hpp"
#include "tnbc_patient.hpp"

namespace abscopal {
namespace {

using test::model_file;

TimeCourseRequest request_for(const Model& model, const std::string& dose, double until, double tolerance) {
    TimeCourseRequest request;
    request.times = even_times(0.0137, 0.99713 * until, 101);
    if (!dose.empty()) request.actions = parse_doses(model, {dose});
    request.numerics.relative_tolerance = tolerance;
    return request;
}

/// What the course of `model` shows of `columns` where settable `id` is `value`.
TimeCourse course_at(const std::shared_ptr<const Model>& model, TimeCourseRequest request,
                     const std::string& id, double value, const std::vector<std::size_t>& columns) {
    request.settings = {{find_settable(*model, id).value(), value}};
    for (const std::size_t column : columns) request.columns.push_back({column, {}});
    return run_time_course(model, request);
}

/// Largest difference between derivatives and central differences, over the largest derivative of its column.
double worst_error(const Spec& spec, const std::string& by, double value, const std::string& dose,
                   double until, bool in_lanes, double tolerance = 1e-10) {
    const auto plain = compile(spec), differentiated = compile(spec, {by});
    std::vector<std::size_t> columns, slopes;
    for (const auto& column : default_columns(*plain, false)) {
        columns.push_back(column.observable);
        slopes.push_back(differentiated->sensitivities->observable(column.observable, 0));
    }
    const double h = 1e-4 * value;
    const auto request = request_for(*plain, dose, until, 1e-11);
    const TimeCourse above = course_at(plain, request, by, value + h, columns);
    const TimeCourse below = course_at(plain, request, by, value - h, columns);
    TimeCourseRequest mine = request_for(*differentiated, dose, until, tolerance);
    mine.in_lanes = in_lanes;
    const TimeCourse course = course_at(differentiated, mine, by, value, slopes);
    EXPECT_TRUE(course.outcome.ok()) << name_of(course.outcome.status) << " " << course.outcome.worst
                                     << " at " << course.outcome.time;
    double worst = 0.0;
    for (std::size_t column = 0; column < columns.size() && course.outcome.ok(); ++column) {
        double scale = 0.0, error = 0.0, size = 0.0;
        for (std::size_t row = 0; row < course.rows.size(); ++row) {
            const double difference = (above.rows[row][column] - below.rows[row][column]) / (2.0 * h);
            scale = std::max(scale, std::fabs(difference));
            size = std::max(size, std::fabs(above.rows[row][column]));
            error = std::max(error, std::fabs(course.rows[row][column] - difference));
        }
        // Differences of numbers of this size have rounding and integration in them.
        const double floor = 1e-5 * size / h + 1e-300;
        worst = std::max(worst, error / std::max(scale, floor));
    }
    return worst;
}

class BySensitivity : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Sensitivities, BySensitivity, testing::Bool(),
                         [](const auto& tested) { return tested.param ? "lanes" : "reference"; });

TEST_P(BySensitivity, of_the_tnbc_model_through_28_doses) {
    const Spec spec = read_spec(model_file("tnbc/tnbc.ant"));
    const auto model = compile(spec);
    for (const std::string by : {"k_C1_growth", "k_C1_death"}) {
        SCOPED_TRACE(by);
        const auto parameter = find_parameter(*model, by);
        if (!parameter) GTEST_FAIL() << by << " is no parameter";
        EXPECT_LT(worst_error(spec, by, model->parameters[*parameter].value,
                              "aPD1_C 1e-9 at 0 every 14 times 28", 400, GetParam()),
                  1e-3);
    }
}

// The first parameters of each model with events, by both methods.
TEST_P(BySensitivity, of_published_models_with_events) {
    const auto reference = test::reference_dir();
    if (!reference) GTEST_SKIP() << "no folder of reference cases";
    std::size_t n_checked = 0;
    for (const std::string id : {"791", "806", "820", "1020", "1032"}) {
        const std::string name = "BIOMD" + std::string(10 - id.size(), '0') + id;
        const Spec spec = read_spec((*reference / "biomodels" / (name + ".xml")).string());
        const auto model = compile(spec);
        std::size_t n = 0;
        for (const ParameterInfo& parameter : model->parameters) {
            if (!(parameter.value > 0.0) || !parameter.is_constant || ++n > 4) continue;
            SCOPED_TRACE(name + " by " + parameter.id);
            const double error = worst_error(spec, parameter.id, parameter.value, "", 100, GetParam());
            EXPECT_LT(error, 1e-3);
            ++n_checked;
        }
    }
    EXPECT_GE(n_checked, 15u);
}

}  // namespace
}  // namespace abscopal
