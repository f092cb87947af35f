// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/event_table.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "abscopal/simulation.hpp"
#include "abscopal/spec.hpp"

namespace abscopal {
namespace {

/// One- and two-compartment kinetics side by side, counted in amounts.
constexpr const char* pk_model = R"(
compartment V = 1;
substanceOnly species DEPOT in V, CENT in V, PERI in V, ONE in V;
DEPOT = 0; CENT = 0; PERI = 0; ONE = 0;
ka = 1.2; k10 = 0.3; k12 = 0.5; k21 = 0.2; ke = 0.4; WT = 70;
absorb: DEPOT -> CENT; ka*DEPOT;
clear: CENT -> ; k10*CENT;
out: CENT -> PERI; k12*CENT;
back: PERI -> CENT; k21*PERI;
clear_one: ONE -> ; ke*ONE;
D_ONE = 2; R_ONE = 5;
)";

std::shared_ptr<const Model> pk(const std::string& more = "") {
    return compile(read_antimony_text(pk_model + more, "pk"));
}

EventTable parse(const std::string& text, const EventTableOptions& options = {}) {
    return parse_event_table(text, "events.csv", *pk(), options);
}

/// Amounts of a state at some times, with the actions of the first subject.
std::vector<double> simulated(const std::shared_ptr<const Model>& model, const EventSubject& subject,
                              const char* id, const std::vector<double>& times) {
    Numerics numerics;
    numerics.relative_tolerance = 1e-11;
    numerics.absolute_tolerance = 1e-13;
    Simulation simulation(model, numerics);
    simulation.start(initial_state(*model), subject.actions);
    std::vector<double> values;
    for (const double time : times) {
        EXPECT_TRUE(simulation.advance(time).ok());
        values.push_back(simulation.amount(*find_observable(*model, id)));
    }
    return values;
}

/// One-compartment amounts after a bolus or an infusion that began `t` ago.
double bolus(double dose, double ke, double t) {
    return t < 0 ? 0 : dose * std::exp(-ke * t);
}
double infusion(double dose, double duration, double ke, double t) {
    if (t < 0) return 0;
    const double rate = dose / duration;
    return rate / ke * (1 - std::exp(-ke * std::min(t, duration))) *
           std::exp(-ke * std::max(0.0, t - duration));
}

const std::vector<double> times{0.5, 1, 2.5, 6, 7, 11.9, 12, 24, 30};

TEST(EventTable, boluses_superpose_as_the_closed_form_says) {
    const auto table = parse("ID,TIME,EVID,AMT,CMT,II,ADDL\n1,1,1,100,ONE,5,3\n1,7,1,40,4,0,0\n");
    const auto values = simulated(pk(), table.subjects[0], "ONE", times);
    for (std::size_t i = 0; i < times.size(); ++i) {
        double expected = bolus(40, 0.4, times[i] - 7);
        for (int k = 0; k < 4; ++k) expected += bolus(100, 0.4, times[i] - 1 - 5 * k);
        EXPECT_NEAR(values[i], expected, 1e-7) << times[i];
    }
}

TEST(EventTable, infusions_superpose_whether_given_by_rate_duration_or_parameter) {
    for (const char* text : {"ID,TIME,AMT,CMT,RATE,II,ADDL\n1,1,10,ONE,5,6,2\n",
                             "ID,TIME,AMT,CMT,TINF,II,ADDL\n1,1,10,ONE,2,6,2\n",
                             "ID,TIME,AMT,CMT,DUR,II,ADDL\n1,1,10,ONE,2,6,2\n",
                             "ID,TIME,AMT,CMT,RATE,II,ADDL\n1,1,10,ONE,-1,6,2\n",
                             "ID,TIME,AMT,CMT,RATE,II,ADDL\n1,1,10,ONE,-2,6,2\n",
                             "id,time,amt,cmt,rate,ii,addl\n1,1,10,ONE,-2,6,2\n"}) {
        const auto values = simulated(pk(), parse(text).subjects[0], "ONE", times);
        for (std::size_t i = 0; i < times.size(); ++i) {
            double expected = 0;
            for (int k = 0; k < 3; ++k) expected += infusion(10, 2, 0.4, times[i] - 1 - 6 * k);
            EXPECT_NEAR(values[i], expected, 1e-7) << text << times[i];
        }
    }
}

TEST(EventTable, two_compartments_with_absorption_follow_the_three_exponentials) {
    const auto table = parse("ID,TIME,AMT,CMT,II,ADDL\n1,0,100,DEPOT,8,2\n");
    const double ka = 1.2, k21 = 0.2, sum = 0.3 + 0.5 + 0.2, product = 0.3 * 0.2;
    const double alpha = 0.5 * (sum + std::sqrt(sum * sum - 4 * product)), beta = product / alpha;
    const auto one_dose = [&](double t) {
        if (t < 0) return 0.0;
        const double a = (k21 - alpha) / ((ka - alpha) * (beta - alpha)),
                     b = (k21 - beta) / ((ka - beta) * (alpha - beta));
        const double c = (k21 - ka) / ((alpha - ka) * (beta - ka));
        return 100 * ka * (a * std::exp(-alpha * t) + b * std::exp(-beta * t) + c * std::exp(-ka * t));
    };
    const auto values = simulated(pk(), table.subjects[0], "CENT", times);
    for (std::size_t i = 0; i < times.size(); ++i) {
        EXPECT_NEAR(values[i], one_dose(times[i]) + one_dose(times[i] - 8) + one_dose(times[i] - 16), 1e-7)
            << times[i];
    }
}

TEST(EventTable, reset_replace_and_multiply_do_what_they_say) {
    const auto table = parse(
        "ID,TIME,EVID,AMT,CMT\n1,0,1,100,ONE\n1,1,3,0,0\n1,2,4,50,ONE\n1,3,8,10,ONE\n1,4,5,20,ONE\n1,5,6,0.5,"
        "ONE\n1,6,2,0,ONE\n");
    const auto values = simulated(pk(), table.subjects[0], "ONE", {0, 1, 2, 3, 4, 5, 6});
    const std::vector<double> expected{100, 0, 50, 10, 20, 10 * std::exp(-0.4), 10 * std::exp(-0.8)};
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i], 1e-7) << i;
}

