// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>

#include "abscopal/result.hpp"
#include "small_trial.hpp"
#include "trial/life_table.hpp"

/// The clinic of a trial through the runner, on tumours whose course is known in closed form.
namespace abscopal::test {
namespace {

constexpr const char* toy_model = R"(
unit time_unit = 86400 second;
unit per_day = 1 / 86400 second;
unit mm = 1e-3 metre;
compartment body = 1;
substanceOnly species D in body = 0;
growth = 0.002; growth has per_day;
kill = 0.004; start1 = 50; start2 = 30; start3 = 2; grow3 = 0.02;
hazard = 0.002; hazard has per_day;
rate = 0.01; rate has per_day;
steroid = 0;
size1 = 1; size1' = growth*size1 - kill*D*size1;
size3 = 1; size3' = grow3*size3;
d1 := start1*size1; d1 has mm;
d2 := start2*size1; d2 has mm;
d3 := start3*size3; d3 has mm;
)";

class Clinic : public testing::Test {
  protected:
    Clinic() : folder_(testing::UnitTest::GetInstance()->current_test_info()->name()) {
        write_file(folder_ / "toy.ant", toy_model);
    }
    /// Runs a trial of this text, one arm "control" without treatment unless it brings arms.
    Result run_text(const std::string& text, const RunOptions& options = {}) {
        const bool has_arm = text.find("[[arm]]") != std::string::npos;
        write_file(folder_ / "toy.toml",
                   "model = \"toy.ant\"\n" + text + (has_arm ? "" : "\n[[arm]]\nname = \"control\"\n"));
        RunOptions with = options;
        with.overwrite = true;
        EXPECT_TRUE(run(read_trial(folder_ / "toy.toml"), folder_ / "out", with));
        return load_result(folder_ / "out");
    }
    static std::string visits(int every, int follow_up) {
        return "[visits]\nevery = \"" + std::to_string(every) + " days\"\nfollow_up = \"" +
               std::to_string(follow_up) + " days\"\n";
    }
    static constexpr const char* one_lesion =
        "[[lesion]]\nname = \"first\"\nobservable = \"d1\"\norgan = \"liver\"\n";
    static constexpr const char* third_lesion =
        "[[lesion]]\nname = \"third\"\nobservable = \"d3\"\norgan = \"lung\"\n";
    ScratchFolder folder_;
};

double log_of(double x) {
    return std::log(x);
}

TEST_F(Clinic, exponential_growth_progresses_at_the_first_visit_beyond_twenty_percent) {
    const Result result = run_text(std::string(one_lesion) + visits(30, 300));
    const Course& course = result.courses.at(0);
    EXPECT_DOUBLE_EQ(course.baseline, 50.0);
    EXPECT_EQ(course.lesions.at(0).role, LesionRole::target);
    const double day = std::ceil(log_of(1.2) / 0.002 / 30.0) * 30.0;
    EXPECT_TRUE(course.progressed);
    EXPECT_DOUBLE_EQ(course.pfs_day, day);
    EXPECT_EQ(course.investigator.find(EndpointKind::pfs)->reason, Reason::progression);
    EXPECT_EQ(course.best, Response::stable);
    // Growth goes on: the next scan four weeks later confirms it, and iPFS is dated back.
    EXPECT_DOUBLE_EQ(course.investigator.find(EndpointKind::immune_pfs)->day, day);
    EXPECT_EQ(course.investigator.immune_best, Immune::stable);
}

TEST_F(Clinic, a_lesion_that_rises_above_detection_is_new_and_progression) {
    const Result result = run_text(std::string(one_lesion) + third_lesion + visits(20, 100));
    const Course& course = result.courses.at(0);
    EXPECT_EQ(course.lesions.at(1).role, LesionRole::absent);
    const double seen = std::ceil(log_of(5.0 / 2.0) / 0.02 / 20.0) * 20.0;
    EXPECT_DOUBLE_EQ(course.pfs_day, seen);
    for (const auto& visit : course.visits) EXPECT_EQ(visit.investigator.n_new, visit.day >= seen ? 1U : 0U);
}

TEST_F(Clinic, small_lesions_are_non_target_and_absent_ones_never_there) {
    const Result result = run_text(std::string(one_lesion) + R"(
[set]
start2 = 8
[[lesion]]
name = "second"
observable = "d2"
[[lesion]]
name = "third"
observable = "d3"
presence = "steroid"
)" + visits(20, 100));
    const Course& course = result.courses.at(0);
    EXPECT_EQ(course.lesions.at(1).role, LesionRole::non_target);
    EXPECT_EQ(course.lesions.at(2).role, LesionRole::absent);
    EXPECT_EQ(course.visits.back().investigator.non_target, NonTarget::present);
    EXPECT_EQ(course.visits.back().investigator.n_new, 0U);
}

TEST_F(Clinic, a_constant_hazard_gives_the_exponential_law_and_the_same_deaths_in_all_arms) {
    const Result result = run_text(std::string(one_lesion) + R"(
[cohort]
patients = 400
[death]
hazard = "hazard"
[[arm]]
name = "one"
[[arm]]
name = "two"
)" + visits(50, 2000));
    double sum = 0.0;
    int n_dead = 0;
    for (std::size_t i = 0; i < result.courses.size(); i += 2) {
        const Course &one = result.courses[i], &two = result.courses[i + 1];
        EXPECT_EQ(std::isnan(one.death_day), std::isnan(two.death_day));
        EXPECT_DOUBLE_EQ(one.last_day, two.last_day);
        sum += one.last_day;
        n_dead += !std::isnan(one.death_day);
        EXPECT_DOUBLE_EQ(one.investigator.find(EndpointKind::os)->day, one.last_day);
        EXPECT_TRUE(one.visits.empty() || one.visits.back().day <= one.last_day);
    }
    // Maximum likelihood of an exponential law: events by time at risk.
    EXPECT_NEAR(n_dead / sum, 0.002, 4.0 * 0.002 / std::sqrt(n_dead));
    EXPECT_NEAR(n_dead / 400.0, 1.0 - std::exp(-4.0), 0.03);
}

TEST_F(Clinic, a_log_linear_hazard_follows_the_burden) {
    // Burden grows as exp(0.002 t): with coefficient 1 on log(relative burden), H(t) = h (exp(g t) − 1) / g.
    const Result result = run_text(std::string(one_lesion) + R"(
[cohort]
patients = 300
[death]
baseline = "0.001 1/day"
[[death.term]]
covariate = "relative_burden"
logarithmic = true
coefficient = 1.0
)" + visits(50, 5000));
    const auto integral = [](double day) { return 0.001 * std::expm1(0.002 * day) / 0.002; };
    double sum = 0.0;
    for (const auto& course : result.courses) {
        ASSERT_FALSE(std::isnan(course.death_day));
        EXPECT_EQ(course.cause, CauseOfDeath::disease);
        sum += integral(course.death_day);
    }
    // Integrated hazards at death are unit exponentials.
    EXPECT_NEAR(sum / 300.0, 1.0, 4.0 / std::sqrt(300.0));
}

TEST(LifeTable, is_that_of_the_united_states_2014) {
    EXPECT_NEAR(365.2425 * life_table_hazard("us_2014", 65.0, 1.0), 0.0157186, 1e-6);
    EXPECT_NEAR(365.2425 * life_table_hazard("us_2014", 80.0, 0.0), 0.0430392, 1e-6);
    EXPECT_NEAR(365.2425 * life_table_hazard("us_2014", 67.5, 1.0), std::sqrt(0.015718574 * 0.022958071),
                1e-6);
    EXPECT_EQ(life_table_hazard("nowhere", 65.0, 1.0), 0.0);
}

TEST_F(Clinic, readers_err_apart_and_alike_in_all_arms) {
    const Result result = run_text(std::string(one_lesion) + R"(
[cohort]
patients = 200
[measurement]
error = 0.08
review = true
window = "7 days"
missed = 0.1
resolution = "1 mm"
[[arm]]
name = "one"
[[arm]]
name = "two"
)" + visits(56, 560));
    double squares = 0.0;
    int n = 0, n_visits = 0, n_other_day = 0, n_apart = 0;
    for (std::size_t i = 0; i < result.courses.size(); i += 2) {
        const Course &one = result.courses[i], &two = result.courses[i + 1];
        ASSERT_EQ(one.visits.size(), two.visits.size());
        n_visits += static_cast<int>(one.visits.size());
        for (std::size_t k = 0; k < one.visits.size(); ++k) {
            const auto& visit = one.visits[k];
            EXPECT_EQ(visit.sum_of_diameters, two.visits[k].sum_of_diameters);
            EXPECT_EQ(visit.sum_of_diameters, std::round(visit.sum_of_diameters));
            EXPECT_LE(std::fabs(visit.day - visit.planned), 7.0);
            n_other_day += visit.day != visit.planned;
            const double truth = 50.0 * std::exp(0.002 * visit.day);
            squares += std::pow(std::log(visit.investigator.sum / truth), 2);
            ++n;
            n_apart += visit.investigator.diameters != visit.review.diameters;
        }
    }
    EXPECT_NEAR(std::sqrt(squares / n), 0.08, 0.006);
    EXPECT_NEAR(n_visits / 2000.0, 0.9, 0.03);
    EXPECT_GT(n_other_day, n / 2);
    EXPECT_GT(n_apart, n * 9 / 10);
}

constexpr const char* drug = R"(
[[drug]]
name = "drug"
target = "D"
)";

