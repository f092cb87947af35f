// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "model/infix.hpp"
#include "trial/copula.hpp"
#include "trial/design.hpp"
#include "trial/model_names.hpp"
#include "trial/row_formulas.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

/// Names that may be sampled although the model has no such parameter: the trial itself uses them.
std::vector<std::string> roles(const Trial& trial) {
    std::vector<std::string> names{trial.weight_parameter, trial.area_parameter};
    if (trial.diagnosis) names.push_back(trial.diagnosis->threshold_parameter);
    std::erase(names, "");
    return names;
}

/// The id under which a sampled name enters the model, and its unit; the name itself where only the trial
/// uses it.
struct Sampled {
    std::string id, unit;
};

std::optional<Sampled> sampled_named(TrialReading& reading, const std::string& name) {
    if (const auto index = find_settable(reading.model, name)) {
        const auto& id = reading.model.settables[*index].id;
        const auto observable = find_observable(reading.model, id);
        return Sampled{id, observable ? reading.model.observables[*observable].unit : ""};
    }
    const auto names = roles(reading.trial);
    if (std::find(names.begin(), names.end(), name) == names.end()) return std::nullopt;
    std::string unit;
    if (name == reading.trial.weight_parameter) unit = "kg";
    if (name == reading.trial.area_parameter) unit = "m^2";
    if (reading.trial.diagnosis && name == reading.trial.diagnosis->threshold_parameter) {
        const auto observable = find_observable(reading.model, reading.trial.diagnosis->observable);
        if (observable) unit = reading.model.observables[*observable].unit;
    }
    return Sampled{name, unit};
}

void unknown_sampled(TrialReading& reading, const std::string& name, const Place& place) {
    auto candidates = settable_names(reading.model);
    for (auto& role : roles(reading.trial)) candidates.push_back(std::move(role));
    const bool is_computed = find_observable(reading.model, name).has_value();
    reading.faults.add(is_computed ? "not-settable" : "unknown-parameter",
                       is_computed ? "'" + name + "' is computed by the model and cannot be sampled"
                                   : "unknown parameter '" + name + "'" + did_you_mean(name, candidates),
                       place);
}

void to_model_unit(TrialReading& reading, const TomlValue& table, const std::string& own, Prior& prior) {
    const auto* unit = member(&table, "unit");
    prior.unit = reading.units.readable(own);
    if (!unit || unit->kind != TomlValue::Kind::text) return;
    const auto factor = unit_factor(reading, unit->text, own, "'" + prior.parameter + "'", unit->place);
    if (!factor || *factor == 1.0) return;
    if (!rescale(prior, *factor)) {
        reading.faults.add("unit-of-law",
                           "the numbers of this law cannot be in '" + unit->text + "'; leave 'unit' out",
                           unit->place);
    }
}

void refuse_second_law(TrialReading& reading, const Prior& prior) {
    for (const auto& other : reading.trial.population.priors) {
        if (other.parameter != prior.parameter) continue;
        reading.faults.add("duplicate-parameter", "'" + prior.parameter + "' has a law already", prior.place,
                           {"first given at line " + std::to_string(other.place.line)});
    }
}

void read_prior(TrialReading& reading, const TomlValue& table) {
    const auto* name = member(&table, "name");
    if (!name || name->kind != TomlValue::Kind::text) return;
    const auto sampled = sampled_named(reading, name->text);
    if (!sampled) unknown_sampled(reading, name->text, name->place);

    Prior prior;
    prior.parameter = sampled ? sampled->id : name->text;
    prior.place = name->place;
    if (!read_law(reading, table, prior)) return;
    if (sampled) to_model_unit(reading, table, sampled->unit, prior);
    refuse_second_law(reading, prior);
    reading.trial.population.priors.push_back(std::move(prior));
}

