// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/csv.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "trial/why.hpp"

namespace abscopal {
namespace {

constexpr std::size_t n_shown = 12;

std::string factor_table(const Why& why) {
    std::string text = "\n| what | with | without | effect | AUC (95 %) | q |\n|---|---|---|---|---|---|\n";
    for (std::size_t i = 0; i < std::min(n_shown, why.factors.size()); ++i) {
        const auto& f = why.factors[i];
        text += "| " + words(f) + " | " + significant(f.with, 3) + " | " + significant(f.without, 3) + " | " +
                fixed(f.effect, 2) + " | " + words(f.discrimination) + " | " + significant(f.q, 2) + " |\n";
    }
    if (!why.best_few.empty())
        text += "\nThe best few together (" + join(why.best_few, ", ") + "): AUC " + words(why.together) +
                ", chosen and fitted without the patients they are judged by.\n";
    return text;
}

std::string percent(std::size_t part, std::size_t all) {
    return all ? fixed(100.0 * static_cast<double>(part) / static_cast<double>(all), 0) + " %" : "–";
}

std::string rescue_row(const Result& result, const Why& why, std::size_t step, const std::string& label) {
    const Rescue rescue = rescue_at(result, why, step);
    std::string row =
        "| " + label + " | " + std::to_string(rescue.n) + " (" + percent(rescue.n, why.failures.size()) + ")";
    for (std::size_t arm = 0; arm < rescue.by_arm.size(); ++arm)
        if (result.trial.arms[arm].name != why.arm)
            row += " | " + std::to_string(rescue.by_arm[arm]) + " (" + percent(rescue.by_arm[arm], rescue.n) +
                   ")";
    return row + " |\n";
}

std::string rescue_table(const Result& result, const Why& why) {
    if (why.failures.empty()) return "";
    std::string head = "\n| step that failed | patients", rule = "|---|---";
    for (const auto& arm : result.trial.arms)
        if (arm.name != why.arm) head += " | helped by " + arm.name, rule += "|---";
    std::string text = head + " |\n" + rule + "|\n";
    for (std::size_t step = 0; step < result.trial.steps.size(); ++step)
        if (why.failed_at[step] > 0) text += rescue_row(result, why, step, result.trial.steps[step].label);
    return text + rescue_row(result, why, result.trial.steps.size(), "any");
}

}  // namespace

std::string words(const Discrimination& auc) {
    if (std::isnan(auc.auc)) return "–";
    return fixed(auc.auc, 2) + " (" + fixed(auc.lower, 2) + "–" + fixed(auc.upper, 2) + ")";
}

std::string words(const Factor& factor) {
    return (factor.label.empty() ? factor.name : factor.label) +
           (factor.unit.empty() || factor.unit == "dimensionless" ? "" : ", " + factor.unit);
}

Rescue rescue_at(const Result& result, const Why& why, std::size_t step) {
    Rescue rescue{0, std::vector<std::size_t>(result.trial.arms.size(), 0)};
    for (const auto& failure : why.failures) {
        if (step != result.trial.steps.size() && failure.step != step) continue;
        ++rescue.n;
        for (const auto arm : failure.rescued) ++rescue.by_arm[arm];
    }
    return rescue;
}

std::string why_markdown(const Result& result, const std::vector<Why>& arms) {
    std::string text = "# Why some and not others\n\n" + result.trial.title + "\n";
    for (const auto& why : arms) {
        text += "\n## " + why.arm + "\n\n" + std::to_string(why.n_with) + " of " + std::to_string(why.n) +
                " patients have the outcome (" + why.outcome + ").\n";
        if (why.n_with > 0 && why.n_with < why.n) text += factor_table(why);
        text += rescue_table(result, why);
    }
    text +=
        "\nEffect: Cliff's delta. q: p of Mann & Whitney after Benjamini & Hochberg. A step has failed below "
        "its threshold, or else where the patient stands lowest beside those with the outcome. Helped: the "
        "same "
        "patient has the outcome in that arm.\n";
    return text;
}

void write_why(const Result& result, const std::vector<Why>& arms, const std::string& folder) {
    const auto in = [&](const char* name) { return (std::filesystem::path(folder) / name).string(); };
    std::string factors =
        "arm,outcome,name,label,unit,median_with,median_without,effect,auc,auc_lower,auc_upper,p,q\n";
    std::string failures = "arm,outcome,patient,step,standing,helped_by\n";
    for (const auto& why : arms) {
        const std::string head = csv_cell(why.arm) + "," + why.outcome + ",";
        for (const auto& f : why.factors) {
            factors += head + csv_cell(f.name) + "," + csv_cell(f.label) + "," + csv_cell(f.unit);
            for (const double x : {f.with, f.without, f.effect, f.discrimination.auc, f.discrimination.lower,
                                   f.discrimination.upper, f.discrimination.p, f.q})
                factors += "," + significant(x, 6);
            factors += "\n";
        }
        for (const auto& failure : why.failures) {
            std::vector<std::string> helped;
            for (const auto arm : failure.rescued) helped.push_back(result.trial.arms[arm].name);
            const auto& steps = result.trial.steps;
            failures += head + std::to_string(failure.candidate) + "," +
                        (failure.step < steps.size()
                             ? csv_cell(steps[failure.step].name) + "," + fixed(failure.standing, 4)
                             : std::string(",")) +
                        "," + csv_cell(join(helped, "; ")) + "\n";
        }
    }
    write_file(in("why.md"), why_markdown(result, arms));
    write_file(in("factors.csv"), factors);
    write_file(in("failures.csv"), failures);
}

}  // namespace abscopal