TEST_F(Clinic, adverse_events_come_at_their_rate_and_hold_and_stop_treatment) {
    const Result result = run_text(std::string(one_lesion) + drug + R"(
[cohort]
patients = 300
[[adverse_event]]
term = "Rash"
class = "Skin and subcutaneous tissue disorders"
intensity = "rate"
grades = [0.5, 0.3, 0.2]
duration = "21 days"
recurrence = 1
[[rule]]
name = "hold at grade 2"
when = "adverse event"
terms = ["Rash"]
grades = [2]
do = ["hold", "set"]
set = { steroid = 1 }
set_for = "14 days"
[[rule]]
name = "stop at grade 3"
when = "adverse event"
grades = [3]
do = "stop"
[[arm]]
name = "treated"
drug = "drug"
amt = 0.1
every = "14 days"
)" + visits(56, 336));
    double n_events = 0.0, at_risk = 0.0, n_third = 0.0;
    for (const auto& course : result.courses) {
        double free_from = 0.0;
        for (const auto& event : course.adverse_events) {
            ++n_events;
            n_third += event.grade == 3;
            at_risk += event.onset - free_from;
            free_from = event.onset + 21.0;
            if (event.grade == 3) {
                EXPECT_EQ(event.action, "DRUG WITHDRAWN");
            }
            if (event.grade == 2) {
                EXPECT_EQ(event.action, "DRUG INTERRUPTED");
            }
            // A dose is never given while an event of grade 2 is open and was seen.
            if (event.grade != 2) continue;
            for (const auto& dose : course.doses) {
                const bool is_open = dose.day >= event.onset + 14.0 && dose.day < event.onset + 21.0;
                EXPECT_FALSE(is_open) << "dose on day " << dose.day << ", event on " << event.onset;
            }
        }
        at_risk += std::max(0.0, 336.0 - free_from);
        if (course.off_treatment_day >= 0.0) {
            EXPECT_TRUE(course.doses.empty() || course.doses.back().day < course.off_treatment_day);
        }
    }
    EXPECT_NEAR(n_events / at_risk, 0.01, 4.0 * 0.01 / std::sqrt(n_events));
    EXPECT_NEAR(n_third / n_events, 0.2, 0.05);
}