/// Attributes are written in expressions, so they have names of that kind, and none of the model's.
void check_attribute_name(TrialReading& reading, const TomlValue& name) {
    const auto& text = name.text;
    const bool is_word =
        !text.empty() && !(text[0] >= '0' && text[0] <= '9') &&
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
            std::string::npos;
    if (!is_word || is_builtin_constant(text) || is_builtin_function(text) || text == "and" || text == "or" ||
        text == "not") {
        reading.faults.add(
            "bad-name",
            "an attribute's name is made of letters, digits and '_', and no word of formulas; found '" +
                text + "'",
            name.place);
    } else if (find_observable(reading.model, text) || find_settable(reading.model, text)) {
        reading.faults.add("name-taken",
                           "'" + text +
                               "' is in the model already; give an attribute another name, or sample "
                               "it by [[cohort.parameter]]",
                           name.place);
    }
}

void read_attribute(TrialReading& reading, const TomlValue& table) {
    const auto* name = member(&table, "name");
    if (!name || name->kind != TomlValue::Kind::text) return;
    check_attribute_name(reading, *name);
    Prior prior;
    prior.parameter = name->text;
    prior.place = name->place;
    prior.is_attribute = true;
    prior.unit = text_member(&table, "unit").value_or("");
    prior.label = text_member(&table, "label").value_or("");
    if (!read_law(reading, table, prior)) return;
    refuse_second_law(reading, prior);
    reading.trial.population.priors.push_back(std::move(prior));
}

void read_correlation(TrialReading& reading, const TomlValue& table) {
    const auto* between = member(&table, "between");
    const auto rho = number_member(&table, "rho");
    if (!between || between->items.size() != 2 || !rho || !(std::fabs(*rho) < 1)) return;
    std::array<std::string, 2> ids;
    std::vector<std::string> names;
    for (const auto& prior : reading.trial.population.priors) names.push_back(prior.parameter);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto& item = between->items[i];
        if (item.kind != TomlValue::Kind::text) return;
        const auto sampled = sampled_named(reading, item.text);
        ids[i] = sampled ? sampled->id : item.text;
        if (std::find(names.begin(), names.end(), ids[i]) != names.end()) continue;
        reading.faults.add(
            "unknown-parameter",
            "'" + item.text + "' has no law in [[cohort.parameter]]" + did_you_mean(item.text, names),
            item.place);
        return;
    }
    reading.trial.population.correlations.push_back({ids[0], ids[1], *rho, table.place});
}

/// A size of the body given for all patients ("80 kg").
double body_size(TrialReading& reading, const TomlValue* cohort, std::string_view key, const char* unit) {
    const auto* value = member(cohort, key);
    if (!value) return 0.0;
    const auto size = value_in(reading, *value, unit, "'" + std::string(key) + "'");
    if (size && !(*size > 0)) {
        reading.faults.add("not-positive",
                           "'" + std::string(key) + "' must be greater than zero; found " + described(*value),
                           value->place);
    }
    return size.value_or(0.0);
}

/// A parameter that plays a role in the trial: it must be sampled or be in the model.
void check_role(TrialReading& reading, const TomlValue* table, std::string_view key, std::string& id) {
    const auto* value = member(table, key);
    if (!value || value->kind != TomlValue::Kind::text) return;
    const auto& population = reading.trial.population;
    const auto is = [&](const std::string& name) { return name == id; };
    if (std::any_of(population.priors.begin(), population.priors.end(),
                    [&](const Prior& p) { return p.parameter == id; }))
        return;
    if (std::any_of(population.draws.parameters.begin(), population.draws.parameters.end(), is)) return;
    if (const auto index = find_parameter(reading.model, id)) {
        id = reading.model.parameters[*index].id;
        return;
    }
    reading.faults.add("unknown-parameter",
                       "'" + id + "' is neither sampled nor a parameter of the model" +
                           did_you_mean(id, parameter_names(reading.model)),
                       value->place);
}

