// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cmath>

#include "base/csv.hpp"
#include "tnbc_patient.hpp"

/// The TNBC model and its NSCLC variant beyond the default patient.
namespace abscopal::test {
namespace {

/// µg of nab-paclitaxel at 100 mg/m² and 1.9 m².
constexpr double nab_paclitaxel = 190e3;

void give_combination(Patient& patient, double until, double nab_paclitaxel_amount) {
    patient.give("aPDL1_C", atezolizumab_840_mg, every(14.0, until));
    patient.give("NabP_V1", nab_paclitaxel_amount, three_weeks_of_four(until), half_an_hour);
    patient.treat();
}

TEST(Tnbc, has_the_published_size) {
    const Spec spec = read_spec(model_file("tnbc/tnbc.ant"));
    EXPECT_EQ(spec.compartments.size(), 13U);
    EXPECT_EQ(spec.species.size(), 154U);
    EXPECT_EQ(spec.reactions.size(), 234U);
    EXPECT_EQ(spec.events.size(), 3U);
}

TEST(Tnbc, gives_every_number_a_unit_and_a_source) {
    const Spec spec = read_spec(model_file("tnbc/tnbc.ant"));
    for (const auto& parameter : spec.parameters) {
        EXPECT_NE(parameter.unit, "") << parameter.id;
        const bool converts =
            parameter.id.find("_per_") != std::string::npos || parameter.id.find("_in_") != std::string::npos;
        const bool published =
            parameter.value && parameter.constant && !converts && parameter.id != "one_cell";
        EXPECT_TRUE(!published || parameter.source != "") << parameter.id;
    }
    for (const auto& species : spec.species) EXPECT_NE(species.unit, "") << species.id;
}

TEST(Tnbc, has_consistent_units) {
    for (const auto* file : {"tnbc/tnbc.ant", "nsclc/nsclc.ant"})
        for (const auto& fault : check_units(read_spec(model_file(file)))) ADD_FAILURE() << fault.message;
}

TEST(Tnbc, is_the_same_model_after_writing_sbml) {
    const Spec spec = read_spec(model_file("tnbc/tnbc.ant"));
    const auto model = compile(spec), again = compile(read_sbml_text(write_sbml(spec)));
    EXPECT_EQ(model->digest, again->digest);
    Patient one(model), other(again);
    ASSERT_TRUE(one.grow(2.5) && other.grow(2.5));
    EXPECT_NEAR(one.diagnosed(), other.diagnosed(), 1e-5);
    for (const auto* id : {"C1_T", "T1_T", "Mac_M2_T", "IL2_LN", "PD1_PDL1_TC", "aT1_LN"})
        EXPECT_NEAR(one.value(id) / other.value(id), 1.0, 1e-6) << id;
}

TEST(Tnbc, lets_what_follows_from_a_set_parameter_follow) {
    Patient patient(shipped_model("tnbc/tnbc.ant"),
                    {{"T_PD1_total", 12000.0}, {"k_C1_growth", 0.01}, {"M_SIRPa", 50.0}});
    EXPECT_NEAR(patient.value("PD1_TC"), 12000.0 / 151.3104119, 1e-9);
    EXPECT_NEAR(patient.value("SIRPa[MC]"), 50.0, 1e-9);
    EXPECT_DOUBLE_EQ(patient.value("k_C2_growth"), 0.01);
}

/// One row of expected/drawn_patients.csv.
struct DrawnPatient {
    Values expected, settings;  ///< the columns before and from k_C1_growth on
};

std::vector<DrawnPatient> drawn_patients() {
    std::vector<DrawnPatient> patients;
    const auto table = read_csv(model_file("tnbc/expected/drawn_patients.csv"));
    for (const auto& row : table.rows) {
        auto& patient = patients.emplace_back();
        for (std::size_t i = 0; i < row.size(); ++i)
            (i < 9 ? patient.expected : patient.settings).emplace_back(table.columns[i], std::stod(row[i]));
    }
    return patients;
}

void expect_changes(Patient& patient, const DrawnPatient& drawn, std::size_t first) {
    for (std::size_t i = 0; i < 4; ++i) {
        const auto& [column, percent] = drawn.expected[first + i];
        ASSERT_TRUE(patient.advance(std::vector{14.0, 56.0, 112.0, 200.0}[i]).ok());
        EXPECT_NEAR(patient.diameter_change(), percent, 1e-4) << column;
    }
}

TEST(Tnbc, gives_drawn_patients_the_courses_of_another_program) {
    const auto model = shipped_model("tnbc/tnbc.ant");
    for (const auto& drawn : drawn_patients()) {
        Patient untreated(model, drawn.settings), treated(model, drawn.settings);
        const double start = drawn.expected[0].second;
        SCOPED_TRACE(start);
        ASSERT_TRUE(untreated.grow_until(start).ok() && treated.grow_until(start).ok());
        give_combination(treated, 200.0, treated.value("BSA") * 100e3);
        expect_changes(untreated, drawn, 1);
        expect_changes(treated, drawn, 5);
    }
}

TEST(Tnbc, keeps_cells_where_only_traffic_is_left) {
    Patient patient(shipped_model("tnbc/tnbc.ant"), {{"C1_T", 1e8},
                                                     {"T1_C", 1e6},
                                                     {"k_T1_death", 0.0},
                                                     {"k_Treg", 0.0},
                                                     {"k_T1", 0.0},
                                                     {"k_T1_act", 0.0},
                                                     {"k_C_T1", 0.0},
                                                     {"k_cell_clear", 0.0}});
    ASSERT_TRUE(patient.advance(30.0).ok());
    const double cells =
        patient.value("T1_C") + patient.value("T1_P") + patient.value("T1_T") + patient.value("T1_exh_T");
    EXPECT_NEAR(cells, 1e6, 1e-2);
}

TEST(Tnbc, responds_to_the_combination_at_clinical_doses) {
    Patient patient(shipped_model("tnbc/tnbc.ant"), {}, 1e-6),
        untreated(shipped_model("tnbc/tnbc.ant"), {}, 1e-6);
    ASSERT_TRUE(patient.grow(2.5) && untreated.grow(2.5));
    give_combination(patient, 400.0, nab_paclitaxel);
    ASSERT_TRUE(patient.advance(400.0).ok());
    ASSERT_TRUE(untreated.advance(400.0).ok());
    EXPECT_LT(patient.diameter_change(), 0.0);
    EXPECT_GT(untreated.diameter_change(), 50.0);
}

TEST(Tnbc, survives_a_tumour_cleared_by_chemotherapy) {
    for (const double factor : {100.0, 1000.0}) {
        Patient patient(shipped_model("tnbc/tnbc.ant"), {}, 1e-6);
        ASSERT_TRUE(patient.grow(2.5));
        give_combination(patient, 400.0, factor * nab_paclitaxel);
        ASSERT_TRUE(patient.advance(20.0).ok());
        EXPECT_GT(patient.value("C1_T"), 0.5);
        ASSERT_TRUE(patient.advance(26.0).ok());
        EXPECT_LT(patient.value("C1_T"), 0.5);
        const Outcome outcome = patient.advance(400.0);
        ASSERT_TRUE(outcome.ok()) << name_of(outcome.status) << " at " << outcome.time << ", "
                                  << outcome.worst;
        EXPECT_NEAR(patient.value("V_T"), 1e-6, 1e-8);
        EXPECT_TRUE(std::isfinite(patient.value("aPDL1_T")));
        EXPECT_LT(patient.value("C_total"), 0.5);
    }
}

TEST(Nsclc, grows_to_diagnosis_and_answers_to_pembrolizumab) {
    const auto model = shipped_model("nsclc/nsclc.ant");
    Patient untreated(model), treated(model);
    ASSERT_TRUE(untreated.grow(3.7) && treated.grow(3.7));
    treated.give("aPD1_C", pembrolizumab_200_mg, every(21.0, 200.0));
    treated.treat();
    ASSERT_TRUE(untreated.advance(200.0).ok());
    ASSERT_TRUE(treated.advance(200.0).ok());
    EXPECT_LT(treated.diameter_change(), untreated.diameter_change() - 1.0);
}

TEST(Nsclc, is_the_tnbc_model_with_other_numbers) {
    const Spec tnbc = read_spec(model_file("tnbc/tnbc.ant")),
               nsclc = read_spec(model_file("nsclc/nsclc.ant"));
    ASSERT_EQ(tnbc.parameters.size(), nsclc.parameters.size());
    std::size_t changed = 0;
    for (std::size_t i = 0; i < tnbc.parameters.size(); ++i)
        changed += tnbc.parameters[i].value != nsclc.parameters[i].value;
    EXPECT_EQ(changed, 21U);  // and K_T, a species, and V_LN, a compartment
    EXPECT_EQ(tnbc.reactions.size(), nsclc.reactions.size());
}

}  // namespace
}  // namespace abscopal::test