TEST_F(Clinic, probabilities_by_grade_and_fading_first_dose_effects) {
    const Result result = run_text(std::string(one_lesion) + drug + R"(
[cohort]
patients = 1000
[[adverse_event]]
term = "Pneumonitis"
drug = "drug"
by_grade = [0.1, 0.05, 0.02, 0.0, 0.01]
onset = "60 days"
onset_spread = 0.3
duration = "30 days"
[[adverse_event]]
term = "Infusion related reaction"
drug = "drug"
per_dose = true
by_grade = [0.4]
fade = 0.25
duration = "1 day"
[[arm]]
name = "treated"
drug = "drug"
amt = 0.1
every = "28 days"
)" + visits(56, 280));
    double n_pneumonitis = 0.0, n_first = 0.0, n_second = 0.0, n_fatal = 0.0;
    for (const auto& course : result.courses) {
        for (const auto& event : course.adverse_events) {
            if (event.toxicity == 0) ++n_pneumonitis;
            if (event.toxicity == 1 && event.onset < 28.0) ++n_first;
            if (event.toxicity == 1 && event.onset >= 28.0 && event.onset < 56.0) ++n_second;
        }
        n_fatal += course.cause == CauseOfDeath::toxicity;
    }
    EXPECT_NEAR(n_pneumonitis / 1000.0, 0.18, 0.05);
    EXPECT_NEAR(n_first / 1000.0, 0.4, 0.06);
    EXPECT_NEAR(n_second / 1000.0, 0.1, 0.04);
    EXPECT_NEAR(n_fatal / 1000.0, 0.01, 0.012);
    EXPECT_GT(n_fatal, 0.0);
}

