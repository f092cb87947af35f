// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "cases.hpp"

#include <algorithm>

#include "abscopal/trial.hpp"
#include "base/random.hpp"

namespace abscopal::bench {
namespace {

using Rows = decltype(Case::rows);

/// The published population of the TNBC model; columns that the model does not know play no part.
Rows tnbc_population(const CaseOptions& options, const Model& model) {
    const Trial trial = read_trial(options.source + "/examples/tnbc_first_light.toml");
    const Cohort cohort = sample(trial.population, trial.seed, 0, options.patients, options.patients);
    Rows rows(cohort.rows.size());
    for (std::size_t k = 0; k < cohort.parameters.size(); ++k) {
        const auto settable = find_settable(model, cohort.parameters[k]);
        for (std::size_t i = 0; settable && i < rows.size(); ++i)
            rows[i].emplace_back(*settable, cohort.rows[i][k]);
    }
    return rows;
}

std::string tnbc_name(bool is_treated) {
    return is_treated ? "tnbc, 28 doses" : "tnbc, untreated";
}

Case tnbc(const CaseOptions& options, bool is_treated) {
    Spec spec = read_spec(options.source + "/models/tnbc/tnbc.ant");
    Case result{tnbc_name(is_treated), spec, compile(spec), {}, {}, 400.0};
    result.rows = tnbc_population(options, *result.model);
    const Slot target = result.model->states[find_state(*result.model, "aPD1_C").value()].slot;
    constexpr double nanomoles = 200e-3 / 149e3 * 1e9;  // 200 mg of pembrolizumab
    for (int k = 0; is_treated && k < 28; ++k)
        result.doses.push_back({14.0 * k, ActionKind::add, target, nanomoles, 0.0});
    return result;
}

/// Lognormal draws around the published value of every parameter.
Rows varied(const CaseOptions& options, const Model& model) {
    Rows rows(options.patients);
    for (std::size_t k = 0; k < model.parameters.size(); ++k) {
        const ParameterInfo& parameter = model.parameters[k];
        const auto settable = find_settable(model, parameter.id);
        if (!settable || !parameter.is_constant || !(parameter.value > 0.0)) continue;
        Prior prior;
        prior.law = Law::lognormal;
        prior.centre = parameter.value;
        prior.spread = options.spread;
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i].emplace_back(
                *settable, quantile(prior, uniform(1, Purpose::prior, i, 0, static_cast<std::uint32_t>(k))));
    }
    return rows;
}

struct Published {
    const char* name;
    const char* file;
    double until;
    const char* off;  ///< a reaction that the model's authors switched off
};
constexpr Published published[] = {
    {"BIOMD235", "BIOMD0000000235.xml", 100.0, ""},
    {"BIOMD452", "BIOMD0000000452.xml", 100.0, ""},
    {"BIOMD474", "BIOMD0000000474.xml", 100.0, ""},
    {"BIOMD559", "BIOMD0000000559.xml", 100.0, ""},
    {"BIOMD667", "BIOMD0000000667.xml", 100.0, ""},
    {"jafarnejad2019", "jafarnejad2019_nsclc_simbiology.xml", 400.0,
     "mw8979d7cb_4930_4578_be60_1c37584d2027"},
};

Case from_sbml(const CaseOptions& options, const Published& what) {
    Spec spec = read_sbml(options.reference + "/benchmark_models/" + what.file);
    if (*what.off) spec = convert_units(switch_off(std::move(spec), {what.off}));
    Case result{what.name, spec, compile(spec), {}, {}, what.until};
    result.rows = varied(options, *result.model);
    return result;
}

}  // namespace

std::vector<NamedCase> cases(const CaseOptions& options) {
    std::vector<NamedCase> all;
    for (const bool is_treated : {false, true})
        all.push_back({tnbc_name(is_treated), [=] { return tnbc(options, is_treated); }});
    for (const Published& what : published)
        all.push_back({what.name, [=] { return from_sbml(options, what); }});
    std::erase_if(all, [&](const NamedCase& one) { return one.name.find(options.model) == one.name.npos; });
    return all;
}

}  // namespace abscopal::bench