TEST(EventTable, bioavailability_keeps_a_given_rate_and_a_given_duration) {
    const auto model = pk("F_ONE = 0.5;");
    const auto action = [&](const char* rate) {
        return parse_event_table(std::string("ID,TIME,AMT,CMT,RATE\n1,1,10,ONE,") + rate + "\n", "e", *model)
            .subjects[0]
            .actions[0];
    };
    EXPECT_DOUBLE_EQ(action("0").value, 5.0);
    EXPECT_DOUBLE_EQ(action("5").duration, 1.0);   // rate 5 stays
    EXPECT_DOUBLE_EQ(action("-2").duration, 2.0);  // duration 2 stays
    EXPECT_DOUBLE_EQ(action("-2").value, 5.0);
    EXPECT_DOUBLE_EQ(action("-1").duration, 1.0);
}

TEST(EventTable, lag_time_delays_every_dose) {
    const auto table =
        parse_event_table("ID,TIME,AMT,CMT,II,ADDL\n1,1,10,ONE,4,1\n", "e", *pk("ALAG_ONE = 0.25;"));
    EXPECT_EQ(table.subjects[0].actions[0].time, 1.25);
    EXPECT_EQ(table.subjects[0].actions[1].time, 5.25);
}

TEST(EventTable, covariates_are_carried_forward_or_backward) {
    const std::string text = "ID,TIME,AMT,CMT,WT\n1,0,0,0,70\n1,5,0,0,80\n1,8,0,0,.\n1,9,0,0,90\n";
    EventTableOptions options;
    const auto change_times = [](const EventTable& table) {
        std::vector<std::pair<double, double>> result;
        for (const auto& action : table.subjects[0].actions) result.emplace_back(action.time, action.value);
        return result;
    };
    EXPECT_EQ(change_times(parse(text, options)), (std::vector<std::pair<double, double>>{{5, 80}, {9, 90}}));
    // Where there is an observation, the next value comes just after it.
    const auto after = [](double time) { return std::nextafter(time, 100.0); };
    options.carry = CovariateCarry::nocb;
    const EventTable table = parse(text, options);
    EXPECT_EQ(change_times(table), (std::vector<std::pair<double, double>>{{after(0), 80}, {after(8), 90}}));
    EXPECT_EQ(table.subjects[0].initial, (std::vector<std::pair<std::string, double>>{{"WT", 70}}));
    EXPECT_EQ(table.covariates, std::vector<std::string>{"WT"});
}

