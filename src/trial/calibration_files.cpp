// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/calibration_files.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/csv.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "trial/row_formulas.hpp"

namespace abscopal {
namespace {

std::string in(const std::string& folder, const std::string& name) {
    return (std::filesystem::path(folder) / name).string();
}

/// A name as part of a file's name.
std::string file_part(const std::string& name) {
    std::string part;
    for (const char c : name) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        part += is_plain ? c : '_';
    }
    return part;
}

std::string provenance(const Problem& problem) {
    return "# Calibrated by abscopal " + std::string(version()) + " from " +
           std::filesystem::path(problem.file).filename().string() + "\n# problem " + problem.digest +
           ", seed " + std::to_string(problem.seed) + "\n";
}

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) result += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return result + "\"";
}

std::string law_toml(const Prior& prior, const Problem& problem) {
    struct Keys {
        Law law;
        const char *name, *centre, *spread;
    };
    constexpr Keys all[] = {{Law::fixed, "fixed", "value", ""},
                            {Law::normal, "normal", "mean", "sd"},
                            {Law::lognormal, "lognormal", "median", "sigma"},
                            {Law::uniform, "uniform", "", ""},
                            {Law::loguniform, "loguniform", "", ""},
                            {Law::logit_normal, "logit_normal", "median", "sigma"},
                            {Law::beta, "beta", "alpha", "beta"},
                            {Law::poisson, "poisson", "mean", ""},
                            {Law::bernoulli, "bernoulli", "probability", ""},
                            {Law::categorical, "categorical", "", ""},
                            {Law::quantiles, "quantiles", "", ""}};
    const auto keys =
        std::find_if(std::begin(all), std::end(all), [&](const Keys& k) { return k.law == prior.law; });
    std::string text = prior.is_attribute ? "\n[[cohort.attribute]]\n" : "\n[[cohort.parameter]]\n";
    text += "name = " + quoted(prior.parameter) + "\nlaw = \"" + keys->name + "\"\n";
    const auto line = [&](const std::string& key, double value) {
        if (!key.empty()) text += key + " = " + to_text(value) + "\n";
    };
    const auto list = [&](const char* key, const std::vector<double>& values) {
        std::vector<std::string> parts;
        for (const double value : values) parts.push_back(to_text(value));
        if (!parts.empty()) text += std::string(key) + " = [" + join(parts, ", ") + "]\n";
    };
    line(keys->centre, prior.centre);
    line(keys->spread, prior.spread);
    if (std::isfinite(prior.lower)) line("lower", prior.lower);
    if (std::isfinite(prior.upper)) line("upper", prior.upper);
    list(prior.law == Law::categorical ? "probabilities" : "levels", prior.levels);
    list("values", prior.values);
    std::vector<std::string> names;
    for (const auto& name : prior.categories) names.push_back(quoted(name));
    if (!names.empty()) text += "categories = [" + join(names, ", ") + "]\n";
    if (!prior.label.empty()) text += "label = " + quoted(prior.label) + "\n";
    if (prior.is_attribute && !prior.unit.empty()) text += "unit = " + quoted(prior.unit) + "\n";
    return text + "source = " +
           quoted("calibrated, problem " + problem.digest.substr(0, 12) +
                  (prior.source.empty() ? "" : "; before: " + prior.source)) +
           "\n";
}

std::string interval(const CalibratedTarget& target) {
    return shown_value(target, target.lower) + " to " + shown_value(target, target.upper);
}

std::string with_error(const CalibratedTarget& target, double value, double error) {
    return shown_value(target, value) + (target.is_share ? " ± " + fixed(196 * error, 1) : "");
}

std::string target_row(const CalibratedTarget& t) {
    std::string measure = t.measure;
    if (!t.event.empty()) measure += " " + t.event;
    if (!t.where.empty()) measure += ", " + t.where;
    return "| " + t.trial + " | " + t.arm + " | " + measure + " | " + shown_value(t, t.observed) + " (" +
           interval(t) + ") | " + with_error(t, t.fitted, t.fitted_error) + " | " +
           with_error(t, t.weighted, t.weighted_error) + " | " + (t.meets ? "yes" : "**no**") +
           (t.is_supported ? "" : ", no support") + " |\n";
}

std::string target_table(const Calibrated& result, bool held_out) {
    std::string text;
    std::size_t n = 0, n_met = 0;
    for (const auto& target : result.targets) {
        if (target.is_held_out != held_out) continue;
        ++n, n_met += target.meets;
        text += target_row(target);
    }
    if (n == 0) return "";
    return std::string(held_out ? "\n## Held out\n\nNever used in the fit. " : "\n## Targets\n\n") +
           std::to_string(n_met) + " of " + std::to_string(n) + " met.\n\n" +
           "| trial | arm | measure | observed (95 %) | fitted laws | weighted | met "
           "|\n|---|---|---|---|---|---|---|\n" +
           text;
}

std::string number_table(const Calibrated& result) {
    if (result.numbers.empty()) return "";
    std::string text =
        "\n## What was varied\n\n| number | start | fitted | searched | standard error, share of the range "
        "|\n"
        "|---|---|---|---|---|\n";
    for (const auto& n : result.numbers)
        text += "| " + n.name + " | " + significant(n.start, 5) + " | " + significant(n.value, 5) + " | " +
                significant(n.lower, 4) + " to " + significant(n.upper, 4) + " | " +
                (std::isnan(n.error) ? "not identifiable" : significant(n.error, 2)) + " |\n";
    for (std::size_t i = 0; i < result.correlation.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (std::fabs(result.correlation[i][j]) > 0.9)
                text += "\n" + result.numbers[i].name + " and " + result.numbers[j].name +
                        " are told apart badly: their estimates correlate by " +
                        fixed(result.correlation[i][j], 2) + ".\n";
    return text;
}

std::string population_table(const Calibrated& result) {
    std::string text =
        "\n## Populations\n\n| trial | patients | accepted | effective size | distance of marginals |\n"
        "|---|---|---|---|---|\n";
    for (const auto& p : result.populations)
        text += "| " + p.trial + " | " + std::to_string(p.n_patients) + " | " + std::to_string(p.n_accepted) +
                " | " + fixed(p.effective_size, 1) + (p.converged ? "" : ", weights did not converge") +
                (p.effective_size < 0.1 * static_cast<double>(p.n_accepted)
                     ? ", **few patients carry the weight**"
                     : "") +
                " | " + fixed(p.distance, 3) + " |\n";
    return text;
}

}  // namespace