TEST_F(Clinic, measures_are_graded_as_they_are) {
    const Result result = run_text(std::string(one_lesion) + R"(
[[adverse_event]]
term = "Size too large"
measure = "d1"
cuts = [60, 70, 80]
)" + visits(10, 300));
    const auto& events = result.courses.at(0).adverse_events;
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].grade, 3);
    EXPECT_NEAR(events[0].onset, log_of(1.2) / 0.002, 7.0);
    EXPECT_TRUE(std::isnan(events[0].end));
}

TEST_F(Clinic, crossover_at_progression_changes_the_treatment_and_counts_as_new_therapy) {
    const Result result = run_text(std::string(one_lesion) + drug + R"(
[[rule]]
name = "crossover"
when = "progression"
do = "change arm"
arm = "treated"
arms = ["control"]
delay = "7 days"
[[arm]]
name = "control"
[[arm]]
name = "treated"
drug = "drug"
amt = 5
every = "28 days"
doses = 100
)" + visits(30, 400));
    const Course& course = result.courses.at(0);
    const double day = std::ceil(log_of(1.2) / 0.002 / 30.0) * 30.0;
    ASSERT_EQ(course.decisions.size(), 1U);
    EXPECT_DOUBLE_EQ(course.decisions[0].day, day);
    EXPECT_DOUBLE_EQ(course.new_therapy_day, day + 7.0);
    ASSERT_FALSE(course.doses.empty());
    EXPECT_DOUBLE_EQ(course.doses.front().day, day + 7.0);
    EXPECT_DOUBLE_EQ(course.doses.front().planned, -1.0);
    EXPECT_TRUE(course.progressed);
    EXPECT_LT(course.visits.back().sum_of_diameters, 50.0);
    EXPECT_DOUBLE_EQ(course.investigator.find(EndpointKind::time_to_next_treatment)->day, day + 7.0);
    // The other arm responds and never crosses.
    EXPECT_TRUE(result.courses.at(1).decisions.empty());
    EXPECT_TRUE(is_response(result.courses.at(1).best));
}

TEST_F(Clinic, a_second_treatment_is_added_where_the_tumour_has_not_shrunk_by_a_week) {
    const std::string text = std::string(one_lesion) + drug + R"(
[[rule]]
name = "add"
when = "no shrinkage"
from = "12 weeks"
change = 0.1
do = "start"
[[rule.treatment]]
drug = "drug"
amt = 5
every = "2 weeks"
doses = 3
)" + visits(42, 252);
    const Course grows = run_text(text).courses.at(0);
    ASSERT_EQ(grows.doses.size(), 3U);
    EXPECT_DOUBLE_EQ(grows.doses[0].day, 84.0);
    EXPECT_DOUBLE_EQ(grows.doses[2].day, 112.0);
    EXPECT_TRUE(std::isnan(grows.new_therapy_day));
    const Course shrinks = run_text("[set]\ngrowth = \"-0.01 1/day\"\n" + text).courses.at(0);
    EXPECT_TRUE(shrinks.doses.empty());
}