TEST(EventTable, ties_follow_the_documented_order) {
    const auto table =
        parse("ID,TIME,EVID,AMT,CMT,WT\n1,3,0,0,0,70\n1,3,2,0,0,70\n1,3,1,10,ONE,70\n1,3,3,0,0,75\n");
    const auto& actions = table.subjects[0].actions;
    ASSERT_EQ(actions.size(), 4u);
    EXPECT_EQ(actions[0].kind, ActionKind::replace);
    EXPECT_EQ(actions[1].kind, ActionKind::reset);
    EXPECT_EQ(actions[2].kind, ActionKind::add);
    EXPECT_EQ(actions[3].kind, ActionKind::restart);
    EXPECT_EQ(table.subjects[0].observations[0].look_at, 3.0);
    for (const auto& action : actions) EXPECT_EQ(action.time, 3.0);
}

TEST(EventTable, recsort_orders_additional_doses_around_observations) {
    const std::string text = "ID,TIME,EVID,AMT,CMT,II,ADDL\n1,0,1,10,ONE,4,1\n1,4,0,0,0,0,0\n";
    EventTableOptions options;
    for (const int recsort : {1, 2, 3, 4}) {
        options.recsort = recsort;
        const auto subject = parse(text, options).subjects[0];
        const bool dose_first = recsort % 2 == 1;
        EXPECT_EQ(subject.actions[1].time <= subject.observations[0].look_at, dose_first) << recsort;
        EXPECT_DOUBLE_EQ(subject.actions[1].time, 4.0);
    }
}

TEST(EventTable, recsort_reads_a_trough_before_and_a_peak_after_the_dose_of_the_same_time) {
    EventTableOptions options;
    options.recsort = 1;
    const auto subject =
        parse("ID,TIME,EVID,AMT,CMT\n1,0,1,10,ONE\n1,4,0,0,0\n1,4,1,10,ONE\n1,4,0,0,0\n", options)
            .subjects[0];
    const auto values =
        simulated(pk(), subject, "ONE", {subject.observations[0].look_at, subject.observations[1].look_at});
    EXPECT_NEAR(values[0], bolus(10, 0.4, 4), 1e-7);
    EXPECT_NEAR(values[1], bolus(10, 0.4, 4) + 10, 1e-7);
    EXPECT_EQ(subject.observations[1].time, 4.0);
}

TEST(EventTable, the_subject_is_chosen_by_id) {
    const auto table = parse("ID,TIME,AMT,CMT\n1,0,1,ONE\n2,0,2,ONE\n");
    EXPECT_EQ(subject_of(table, 2, "e").actions[0].value, 2.0);
    EXPECT_THROW(subject_of(table, 3, "e"), InputError);
    EXPECT_THROW(subject_of(table, std::nullopt, "e"), InputError);
}

TEST(EventTable, subjects_stand_in_the_order_of_the_file_and_other_columns_are_carried) {
    const auto table =
        parse("C,ID,TIME,AMT,CMT,DV,DATE\n,7,0,1,ONE,.,x\n,2,0,2,ONE,3.5,y\n,2,1,0,ONE,3.5,y\n");
    ASSERT_EQ(table.subjects.size(), 2u);
    EXPECT_EQ(table.subjects[0].id, 7);
    EXPECT_EQ(table.subjects[1].actions[0].value, 2.0);
    EXPECT_EQ(table.subjects[1].observations[0].time, 1.0);
    EXPECT_EQ(table.carried, (std::vector<std::string>{"C", "DV", "DATE"}));
}