void read_diagnosis(TrialReading& reading, const TomlValue* cohort) {
    const auto* table = member(cohort, "diagnosis");
    if (!table || table->kind != TomlValue::Kind::table) return;
    Diagnosis diagnosis;
    std::string unit;
    const auto* observable = member(table, "observable");
    if (const auto index = observable ? observable_named(reading, *observable) : std::nullopt) {
        diagnosis.observable = reading.model.observables[*index].id;
        unit = reading.model.observables[*index].unit;
    }
    const auto* threshold = only_member(*table, {"threshold", "threshold_parameter"}, reading.faults);
    if (!threshold) {
        reading.faults.add("missing-key",
                           "'threshold' or 'threshold_parameter' is missing in [cohort.diagnosis]",
                           table->place);
    } else if (threshold->key == "threshold_parameter") {
        diagnosis.threshold_parameter = threshold->value.text;
    } else {
        diagnosis.threshold =
            value_in(reading, threshold->value, unit, "'" + diagnosis.observable + "'").value_or(0.0);
    }
    if (const auto* within = member(table, "within")) {
        diagnosis.within = positive_days(*within, "'within' in [cohort.diagnosis]", reading.faults)
                               .value_or(diagnosis.within);
    }
    if (const auto* restart = member(table, "restart")) {
        for (const auto& item : restart->items) {
            const auto index = find_state(reading.model, item.text);
            if (index)
                diagnosis.restart.push_back(reading.model.states[*index].id);
            else if (item.kind == TomlValue::Kind::text) {
                reading.faults.add("unknown-species",
                                   "'" + item.text + "' is not a state of the model" +
                                       did_you_mean(item.text, state_names(reading.model)),
                                   item.place);
            }
        }
    }
    reading.trial.diagnosis = std::move(diagnosis);
}

void read_plausible(TrialReading& reading, const TomlValue& table) {
    const auto* observable = member(&table, "observable");
    const auto index = observable ? observable_named(reading, *observable) : std::nullopt;
    if (!index) return;
    const auto& info = reading.model.observables[*index];
    constexpr double infinity = std::numeric_limits<double>::infinity();
    PlausibilityBound bound{text_member(&table, "name").value_or(info.id), info.id, -infinity, infinity,
                            table.place};
    if (const auto* lower = member(&table, "lower"))
        bound.lower = value_in(reading, *lower, info.unit, "'" + info.id + "'").value_or(-infinity);
    if (const auto* upper = member(&table, "upper"))
        bound.upper = value_in(reading, *upper, info.unit, "'" + info.id + "'").value_or(infinity);
    if (!(bound.lower < bound.upper)) {
        reading.faults.add("empty-range", "'lower' must be less than 'upper' in [[cohort.plausible]]",
                           table.place);
    }
    reading.trial.bounds.push_back(std::move(bound));
}

bool is_attribute(const Population& population, const std::string& name) {
    return std::any_of(population.priors.begin(), population.priors.end(),
                       [&](const Prior& prior) { return prior.is_attribute && prior.parameter == name; });
}

/// Draws go before laws of included files; a law in the same file contradicts them.
void refuse_law_beside_draws(TrialReading& reading, const std::string& name, const Place& place) {
    for (const auto& prior : reading.trial.population.priors) {
        const bool has_law = prior.law != Law::fixed || !std::isnan(prior.centre);
        if (prior.parameter == name && has_law && prior.place.file == place.file) {
            reading.faults.add("duplicate-parameter", "'" + name + "' has a law and is a column of the draws",
                               prior.place);
        }
    }
}

/// The table of draws, its columns brought to the model's ids.
void read_draws_file(TrialReading& reading, const TomlValue& value) {
    Population& population = reading.trial.population;
    population.draws_file = beside(value.place.file, value.text);
    if (!std::filesystem::is_regular_file(population.draws_file)) {
        reading.faults.add("file-missing", "draws file '" + population.draws_file + "' does not exist",
                           value.place);
        return;
    }
    try {
        population.draws = read_draws(population.draws_file);
    } catch (const InputError& error) {
        for (const auto& fault : error.faults())
            reading.faults.add(fault.code, fault.message, fault.place, fault.notes);
        return;
    }
    for (auto& name : population.draws.parameters) {
        const auto sampled = sampled_named(reading, name);
        if (!sampled && is_attribute(population, name)) continue;
        if (!sampled)
            unknown_sampled(reading, name, {population.draws_file, 1, 1, 1});
        else
            name = sampled->id;
        refuse_law_beside_draws(reading, name, value.place);
    }
    std::erase_if(population.correlations, [&](const Correlation& correlation) {
        const auto& drawn = population.draws.parameters;
        const auto is = [&](const std::string& id) {
            return std::find(drawn.begin(), drawn.end(), id) != drawn.end();
        };
        return is(correlation.first) || is(correlation.second);
    });
}

