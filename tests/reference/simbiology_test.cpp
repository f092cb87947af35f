// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include "abscopal/model.hpp"
#include "simulation/time_course.hpp"
#include "support.hpp"

namespace abscopal {
namespace {

constexpr const char* file = "benchmark_models/jafarnejad2019_nsclc_simbiology.xml";
/// "Forcing tumor size to stay constant … It is deactivated during the simulations" (notes of the reaction).
constexpr const char* forcing = "mw8979d7cb_4930_4578_be60_1c37584d2027";
constexpr const char* first_dose = "mwd12f3a7a_3915_466b_9e65_18ecf7638059";
constexpr const char* first_dose_end = "mw51a9b041_31a1_43e3_88ee_d50e3f4ab45e";
constexpr const char* doses_given = "mwabe10298_d804_461e_81c7_60bfcdedbca4";

std::shared_ptr<const Model> converted(const std::filesystem::path& reference) {
    return compile(convert_units(switch_off(read_sbml((reference / file).string()), {forcing})));
}

TimeCourse run(const std::shared_ptr<const Model>& model, const std::vector<std::string>& ids,
               const std::vector<double>& days, bool treated) {
    TimeCourseRequest request;
    request.times = days;
    for (const auto& id : ids) request.columns.push_back({find_observable(*model, id).value(), {}});
    if (!treated)
        for (const auto* id : {first_dose, first_dose_end})
            request.settings.emplace_back(find_settable(*model, id).value(), 500.0);
    request.numerics.relative_tolerance = 1e-9;
    return run_time_course(model, request);
}

/// Expected: an integration in SI by scipy's BDF (rtol 1e-9) from the same file, written independently.
TEST(SimBiology, the_untreated_nsclc_patient_follows_an_independent_integration_in_si) {
    const auto reference = test::reference_dir();
    if (!reference) GTEST_SKIP() << "no folder of reference cases";
    struct Expected {
        std::string id;
        double day_10, day_39;
    };
    const std::vector<Expected> expected = {
        {"mw4a12eab8_1b3a_4a94_bae0_56a921ab1a84", 8560688934.186324, 11120718175.767185},        // C1, cells
        {"mwfa37b1fd_7fd2_48e0_ac1d_013df4d8cc83", 8.706235060031072e-10, 8.52446830201267e-10},  // Cp, mol/L
        {"mw3e90ef5e_100f_4d19_8fcb_ab72380989e5", 4.042055152288043e-23, 3.9576849919330955e-23},  // Cp, mol
        {"mwf4a0cf98_f5e9_48ec_857a_95ee56bc946b", 2.9308662005275227e-07,
         2.941979433631905e-07},                                                           // IL2, mol/L
        {"mw4a9caeff_9e9d_4cb9_b94b_8ac1acd8a498", 9821.968185351738, 9767.263035632657},  // cpt_M, molecules
        {"mw6891c1eb_f90b_432a_acb5_9d4b014a300e", 38247.09403048632, 38247.09403048632},  // PD1 bound
        {"mw8f6a8f42_a2c3_4a73_80cd_e4bb3de4aa3a", 52.72919392244712, 57.5356056827088},   // diameter, mm
        {"mw7dc28bda_562d_4f52_9b2c_a6cfe0b75a8a", 6636514.8038229095, 6635544.155747293}};  // aT_1_0, cells
    std::vector<std::string> ids;
    for (const auto& e : expected) ids.push_back(e.id);
    const TimeCourse course = run(converted(*reference), ids, {10.0, 39.0}, false);
    ASSERT_TRUE(course.outcome.ok());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(course.rows.at(0).at(i) / expected[i].day_10, 1.0, 1e-6) << expected[i].id;
        EXPECT_NEAR(course.rows.at(1).at(i) / expected[i].day_39, 1.0, 1e-6) << expected[i].id;
    }
}

TEST(SimBiology, events_of_the_file_give_nivolumab_every_two_weeks) {
    const auto reference = test::reference_dir();
    if (!reference) GTEST_SKIP() << "no folder of reference cases";
    const TimeCourse course = run(converted(*reference), {doses_given}, {1.0, 13.9, 14.1, 28.1}, true);
    ASSERT_TRUE(course.outcome.ok());
    const std::vector<double> given = {course.rows[0][0], course.rows[1][0], course.rows[2][0],
                                       course.rows[3][0]};
    EXPECT_EQ(given, (std::vector<double>{1.0, 1.0, 2.0, 3.0}));
}

TEST(SimBiology, the_dimensions_of_the_whole_file_agree) {
    const auto reference = test::reference_dir();
    if (!reference) GTEST_SKIP() << "no folder of reference cases";
    EXPECT_TRUE(check_units(read_sbml((*reference / file).string())).empty());
}

}  // namespace
}  // namespace abscopal