struct Broken {
    const char* text;
    const char* code;
    int line, column;
    const char* says;
};

const Broken broken_tables[] = {
    {"ID,TIME,AMT,CMT\n1,5,1,ONE\n1,3,1,ONE\n", "time-order", 3, 3,
     "TIME 3 is before 5 of the row above (ID 1, column TIME)"},
    {"ID,TIME,EVID,AMT,CMT\n1,5,1,1,ONE\n1,0,4,1,ONE\n", "time-order", 3, 3, "before 5"},
    {"ID,TIME,AMT,CMT\n1,0,1,ONE\n2,0,1,ONE\n1,3,1,ONE\n", "id-scattered", 4, 1,
     "ID 1 do not stand together"},
    {"ID,time,AMT,CMT\n1,0,1,ONE\n", "mixed-case", 1, 4, "mix upper and lower case"},
    {"ID,Time,AMT,CMT\n1,0,1,ONE\n", "mixed-case", 1, 4, "'Time' mixes upper and lower case"},
    {"TIME,AMT,CMT\n0,1,ONE\n", "missing-column", 1, 1, "column ID is missing"},
    {"ID,TIMES,AMT,CMT\n1,0,1,ONE\n", "unknown-column", 1, 4, "did you mean 'TIME'?"},
    {"ID,TIME,AMMT,CMT\n1,0,1,ONE\n", "unknown-column", 1, 9, "did you mean 'AMT'?"},
    {"ID,TIME,AMT,CMT,RTAE\n1,0,1,ONE,0\n", "unknown-column", 1, 17, "did you mean 'RATE'?"},
    {"ID,TIME,AMT,CMT,TINF,DUR\n1,0,1,ONE,1,1\n", "conflicting-columns", 1, 22, "TINF and DUR"},
    {"ID,TIME,AMT,CMT\n0,0,1,ONE\n", "bad-id", 2, 1, "greater than 0; found '0'"},
    {"ID,TIME,AMT,CMT\nx,0,1,ONE\n", "bad-id", 2, 1, "found 'x'"},
    {"ID,TIME,AMT,CMT\n1,,1,ONE\n", "missing-time", 2, 3, "TIME is missing"},
    {"ID,TIME,AMT,CMT\n1,-1,1,ONE\n", "negative-time", 2, 3, "must not be negative"},
    {"ID,TIME,AMT,CMT\n1,zero,1,ONE\n", "bad-number", 2, 3, "TIME must be a number; found 'zero'"},
    {"ID,TIME,AMT,CMT\n1,0,nan,ONE\n", "bad-number", 2, 5, "AMT must be a number"},
    {"ID,TIME,EVID,AMT,CMT\n1,0,7,1,ONE\n", "bad-evid", 2, 5,
     "EVID must be 0, 1, 2, 3, 4, 5, 6 or 8; found 7"},
    {"ID,TIME,EVID,AMT,CMT\n1,0,1,0,ONE\n", "dose-not-positive", 2, 7,
     "AMT of a dose must be greater than 0"},
    {"ID,TIME,EVID,AMT,CMT\n1,0,1,-5,ONE\n", "dose-not-positive", 2, 7, "found '-5'"},
    {"ID,TIME,EVID,AMT,CMT\n1,0,0,5,ONE\n", "amount-without-dose", 2, 7, "AMT must be 0 at EVID 0"},
    {"ID,TIME,EVID,AMT,CMT\n1,0,8,.,ONE\n", "bad-amount", 2, 7, "AMT of EVID 8"},
    {"ID,TIME,AMT,CMT\n1,0,1,ONEE\n", "unknown-compartment", 2, 7, "did you mean 'ONE'?"},
    {"ID,TIME,AMT,CMT\n1,0,1,5\n", "unknown-compartment", 2, 7, "CMT must be from 1 to 4"},
    {"ID,TIME,AMT,CMT\n1,0,1,0\n", "unknown-compartment", 2, 7, "found 0"},
    {"ID,TIME,AMT,CMT\n1,0,1,.\n", "missing-compartment", 2, 7, "the model has 4 states"},
    {"ID,TIME,AMT,CMT,RATE\n1,0,1,ONE,-3\n", "bad-rate", 2, 11, "RATE must be 0, greater than 0, -1 or -2"},
    {"ID,TIME,AMT,CMT,RATE\n1,0,1,CENT,-2\n", "rate-parameter", 2, 12,
     "'D_CENT' (or 'D2') is not a parameter"},
    {"ID,TIME,EVID,AMT,CMT,RATE\n1,0,0,0,ONE,5\n", "rate-without-dose", 2, 13,
     "RATE must be 0 on rows that are no dose"},
    {"ID,TIME,AMT,CMT,RATE,TINF\n1,0,1,ONE,5,1\n", "conflicting-columns", 2, 13,
     "TINF and RATE are both given"},
    {"ID,TIME,AMT,CMT,II,ADDL\n1,0,1,ONE,0,3\n", "interval-and-additional", 2, 13, "ADDL is 3 but II is 0"},
    {"ID,TIME,AMT,CMT,II,ADDL\n1,0,1,ONE,7,0\n", "interval-and-additional", 2, 11, "II is 7 but ADDL is 0"},
    {"ID,TIME,AMT,CMT,II,ADDL\n1,0,1,ONE,7,2.5\n", "bad-number", 2, 13, "ADDL must be a whole number"},
    {"ID,TIME,AMT,CMT,II,SS\n1,0,1,ONE,7,1\n", "steady-state", 2, 13, "asks for a steady state"},
    {"ID,TIME,AMT,CMT,II,SS\n1,0,1,ONE,7,3\n", "bad-number", 2, 13, "SS must be 0, 1 or 2"},
    {"ID,TIME,AMT,CMT,WT\n1,0,1,ONE,heavy\n", "bad-number", 2, 11, "WT must be a number; found 'heavy'"},
    {"ID,TIME,AMT,CMT\n1,0,1\n", "csv-row-length", 2, 1, "row has 3 cells, the header has 4"},
    {"ID,TIME,AMT,AMT,CMT\n1,0,1,1,ONE\n", "csv-column-twice", 1, 13, "stands twice"},
    {"ID,TIME,AMT,CMT\n1,0,\"1,ONE\n", "csv-open-quote", 2, 5, "not closed"},
    {"ID,TIME,AMT,CMT\n", "no-events", 0, 0, "no rows"},
    {"", "csv-empty", 0, 0, "no header row"},
};