TEST_F(Clinic, treatment_goes_on_beyond_progression_until_it_is_confirmed) {
    const std::string arm = std::string(one_lesion) + drug + visits(30, 400) + R"(
[[arm]]
name = "treated"
drug = "drug"
amt = 0.0001
every = "10 days"
until = ")";
    const double day = std::ceil(log_of(1.2) / 0.002 / 30.0) * 30.0;
    EXPECT_DOUBLE_EQ(run_text(arm + "progression\"\n").courses.at(0).off_treatment_day, day);
    const Course beyond = run_text(arm + "confirmed progression\"\n").courses.at(0);
    EXPECT_GT(beyond.off_treatment_day, day);
    EXPECT_EQ(beyond.investigator.find(EndpointKind::pfs)->day, day);
    const auto at = std::find_if(beyond.visits.begin(), beyond.visits.end(),
                                 [](const Visit& v) { return v.investigator.immune == Immune::confirmed; });
    ASSERT_NE(at, beyond.visits.end());
    EXPECT_DOUBLE_EQ(beyond.off_treatment_day, at->day);
}

TEST_F(Clinic, rules_on_time_and_measures_stop_and_reduce) {
    const Result result = run_text(std::string(one_lesion) + drug + R"(
[[rule]]
name = "reduce"
when = "observable"
observable = "D"
above = 1.5
do = "reduce"
factor = 0.5
[[rule]]
name = "one hundred days"
when = "time"
from = "100 days"
do = "stop"
[[arm]]
name = "treated"
drug = "drug"
amt = 1
every = "10 days"
)" + visits(56, 300));
    const Course& course = result.courses.at(0);
    EXPECT_DOUBLE_EQ(course.doses.back().day, 90.0);
    EXPECT_DOUBLE_EQ(course.off_treatment_day, 100.0);
    EXPECT_DOUBLE_EQ(course.doses[1].amount, 1.0);
    EXPECT_DOUBLE_EQ(course.doses[2].amount, 0.5);  // two doses are in when the third is due
    EXPECT_DOUBLE_EQ(course.doses[9].amount, 0.5);  // once
}

TEST_F(Clinic, explains_lesions_deaths_events_and_rules) {
    write_file(folder_ / "toy.toml", "model = \"toy.ant\"\n" + std::string(one_lesion) + drug + R"(
[death]
hazard = "hazard"
life_table = "us_2014"
age = 65
[[adverse_event]]
term = "Rash"
intensity = "rate"
grades = [1.0]
[[rule]]
name = "hold"
when = "adverse event"
grades = [2, 3]
do = "hold"
[[arm]]
name = "control"
)" + visits(30, 300));
    const std::string text = explain(read_trial(folder_ / "toy.toml"));
    for (const char* piece : {"first in organ liver", "hazard hazard of the model", "life table us_2014",
                              "Rash: events at the rate rate", "hold: at any adverse event of grade 2 or 3"})
        EXPECT_NE(text.find(piece), std::string::npos) << piece << " is not in\n" << text;
}

TEST_F(Clinic, gives_the_same_bits_on_any_number_of_threads) {
    const std::string text = std::string(one_lesion) + third_lesion + drug + R"(
[cohort]
patients = 24
[[cohort.parameter]]
name = "growth"
law = "lognormal"
median = 0.002
sigma = 0.5
[measurement]
error = 0.1
review = true
missed = 0.1
[death]
hazard = "hazard"
[[adverse_event]]
term = "Rash"
intensity = "rate"
grades = [0.5, 0.3, 0.2]
duration = "21 days"
recurrence = 0.5
[[rule]]
name = "hold"
when = "adverse event"
grades = [2]
do = "hold"
[[arm]]
name = "treated"
drug = "drug"
amt = 0.1
every = "14 days"
until = "progression"
)" + visits(42, 420);
    RunOptions one, four;
    one.threads = 1, four.threads = 4;
    EXPECT_EQ(run_text(text, one).result_digest, run_text(text, four).result_digest);
}

}  // namespace
}  // namespace abscopal::test
