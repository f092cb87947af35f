// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/report.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "report/axes.hpp"
#include "report/figures.hpp"
#include "report/svg.hpp"

namespace abscopal {
namespace {

Course course(std::size_t candidate, std::size_t arm, double baseline, std::vector<double> sums,
              Response best) {
    Course result;
    result.candidate = candidate;
    result.arm = arm;
    result.baseline = baseline;
    result.best = best;
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const bool is_last = i + 1 == sums.size();
        const auto response =
            best == Response::progressive && is_last ? Response::progressive : Response::stable;
        result.visits.push_back({56.0 * static_cast<double>(i + 1), sums[i], response});
    }
    result.pfs_day = result.visits.back().day;
    result.progressed = best == Response::progressive;
    result.recorded = {{baseline, sums.front(), sums.back()}};
    return result;
}

/// Two arms, three patients, of whom one failed; `text` stands in every free text.
Result small_result(const std::string& text) {
    Result result;
    Trial& trial = result.trial;
    trial.title = trial.description = trial.file = text;
    trial.lesions.resize(1);
    trial.lesions[0].observable = text;
    trial.n_patients = 3;
    trial.follow_up = 168.0;
    trial.visits = {56.0, 112.0, 168.0};
    trial.watched = {{text, text, text, 1.0, false}};
    trial.diagnosis = Diagnosis{};
    trial.diagnosis->observable = trial.diagnosis->threshold_parameter = text;
    trial.population.priors.resize(1);
    trial.population.priors[0].source = text;
    for (const auto* suffix : {"", " B"}) {
        Arm arm;
        arm.name = text + suffix;
        arm.description = arm.events_file = text;
        DoseRow dose;
        dose.drug = dose.unit = text;
        dose.amount = 200.0;
        dose.interval = 21.0;
        dose.additional = 3;
        arm.regimen.rows = {dose};
        trial.arms.push_back(arm);
    }
    result.record_days = {0.0, 56.0, 168.0};
    result.complete = true;
    result.model_digest = result.trial_digest = result.result_digest = result.version = text;
    result.manifest = {{text, text}};
    for (std::size_t i = 0; i < 4; ++i) {
        Candidate candidate;
        candidate.index = i;
        candidate.fate = i == 3 ? Fate::rejected : Fate::treated;
        candidate.reason = i == 3 ? text : "";
        result.candidates.push_back(candidate);
        if (i == 3) continue;
        result.courses.push_back(course(i, 0, 30.0, {33.0, 40.0, 50.0}, Response::progressive));
        result.courses.push_back(course(i, 1, 30.0, {24.0, 12.0, 6.0}, Response::partial));
    }
    result.courses[2].outcome.status = Status::convergence;
    result.courses[2].outcome.worst = text;
    return result;
}

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t n = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
}

TEST(Report, HostileTextStaysText) {
    const std::string hostile = "</script><img src=x onerror=alert(1)>\"'&\u2028";
    const std::string harmless = html_report(small_result("plain")),
                      page = html_report(small_result(hostile));
    EXPECT_EQ(count(page, "<img"), 0u);
    EXPECT_EQ(count(page, "</script>"), count(harmless, "</script>"));
    EXPECT_EQ(count(page, "<script"), count(harmless, "<script"));
    EXPECT_GT(count(page, "&lt;/script&gt;"), 10u);
}

TEST(Report, LoadsNothingFromOutside) {
    const std::string page = html_report(small_result("plain"));
    for (const auto* loads : {"src=", "href=\"http", "url(", "@import", "<link", "<iframe"})
        EXPECT_EQ(count(page, loads), 0u) << loads;
}

TEST(Report, ShowsEverySectionAndTheFailure) {
    const std::string page = html_report(small_result("plain"));
    for (const auto* id :
         {"summary", "simulated", "flow", "response", "survival", "courses", "failures", "provenance"}) {
        EXPECT_EQ(count(page, "id=\"" + std::string(id) + "\""), 1u) << id;
    }
    EXPECT_EQ(count(page, "CONVERGENCE"), 2u) << "in the list of failures and in the data";
    EXPECT_EQ(count(page, "spider pd"), 3u);
    EXPECT_EQ(count(page, "spider pr"), 3u);
}

