// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/archive.hpp"

#include <array>
#include <cmath>
#include <concepts>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/digest.hpp"
#include "base/text.hpp"

// Each struct lists its members once, for both directions. The structured bindings make the compiler
// complain here when a member is added.
namespace abscopal {
namespace {

using Json = nlohmann::json;

template <class S, class T>
concept is_a = std::same_as<std::remove_const_t<S>, T>;

template <class V, is_a<Place> S>
void visit(V& v, S& s) {
    auto& [file, line, column, length] = s;
    v("file", file), v("line", line), v("column", column), v("length", length);
}

template <class V, is_a<Prior> S>
void visit(V& v, S& s) {
    auto& [parameter, law, centre, spread, lower, upper, unit, source, place, levels, values, categories,
           expression, expression_place, is_attribute, at_baseline, is_drawn, label] = s;
    v("parameter", parameter), v("law", law), v("centre", centre), v("spread", spread), v("lower", lower),
        v("upper", upper);
    v("unit", unit), v("source", source), v("place", place), v("levels", levels), v("values", values),
        v("categories", categories);
    v("expression", expression), v("expression_place", expression_place), v("is_attribute", is_attribute),
        v("at_baseline", at_baseline), v("is_drawn", is_drawn), v("label", label);
}

template <class V, is_a<Correlation> S>
void visit(V& v, S& s) {
    auto& [first, second, rho, place] = s;
    v("first", first), v("second", second), v("rho", rho), v("place", place);
}

template <class V, is_a<Cohort> S>
void visit(V& v, S& s) {
    auto& [parameters, rows, weights] = s;
    v("parameters", parameters), v("rows", rows), v("weights", weights);
}

template <class V, is_a<Population> S>
void visit(V& v, S& s) {
    auto& [priors, correlations, draws_file, draws, sampling] = s;
    v("priors", priors), v("correlations", correlations), v("draws_file", draws_file), v("draws", draws),
        v("sampling", sampling);
}

template <class V, is_a<Diagnosis> S>
void visit(V& v, S& s) {
    auto& [observable, threshold_parameter, threshold, within, restart] = s;
    v("observable", observable), v("threshold_parameter", threshold_parameter), v("threshold", threshold);
    v("within", within), v("restart", restart);
}

template <class V, is_a<PlausibilityBound> S>
void visit(V& v, S& s) {
    auto& [name, observable, lower, upper, place] = s;
    v("name", name), v("observable", observable), v("lower", lower), v("upper", upper), v("place", place);
}

template <class V, is_a<WatchedObservable> S>
void visit(V& v, S& s) {
    auto& [id, label, unit, scale, logarithmic] = s;
    v("id", id), v("label", label), v("unit", unit), v("scale", scale), v("logarithmic", logarithmic);
}

template <class V, is_a<ResponseCriteria> S>
void visit(V& v, S& s) {
    auto& [detection_limit, too_small, stable_from, benefit_from, is_confirmed, confirm_after,
           max_not_evaluable, accept_stable, immune_confirm_after, immune_from_last_visit, by_review,
           censoring] = s;
    v("detection_limit", detection_limit), v("too_small", too_small), v("stable_from", stable_from),
        v("benefit_from", benefit_from), v("is_confirmed", is_confirmed), v("confirm_after", confirm_after),
        v("max_not_evaluable", max_not_evaluable), v("accept_stable", accept_stable),
        v("immune_confirm_after", immune_confirm_after), v("immune_from_last_visit", immune_from_last_visit),
        v("by_review", by_review), v("censoring", censoring);
}

template <class V, is_a<Lesion> S>
void visit(V& v, S& s) {
    auto& [name, observable, scale, organ, organ_attribute, organs, presence, node_attribute, is_nodal,
           is_well_defined, is_irradiated, is_target, place] = s;
    v("name", name), v("observable", observable), v("scale", scale), v("organ", organ),
        v("organ_attribute", organ_attribute), v("organs", organs), v("presence", presence),
        v("node_attribute", node_attribute), v("is_nodal", is_nodal), v("is_well_defined", is_well_defined),
        v("is_irradiated", is_irradiated), v("is_target", is_target), v("place", place);
}

template <class V, is_a<Measurement> S>
void visit(V& v, S& s) {
    auto& [error, review_error, resolution, has_review, window, missed, not_evaluable] = s;
    v("error", error), v("review_error", review_error), v("resolution", resolution),
        v("has_review", has_review), v("window", window), v("missed", missed),
        v("not_evaluable", not_evaluable);
}

template <class V, is_a<HazardTerm> S>
void visit(V& v, S& s) {
    auto& [covariate, coefficient, centre, is_logarithmic, least, window, source, place] = s;
    v("covariate", covariate), v("coefficient", coefficient), v("centre", centre),
        v("is_logarithmic", is_logarithmic), v("least", least), v("window", window), v("source", source),
        v("place", place);
}

template <class V, is_a<Death> S>
void visit(V& v, S& s) {
    auto& [hazard, hazard_scale, cumulative, baseline, shape, terms, life_table, mortality_ratio, age, male,
           age_attribute, male_attribute, source, place] = s;
    v("hazard", hazard), v("hazard_scale", hazard_scale), v("cumulative", cumulative),
        v("baseline", baseline), v("shape", shape), v("terms", terms), v("life_table", life_table),
        v("mortality_ratio", mortality_ratio), v("age", age), v("male", male),
        v("age_attribute", age_attribute), v("male_attribute", male_attribute), v("source", source),
        v("place", place);
}

template <class V, is_a<Toxicity> S>
void visit(V& v, S& s) {
    auto& [name, term, organ_class, drug, is_immune, is_serious, intensity, intensity_scale, cumulative,
           by_grade, is_per_dose, fade, onset, onset_spread, measure, grades, severity, severity_spread, cuts,
           is_low, frailty, duration, duration_spread, unresolved, recurrence, is_outcome, is_probability,
           source, place] = s;
    v("name", name), v("term", term), v("organ_class", organ_class), v("drug", drug),
        v("is_immune", is_immune), v("is_serious", is_serious), v("intensity", intensity),
        v("intensity_scale", intensity_scale), v("cumulative", cumulative), v("by_grade", by_grade),
        v("is_per_dose", is_per_dose), v("fade", fade), v("onset", onset), v("onset_spread", onset_spread),
        v("measure", measure), v("grades", grades), v("severity", severity),
        v("severity_spread", severity_spread), v("cuts", cuts), v("is_low", is_low), v("frailty", frailty),
        v("duration", duration), v("duration_spread", duration_spread), v("unresolved", unresolved),
        v("recurrence", recurrence), v("is_outcome", is_outcome), v("is_probability", is_probability),
        v("source", source), v("place", place);
}

template <class V, is_a<DoseRow> S>
void visit(V& v, S& s) {
    auto& [time, amount, unit, per, max_amount, duration, interval, additional, drug, target, kind,
           while_on_treatment, place] = s;
    v("time", time), v("amount", amount), v("unit", unit), v("per", per), v("max_amount", max_amount),
        v("duration", duration), v("interval", interval);
    v("additional", additional), v("drug", drug), v("target", target), v("kind", kind);
    v("while_on_treatment", while_on_treatment), v("place", place);
}

template <class V, is_a<TreatmentRule> S>
void visit(V& v, S& s) {
    auto& [name, arms, when, by_review, from, until, lasting, change, terms, organ_class, grades, observable,
           above, below, probability, times, acts, drugs, factor, hold_for, max_hold, is_skipped, delay, arm,
           rows, settings, set_for, is_new_therapy, place] = s;
    v("name", name), v("arms", arms), v("when", when), v("by_review", by_review), v("from", from),
        v("until", until), v("lasting", lasting), v("change", change), v("terms", terms),
        v("organ_class", organ_class), v("grades", grades), v("observable", observable), v("above", above),
        v("below", below), v("probability", probability), v("times", times), v("acts", acts),
        v("drugs", drugs), v("factor", factor), v("hold_for", hold_for), v("max_hold", max_hold),
        v("is_skipped", is_skipped), v("delay", delay), v("arm", arm), v("rows", rows),
        v("settings", settings), v("set_for", set_for), v("is_new_therapy", is_new_therapy),
        v("place", place);
}

template <class V, is_a<Regimen> S>
void visit(V& v, S& s) {
    auto& [rows] = s;
    v("rows", rows);
}

template <class V, is_a<Drug> S>
void visit(V& v, S& s) {
    auto& [name, target, molar_mass, infusion, units, settings, source, place] = s;
    v("name", name), v("target", target), v("molar_mass", molar_mass), v("infusion", infusion),
        v("units", units), v("settings", settings);
    v("source", source), v("place", place);
}

template <class V, is_a<Action> S>
void visit(V& v, S& s) {
    auto& [time, kind, target, value, duration, slopes] = s;
    static_cast<void>(slopes);  // a trial differentiates nothing: there are none
    v("time", time), v("kind", kind), v("target", target), v("value", value), v("duration", duration);
}

template <class V, is_a<Arm> S>
void visit(V& v, S& s) {
    auto& [name, description, regimen, events_file, events, settings, stop_at_progression,
           stops_when_confirmed, place] = s;
    v("name", name), v("description", description), v("regimen", regimen), v("events_file", events_file),
        v("events", events);
    v("settings", settings), v("stop_at_progression", stop_at_progression),
        v("stops_when_confirmed", stops_when_confirmed), v("place", place);
}

template <class V, is_a<EarlierLine> S>
void visit(V& v, S& s) {
    auto& [arm, when, when_place, assess_every, at_most, at_least, washout, keep, within] = s;
    v("arm", arm), v("when", when), v("when_place", when_place), v("assess_every", assess_every),
        v("at_most", at_most);
    v("at_least", at_least), v("washout", washout), v("keep", keep), v("within", within);
}

template <class V, is_a<Split> S>
void visit(V& v, S& s) {
    auto& [by, label, cuts, place] = s;
    v("by", by), v("label", label), v("cuts", cuts), v("place", place);
}

template <class V, is_a<Enrolment> S>
void visit(V& v, S& s) {
    auto& [period, ramp, dropout] = s;
    v("period", period), v("ramp", ramp), v("dropout", dropout);
}

template <class V, is_a<Design> S>
void visit(V& v, S& s) {
    auto& [allocation, ratio, block, strata, subgroups, enrolment, cut_off, cut_off_events, endpoint, alpha,
           looks, spending, spending_parameter, futility, place] = s;
    v("allocation", allocation), v("ratio", ratio), v("block", block), v("strata", strata),
        v("subgroups", subgroups), v("enrolment", enrolment), v("cut_off", cut_off);
    v("cut_off_events", cut_off_events), v("endpoint", endpoint), v("alpha", alpha), v("looks", looks),
        v("spending", spending), v("spending_parameter", spending_parameter), v("futility", futility),
        v("place", place);
}

template <class V, is_a<Measured> S>
void visit(V& v, S& s) {
    auto& [column, value, sd, cv, place] = s;
    v("column", column), v("value", value), v("sd", sd), v("cv", cv), v("place", place);
}

template <class V, is_a<CycleStep> S>
void visit(V& v, S& s) {
    auto& [name, label, watched, from, until, threshold] = s;
    v("name", name), v("label", label), v("watched", watched), v("from", from), v("until", until),
        v("threshold", threshold);
}

template <class V, is_a<Numerics> S>
void visit(V& v, S& s) {
    auto& [method, relative_tolerance, absolute_tolerance, per_state, max_steps, max_events, max_step] = s;
    v("method", method), v("relative_tolerance", relative_tolerance),
        v("absolute_tolerance", absolute_tolerance), v("per_state", per_state);
    v("max_steps", max_steps), v("max_events", max_events), v("max_step", max_step);
}

template <class V, is_a<Trial> S>
void visit(V& v, S& s) {
    auto& [title, description, file, text, model_path, model_text_digest, model_digest, units, seed,
           n_patients, max_draws, population, settings, diagnosis, bounds, population_note, setting,
           earlier_lines, eligibility, eligibility_place, weight_parameter, area_parameter, weight, area,
           lesions, response, measurement, death, toxicities, rules, follow_up, visits, record_every, watched,
           steps, measured, likeness, drugs, arms, design, numerics, max_failed] = s;
    v("title", title), v("description", description), v("file", file), v("text", text),
        v("model_path", model_path);
    v("model_text_digest", model_text_digest), v("model_digest", model_digest), v("units", units),
        v("seed", seed), v("n_patients", n_patients);
    v("max_draws", max_draws), v("population", population), v("settings", settings),
        v("diagnosis", diagnosis);
    v("population_note", population_note), v("setting", setting), v("earlier_lines", earlier_lines);
    v("eligibility", eligibility), v("eligibility_place", eligibility_place);
    v("bounds", bounds), v("weight_parameter", weight_parameter), v("area_parameter", area_parameter),
        v("weight", weight);
    v("area", area), v("lesions", lesions), v("response", response), v("measurement", measurement),
        v("death", death), v("toxicities", toxicities), v("rules", rules), v("follow_up", follow_up);
    v("visits", visits), v("record_every", record_every), v("watched", watched), v("steps", steps),
        v("measured", measured), v("likeness", likeness), v("drugs", drugs), v("arms", arms);
    v("design", design), v("numerics", numerics), v("max_failed", max_failed);
}

// JSON has no infinities: numbers that are not finite are written as text.
Json pack(double value) {
    return std::isfinite(value) ? Json(value) : Json(to_text(value));
}
Json pack(const std::string& value) {
    return value;
}

template <class T>
requires std::is_integral_v<T> Json pack(T value) {
    return value;
}

template <class T>
requires std::is_enum_v<T> Json pack(T value) {
    return static_cast<int>(value);
}

template <class T>
Json pack(const std::optional<T>& value);
template <class A, class B>
Json pack(const std::pair<A, B>& value);
template <class T>
Json pack(const std::vector<T>& values);
template <class T>
requires std::is_class_v<T> Json pack(const T& value);

struct Packer {
    Json& object;
    template <class T>
    void operator()(const char* key, const T& value) {
        object[key] = pack(value);
    }
};

template <class T>
Json pack(const std::optional<T>& value) {
    return value ? pack(*value) : Json();
}

template <class A, class B>
Json pack(const std::pair<A, B>& value) {
    return Json::array({pack(value.first), pack(value.second)});
}

template <class T>
Json pack(const std::vector<T>& values) {
    Json array = Json::array();
    for (const auto& value : values) array.push_back(pack(value));
    return array;
}

template <class T>
requires std::is_class_v<T> Json pack(const T& value) {
    Json object = Json::object();
    Packer packer{object};
    visit(packer, value);
    return object;
}

void unpack(const Json& json, double& value) {
    value = json.is_string() ? to_double(json.get<std::string>()).value() : json.get<double>();
}
void unpack(const Json& json, std::string& value) {
    value = json.get<std::string>();
}

template <class T>
requires std::is_integral_v<T>
void unpack(const Json& json, T& value) {
    value = json.get<T>();
}

template <class T>
requires std::is_enum_v<T>
void unpack(const Json& json, T& value) {
    value = static_cast<T>(json.get<int>());
}

template <class T>
void unpack(const Json& json, std::optional<T>& value);
template <class A, class B>
void unpack(const Json& json, std::pair<A, B>& value);
template <class T>
void unpack(const Json& json, std::vector<T>& values);
template <class T>
requires std::is_class_v<T>
void unpack(const Json& json, T& value);

struct Unpacker {
    const Json& object;
    template <class T>
    void operator()(const char* key, T& value) {
        unpack(object.at(key), value);
    }
};

template <class T>
void unpack(const Json& json, std::optional<T>& value) {
    value.reset();
    if (!json.is_null()) unpack(json, value.emplace());
}

template <class A, class B>
void unpack(const Json& json, std::pair<A, B>& value) {
    unpack(json.at(0), value.first);
    unpack(json.at(1), value.second);
}

template <class T>
void unpack(const Json& json, std::vector<T>& values) {
    values.clear();
    for (const auto& item : json) unpack(item, values.emplace_back());
}

template <class T>
requires std::is_class_v<T>
void unpack(const Json& json, T& value) {
    Unpacker unpacker{json};
    visit(unpacker, value);
}

void erase_keys(Json& json, std::span<const std::string_view> keys) {
    if (json.is_object())
        for (const auto key : keys) json.erase(std::string(key));
    if (json.is_structured())
        for (auto& item : json) erase_keys(item, keys);
}

}  // namespace

std::string to_json(const Trial& trial) {
    return pack(trial).dump();
}

Trial trial_from_json(const std::string& json) {
    Trial trial;
    unpack(Json::parse(json), trial);
    return trial;
}

std::string trial_digest(const Trial& trial, const std::string& model_digest) {
    constexpr std::array<std::string_view, 13> beside_the_point{
        "place",      "expression_place",  "when_place",   "eligibility_place", "label",       "file", "text",
        "model_path", "model_text_digest", "model_digest", "draws_file",        "events_file", "notes"};
    Json json = pack(trial);
    erase_keys(json, beside_the_point);
    return sha256(model_digest + "\n" + json.dump());
}

}  // namespace abscopal
