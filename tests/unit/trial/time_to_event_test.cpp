// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "abscopal/endpoints.hpp"

namespace abscopal {
namespace {

using enum Overall;

TimePoint at(double day, Overall response) {
    return {day, response, response, 0, 0};
}

/// Planned every 8 weeks, followed for 400 days.
PatientRecord patient(std::vector<TimePoint> assessments) {
    PatientRecord record;
    record.assessments = std::move(assessments);
    record.schedule = {56, 112, 168, 224, 280, 336, 392};
    record.last_contact = 400;
    return record;
}

struct Row {
    std::string situation;
    PatientRecord record;
    Endpoint fda, ema;
};

std::vector<Row> rows() {
    auto no_baseline = patient({at(56, progressive)});
    no_baseline.has_baseline = false;
    auto early_death = patient({}), late_death = patient({}),
         death = patient({at(56, stable), at(112, stable)});
    early_death.death = 100;
    late_death.death = 300;
    death.death = 150;
    auto death_after_one_missed = patient({at(56, stable)}), death_after_two = death_after_one_missed;
    death_after_one_missed.death = 165;
    death_after_two.death = 200;
    auto therapy = patient({at(56, partial), at(112, stable), at(168, progressive)});
    therapy.new_therapy = 120;
    auto therapy_after = therapy;
    therapy_after.new_therapy = 168;
    auto therapy_alive = patient({at(56, partial), at(112, stable), at(168, stable)});
    therapy_alive.new_therapy = 130;
    auto stopped = patient({at(56, stable), at(112, stable)});
    stopped.discontinuation = 120;
    auto cut = patient({at(56, stable), at(112, progressive)});
    cut.cut_off = 100;
    return {
        {"no baseline", no_baseline, {0, false, Reason::no_baseline}, {56, true, Reason::progression}},
        {"no assessment, alive",
         patient({}),
         {0, false, Reason::no_assessment},
         {0, false, Reason::no_assessment}},
        {"only not evaluable",
         patient({at(56, not_evaluable)}),
         {0, false, Reason::no_assessment},
         {0, false, Reason::no_assessment}},
        {"early death", early_death, {100, true, Reason::death}, {100, true, Reason::death}},
        {"late death without assessment",
         late_death,
         {0, false, Reason::no_assessment},
         {300, true, Reason::death}},
        {"progression between visits",
         patient({at(56, stable), at(80, progressive)}),
         {80, true, Reason::progression},
         {80, true, Reason::progression}},
        {"no progression",
         patient({at(56, stable), at(112, partial), at(168, not_evaluable)}),
         {112, false, Reason::last_assessment},
         {112, false, Reason::last_assessment}},
        {"new therapy before progression",
         therapy,
         {112, false, Reason::new_therapy},
         {168, true, Reason::progression}},
        {"new therapy at progression",
         therapy_after,
         {168, true, Reason::progression},
         {168, true, Reason::progression}},
        {"new therapy, no progression",
         therapy_alive,
         {112, false, Reason::new_therapy},
         {168, false, Reason::last_assessment}},
        {"progression after one missed",
         patient({at(56, stable), at(168, progressive)}),
         {168, true, Reason::progression},
         {168, true, Reason::progression}},
        {"progression after two missed",
         patient({at(56, stable), at(224, progressive)}),
         {56, false, Reason::missed_assessments},
         {224, true, Reason::progression}},
        {"progression after two not evaluable",
         patient({at(56, stable), at(112, not_evaluable), at(168, not_evaluable), at(224, progressive)}),
         {56, false, Reason::missed_assessments},
         {224, true, Reason::progression}},
        {"visits within their window are not missed",
         patient({at(50, stable), at(118, stable), at(162, stable), at(230, progressive)}),
         {230, true, Reason::progression},
         {230, true, Reason::progression}},
        {"death", death, {150, true, Reason::death}, {150, true, Reason::death}},
        {"death after one missed",
         death_after_one_missed,
         {165, true, Reason::death},
         {165, true, Reason::death}},
        {"death after two missed",
         death_after_two,
         {56, false, Reason::missed_assessments},
         {200, true, Reason::death}},
        {"stopped without imaging",
         stopped,
         {112, false, Reason::last_assessment},
         {112, false, Reason::last_assessment}},
        {"behind the cut-off",
         cut,
         {56, false, Reason::last_assessment},
         {56, false, Reason::last_assessment}},
    };
}

void expect_same(const Endpoint& a, const Endpoint& b, const std::string& what) {
    EXPECT_EQ(a.day, b.day) << what;
    EXPECT_EQ(a.is_event, b.is_event) << what;
    EXPECT_EQ(name_of(a.reason), name_of(b.reason)) << what;
}

TEST(ProgressionFreeSurvival, every_row_of_the_censoring_rules) {
    for (const auto& row : rows()) {
        expect_same(progression_free_survival(row.record, CensoringRules::fda), row.fda,
                    "FDA: " + row.situation);
        expect_same(progression_free_survival(row.record, CensoringRules::ema), row.ema,
                    "EMA: " + row.situation);
    }
    EXPECT_EQ(censoring_rules("ema"), CensoringRules::ema);
    EXPECT_FALSE(censoring_rules("FAD"));
}

TEST(OverallSurvival, is_death_or_last_known_alive_capped_by_the_cut_off) {
    auto record = patient({});
    expect_same(overall_survival(record), {400, false, Reason::last_contact}, "alive");
    record.death = 300;
    expect_same(overall_survival(record), {300, true, Reason::death}, "dead");
    record.cut_off = 250;
    expect_same(overall_survival(record), {250, false, Reason::last_contact}, "dead after the cut-off");
}

TEST(TimeToProgression, death_is_no_event) {
    auto record = patient({at(56, stable), at(112, stable)});
    record.death = 150;
    expect_same(time_to_progression(record, CensoringRules::ema), {112, false, Reason::last_assessment},
                "death");
    record.assessments.push_back(at(140, progressive));
    expect_same(time_to_progression(record, CensoringRules::fda), {140, true, Reason::progression},
                "progression");
}

TEST(DurationOfResponse, counts_from_response_to_progression_or_censoring) {
    const auto record = patient({at(56, partial), at(112, partial), at(168, progressive)});
    expect_same(duration_of_response(record, 56, CensoringRules::fda), {112, true, Reason::progression},
                "ended");
    const auto ongoing = patient({at(56, partial), at(112, partial)});
    expect_same(duration_of_response(ongoing, 56, CensoringRules::fda), {56, false, Reason::last_assessment},
                "on");
}

TEST(OtherEndpoints, next_treatment_discontinuation_recurrence_and_second_progression) {
    auto record = patient({at(56, complete), at(168, progressive)});
    expect_same(time_to_next_treatment(record), {400, false, Reason::last_contact}, "none");
    record.new_therapy = 180;
    record.discontinuation = 170;
    record.next_progression = 350;
    expect_same(time_to_next_treatment(record), {180, true, Reason::new_therapy}, "next");
    expect_same(time_to_discontinuation(record), {170, true, Reason::discontinuation}, "stop");
    expect_same(second_progression_free_survival(record), {350, true, Reason::progression}, "second");
    expect_same(event_free_survival(record), {168, true, Reason::progression}, "recurrence");
    record.next_progression.reset();
    record.death = 390;
    expect_same(second_progression_free_survival(record), {390, true, Reason::death}, "death");
}

}  // namespace
}  // namespace abscopal