TEST(Report, ComparesArmsWithTheFirstAndSaysThatTheyCountAsIndependent) {
    Result result = small_result("plain");
    for (std::size_t i = 0; i < 6; ++i) {
        result.courses[i].pfs_day = 50.0 + 17.0 * static_cast<double>((i * 5) % 6);
        result.courses[i].progressed = i != 3;
    }
    const std::string page = html_report(result);
    for (const auto* id : {"forest", "swimmer-1", "swimmer-2"})
        EXPECT_EQ(count(page, "id=\"" + std::string(id) + "\""), 1u) << id;
    EXPECT_EQ(count(page, "independent samples"), 1u);
    EXPECT_EQ(count(page, "no finite"), 0u);
    const auto summary = nlohmann::json::parse(summary_json(result));
    EXPECT_FALSE(summary["arms"][0].contains("pfs_comparison"));
    const auto& comparison = summary["arms"][1]["pfs_comparison"];
    // R survival: Surv(c(50, 118, 84, 135, 101, 67), c(1, 1, 1, 1, 0, 1)) ~ c(0, 0, 0, 1, 1, 1).
    EXPECT_NEAR(comparison["hazard_ratio"], 0.2989350844, 1e-8);
    EXPECT_NEAR(comparison["log_rank_p"], 0.2689249805, 1e-8);
    EXPECT_LT(comparison["hazard_ratio_ci"][0], comparison["hazard_ratio"]);
}

TEST(Report, SaysWhereNoHazardRatioExists) {
    EXPECT_GE(count(html_report(small_result("plain")), "no finite"), 1u);
    const auto summary = nlohmann::json::parse(summary_json(small_result("plain")));
    EXPECT_TRUE(summary["arms"][1]["pfs_comparison"]["hazard_ratio"].is_null());
}

TEST(Report, EmbeddedDataIsJsonWithEveryCourse) {
    const std::string page = html_report(small_result("a<b"));
    const std::string open = "id=\"data\">";
    const auto begin = page.find(open) + open.size();
    const auto data = nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
    EXPECT_EQ(data["patients"]["rows"].size(), 6u);
    EXPECT_EQ(data["visits"]["rows"].size(), 18u);
    EXPECT_EQ(data["patients"]["rows"][0][1], "a<b");
}

TEST(Report, BestChangeStopsAtProgression) {
    Course regrown = course(0, 0, 100.0, {60.0, 80.0, 20.0}, Response::partial);
    EXPECT_DOUBLE_EQ(report::best_change(regrown), -80.0);
    regrown.visits[1].response = Response::progressive;
    EXPECT_DOUBLE_EQ(report::best_change(regrown), -40.0);
    regrown.visits.clear();
    EXPECT_TRUE(std::isnan(report::best_change(regrown)));
}

TEST(Report, EmptyAndUnfinishedRunsHaveAReportToo) {
    Result nothing = small_result("plain");
    nothing.candidates.clear();
    nothing.courses.clear();
    nothing.complete = false;
    const std::string page = html_report(nothing);
    EXPECT_EQ(count(page, "not complete"), 1u);
    EXPECT_EQ(count(page, "NaN"), 0u);
}

TEST(Axes, TicksAreRoundNumbersWithinTheRange) {
    EXPECT_EQ(report::ticks(0, 1, 5), (std::vector<double>{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1}));
    EXPECT_EQ(report::ticks(-100, 100, 4), (std::vector<double>{-100, -50, 0, 50, 100}));
    EXPECT_EQ(report::log_ticks(1, 1e6, 10), (std::vector<double>{1, 10, 100, 1000, 1e4, 1e5, 1e6}));
    EXPECT_EQ(report::tick_label(1e9, true), "10\u2079");
    EXPECT_EQ(report::tick_label(0.6000000000000001, false), "0.6");
}

}  // namespace
}  // namespace abscopal