TEST(BrokenEventTable, is_told_what_is_wrong_and_where) {
    for (const auto& broken : broken_tables) {
        std::vector<Fault> faults;
        try {
            parse(broken.text);
        } catch (const InputError& error) {
            faults = error.faults();
        }
        ASSERT_FALSE(faults.empty()) << broken.text;
        EXPECT_EQ(faults[0].code, broken.code) << broken.text << faults[0].message;
        EXPECT_EQ(faults[0].place.line, broken.line) << broken.text << faults[0].message;
        EXPECT_EQ(faults[0].place.column, broken.column) << broken.text << faults[0].message;
        EXPECT_NE(faults[0].message.find(broken.says), std::string::npos) << broken.text << faults[0].message;
    }
}

TEST(BrokenEventTable, steady_state_comes_with_a_way_out) {
    try {
        parse("ID,TIME,AMT,CMT,II,SS\n1,0,1,ONE,7,1\n");
        FAIL();
    } catch (const InputError& error) {
        EXPECT_NE(error.faults()[0].notes[0].find("lead-in period"), std::string::npos);
    }
}

TEST(BrokenEventTable, all_faults_come_at_once) {
    try {
        parse("ID,TIME,AMT,CMT\n1,0,-1,ONE\n1,x,1,ONE\n1,3,1,TWO\n");
        FAIL();
    } catch (const InputError& error) {
        EXPECT_EQ(error.faults().size(), 3u);
    }
}

}  // namespace
}  // namespace abscopal