std::string shown_value(const CalibratedTarget& target, double value) {
    if (std::isinf(value)) return "not reached";
    return target.is_share ? fixed(100 * value, 1) : fixed(value, 1);
}

std::string calibration_markdown(const Calibrated& result) {
    return "# " + result.title + "\n\nProblem " +
           std::filesystem::path(result.problem_file).filename().string() + ", digest " +
           result.digest.substr(0, 12) + ", seed " + std::to_string(result.seed) + "; " +
           std::to_string(result.n_evaluations) +
           " runs. Mean squared deviation of fitted targets: " + fixed(result.misfit_at_start, 2) +
           " before, " + fixed(result.misfit, 2) +
           " after, in units of their standard errors. Shares in percent, medians in months.\n" +
           target_table(result, false) + target_table(result, true) + number_table(result) +
           population_table(result);
}

void write_calibration(const Calibrated& result, const Problem& problem, const std::string& folder) {
    std::string targets =
        "trial,arm,measure,event,where,held_out,observed,lower,upper,fitted,fitted_error,weighted,"
        "weighted_error,supported,met,source\n";
    for (const auto& t : result.targets) {
        const double scale = t.is_share ? 100.0 : 1.0;
        for (const auto& text : {t.trial, t.arm, t.measure, t.event, t.where})
            targets += csv_cell(text) + ",";
        targets += t.is_held_out ? "1" : "0";
        for (const double x :
             {t.observed, t.lower, t.upper, t.fitted, t.fitted_error, t.weighted, t.weighted_error})
            targets += "," + significant(scale * x, 6);
        targets +=
            std::string(t.is_supported ? ",1" : ",0") + (t.meets ? ",1," : ",0,") + csv_cell(t.source) + "\n";
    }
    write_file(in(folder, "targets.csv"), targets);
    std::string numbers = "name,start,value,lower,upper,error_share_of_range\n";
    for (const auto& n : result.numbers)
        numbers += csv_cell(n.name) + "," + to_text(n.start) + "," + to_text(n.value) + "," +
                   to_text(n.lower) + "," + to_text(n.upper) + "," +
                   (std::isnan(n.error) ? "" : significant(n.error, 4)) + "\n";
    write_file(in(folder, "numbers.csv"), provenance(problem) + numbers);
    write_file(in(folder, "report.md"), calibration_markdown(result));
}

void write_fitted(const Problem& problem, std::size_t trial, const Trial& fitted, const std::string& folder) {
    std::string settings, laws;
    std::vector<std::string> done;
    for (const auto& varied : problem.varied) {
        if (!varied.trials[trial] || std::find(done.begin(), done.end(), varied.name) != done.end()) continue;
        done.push_back(varied.name);
        for (const auto& [id, value] : fitted.settings)
            if (varied.what == Vary::value && id == varied.name)
                settings += id + " = " + to_text(value) + "\n";
        for (const auto& prior : fitted.population.priors)
            if (varied.what != Vary::value && prior.parameter == varied.name)
                laws += law_toml(prior, problem);
    }
    write_file(in(folder, "fitted_" + file_part(problem.trials[trial].name) + ".toml"),
               provenance(problem) + "# Include behind the file of the laws it replaces.\n" +
                   (settings.empty() ? "" : "\n[set]\n" + settings) + laws);
}

void write_population(const Problem& problem, std::size_t trial, const Result& result,
                      const std::vector<bool>& accepted, const std::vector<double>& weights,
                      const std::string& folder) {
    const auto columns = row_columns(result.trial.population);
    std::string text = provenance(problem);
    for (const auto& column : columns) text += csv_cell(column) + ",";
    text += "weight\n";
    std::size_t i = 0, i_weight = 0;
    for (const auto& candidate : result.candidates) {
        if (candidate.fate != Fate::treated || !accepted[i++]) continue;
        for (std::size_t c = 0; c < columns.size(); ++c) text += to_text(candidate.parameters[c]) + ",";
        text += to_text(weights[i_weight++]) + "\n";
    }
    write_file(in(folder, "population_" + file_part(problem.trials[trial].name) + ".csv"), text);
}

void write_sobol(const Problem& problem, const std::vector<std::vector<SobolIndex>>& indices,
                 const std::string& folder) {
    std::string text = "target,measure,number,first,first_error,total,total_error\n";
    for (std::size_t k = 0; k < indices.size(); ++k) {
        const bool is_target = k < problem.targets.size();
        const std::string head =
            is_target ? csv_cell(problem.targets[k].name) + "," + problem.targets[k].measure_text
                      : std::string("misfit,");
        for (std::size_t i = 0; i < indices[k].size(); ++i) {
            const auto& s = indices[k][i];
            text += head + "," + csv_cell(problem.varied[i].label()) + "," + significant(s.first, 4) + "," +
                    significant(s.first_error, 3) + "," + significant(s.total, 4) + "," +
                    significant(s.total_error, 3) + "\n";
        }
    }
    write_file(in(folder, "sobol.csv"), text);
}

}  // namespace abscopal
