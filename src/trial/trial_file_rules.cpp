// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "trial/clinic_words.hpp"
#include "trial/model_names.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

using Kind = TomlValue::Kind;

/// One rule while it is read.
class RuleReader {
  public:
    RuleReader(TrialReading& reading, const TomlValue& table) : reading_(reading), table_(table) {}

    TreatmentRule rule() {
        rule_.place = table_.place;
        read_into(table_, "name", rule_.name);
        if (const auto when = when_named(text_member(&table_, "when").value_or(""))) rule_.when = *when;
        read_acts();
        read_condition();
        read_effects();
        check();
        return std::move(rule_);
    }

  private:
    bool does(Act act) const {
        return std::find(rule_.acts.begin(), rule_.acts.end(), act) != rule_.acts.end();
    }

    void fault(const char* code, const std::string& message, const Place& place) {
        reading_.faults.add(code, message + " in [[rule]] '" + rule_.name + "'", place);
    }

    void read_act(const TomlValue& value) {
        if (value.kind != Kind::text) return;
        const auto act = act_named(value.text);
        if (act) return rule_.acts.push_back(*act);
        fault("not-a-choice",
              "'do' must be one of \"" + join(act_names(), "\", \"") + "\"; found " + described(value) +
                  did_you_mean(value.text, act_names()),
              value.place);
    }

    void read_acts() {
        const auto* value = table_.find("do");
        if (!value) return;
        if (value->kind == Kind::text) read_act(*value);
        for (const auto& item : value->items) read_act(item);
    }

    void read_condition() {
        rule_.by_review = text_member(&table_, "reader") == "review";
        read_into(table_, "from", rule_.from);
        read_into(table_, "until", rule_.until);
        read_into(table_, "lasting", rule_.lasting);
        read_into(table_, "change", rule_.change);
        read_into(table_, "terms", rule_.terms);
        read_into(table_, "class", rule_.organ_class);
        std::vector<double> grades;
        read_into(table_, "grades", grades);
        for (const double grade : grades) rule_.grades.push_back(static_cast<int>(grade));
        rule_.observable = observable_member(reading_, table_, "observable");
        if (const auto index = find_observable(reading_.model, rule_.observable)) {
            const auto& unit = reading_.model.observables[*index].unit;
            read_level("above", unit, rule_.above);
            read_level("below", unit, rule_.below);
        }
        read_into(table_, "probability", rule_.probability);
        rule_.times = rule_.when == When::adverse_event ? 0 : 1;
        if (const auto* times = table_.find("times"); times && times->kind == Kind::integer)
            rule_.times = static_cast<int>(times->integer);
    }

    void read_level(std::string_view key, const std::string& unit, double& target) {
        const auto* value = table_.find(key);
        if (!value) return;
        target = value_in(reading_, *value, unit, "'" + std::string(key) + "'").value_or(target);
    }

    void read_effects() {
        read_into(table_, "arms", rule_.arms);
        read_into(table_, "drugs", rule_.drugs);
        read_into(table_, "factor", rule_.factor);
        read_into(table_, "hold_for", rule_.hold_for);
        read_into(table_, "max_hold", rule_.max_hold);
        rule_.is_skipped = text_member(&table_, "held_doses") == "skip";
        read_into(table_, "delay", rule_.delay);
        read_into(table_, "arm", rule_.arm);
        rule_.settings = read_settings(reading_, table_.find("set"), false);
        read_into(table_, "set_for", rule_.set_for);
        for (const auto* treatment : table_members(&table_, "treatment")) read_doses(*treatment);
        rule_.is_new_therapy =
            does(Act::change_arm) || (does(Act::start) && rule_.when == When::off_treatment);
        read_into(table_, "new_therapy", rule_.is_new_therapy);
    }

    /// The doses of a treatment that starts, and what its drug sets.
    void read_doses(const TomlValue& table) {
        const Drug* drug = nullptr;
        const auto rows = read_treatment(reading_, table, "[[rule.treatment]]", drug);
        rule_.rows.insert(rule_.rows.end(), rows.begin(), rows.end());
        if (drug) rule_.settings.insert(rule_.settings.end(), drug->settings.begin(), drug->settings.end());
    }

    void check() {
        const auto need = [&](bool is_needed, const char* key, const std::string& why) {
            if (is_needed && !table_.find(key))
                fault("missing-key", why + " needs '" + key + "'", table_.place);
        };
        need(does(Act::reduce), "factor", "do = \"reduce\"");
        need(does(Act::start), "treatment", "do = \"start\"");
        need(does(Act::change_arm), "arm", "do = \"change arm\"");
        need(does(Act::set), "set", "do = \"set\"");
        need(rule_.when == When::observable, "observable", "when = \"observable\"");
        need(rule_.when == When::time, "from", "when = \"time\"");
        need(does(Act::hold) && rule_.when != When::adverse_event, "hold_for",
             "do = \"hold\" without an adverse event");
        if (rule_.when == When::observable && !table_.find("above") && !table_.find("below"))
            fault("missing-key", "'above' or 'below' is missing", table_.place);
        if (rule_.by_review && !reading_.trial.measurement.has_review)
            fault("no-review", "reader = \"review\" needs review = true in [measurement]", table_.place);
        check_names("arms", rule_.arms, "arm", arm_names());
        if (!rule_.arm.empty()) check_names("arm", {rule_.arm}, "arm", arm_names());
        check_names("drugs", rule_.drugs, "drug", drug_names());
        check_names("terms", rule_.terms, "adverse event", term_names());
    }

    void check_names(const char* key, const std::vector<std::string>& names, const std::string& what,
                     const std::vector<std::string>& known) {
        for (const auto& name : names)
            if (std::find(known.begin(), known.end(), name) == known.end())
                fault("unknown-name",
                      "there is no " + what + " named '" + name + "'" + did_you_mean(name, known),
                      table_.find(key)->place);
    }

    std::vector<std::string> arm_names() const {
        std::vector<std::string> names;
        for (const auto& arm : reading_.trial.arms) names.push_back(arm.name);
        return names;
    }
    std::vector<std::string> drug_names() const {
        std::vector<std::string> names;
        for (const auto& drug : reading_.trial.drugs) names.push_back(drug.name);
        return names;
    }
    std::vector<std::string> term_names() const {
        std::vector<std::string> names;
        for (const auto& toxicity : reading_.trial.toxicities) {
            names.push_back(toxicity.name);
            names.push_back(toxicity.term);
        }
        return names;
    }

    TrialReading& reading_;
    const TomlValue& table_;
    TreatmentRule rule_;
};

}  // namespace

void read_rules(TrialReading& reading) {
    for (const auto* table : table_members(&reading.root, "rule")) {
        TreatmentRule rule = RuleReader(reading, *table).rule();
        for (const auto& other : reading.trial.rules)
            if (other.name == rule.name && !rule.name.empty())
                reading.faults.add("duplicate-rule", "there are two rules named '" + rule.name + "'",
                                   table->place);
        reading.trial.rules.push_back(std::move(rule));
    }
}

}  // namespace abscopal