void read_size(TrialReading& reading, const TomlValue* cohort) {
    Trial& trial = reading.trial;
    const auto* patients = member(cohort, "patients");
    const auto* draws = member(cohort, "max_draws");
    trial.n_patients = patients && patients->integer > 0 ? static_cast<std::size_t>(patients->integer) : 1;
    trial.max_draws =
        draws && draws->integer > 0 ? static_cast<std::size_t>(draws->integer) : 10 * trial.n_patients;
    if (trial.max_draws < trial.n_patients) {
        reading.faults.add("too-few-draws",
                           "max_draws is less than patients (" + std::to_string(trial.n_patients) + ")",
                           draws->place);
    }
    const auto n_rows = trial.population.draws.rows.size();
    if (n_rows == 0) return;
    trial.max_draws = std::min(trial.max_draws, n_rows);
    if (n_rows < trial.n_patients) {
        reading.faults.add("too-few-draws",
                           "draws file has " + std::to_string(n_rows) + " rows for " +
                               std::to_string(trial.n_patients) + " patients",
                           member(cohort, "draws")->place);
    }
}

void check_population(TrialReading& reading) {
    const Population& population = reading.trial.population;
    if (population.sampling == Sampling::sobol && population.priors.size() > ScrambledSobol::max_dimensions) {
        reading.faults.add("too-many-parameters", "sampling \"sobol\" takes at most " +
                                                      std::to_string(ScrambledSobol::max_dimensions) +
                                                      " parameters");
    }
    try {
        const Copula copula(population);
        const RowFormulas formulas(population);
    } catch (const InputError& error) {
        for (const auto& fault : error.faults())
            reading.faults.add(fault.code, fault.message, fault.place, fault.notes);
    }
}

}  // namespace

void read_cohort(TrialReading& reading) {
    const auto* cohort = member(&reading.root, "cohort");
    Trial& trial = reading.trial;
    const auto sampling = text_member(cohort, "sampling");
    if (sampling == "random") trial.population.sampling = Sampling::random;
    if (sampling == "latin_hypercube") trial.population.sampling = Sampling::latin_hypercube;
    trial.weight = body_size(reading, cohort, "weight", "kg");
    trial.area = body_size(reading, cohort, "area", "m^2");
    trial.weight_parameter = text_member(cohort, "weight_parameter").value_or("");
    trial.area_parameter = text_member(cohort, "area_parameter").value_or("");
    read_diagnosis(reading, cohort);

    trial.setting = text_member(cohort, "setting").value_or("");
    trial.population_note = text_member(cohort, "note").value_or("");
    for (const auto* table : table_members(cohort, "parameter")) read_prior(reading, *table);
    for (const auto* table : table_members(cohort, "attribute")) read_attribute(reading, *table);
    for (const auto* table : table_members(cohort, "correlation")) read_correlation(reading, *table);
    if (const auto* draws = member(cohort, "draws"); draws && draws->kind == TomlValue::Kind::text)
        read_draws_file(reading, *draws);
    for (const auto* table : table_members(cohort, "plausible")) read_plausible(reading, *table);
    check_role(reading, cohort, "weight_parameter", trial.weight_parameter);
    check_role(reading, cohort, "area_parameter", trial.area_parameter);
    if (trial.diagnosis)
        check_role(reading, member(cohort, "diagnosis"), "threshold_parameter",
                   trial.diagnosis->threshold_parameter);
    read_size(reading, cohort);
    mark_baseline_attributes(reading);
    check_population(reading);
}

}  // namespace abscopal
