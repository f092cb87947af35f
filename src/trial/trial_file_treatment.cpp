// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "base/units.hpp"
#include "trial/dose_amount.hpp"
#include "trial/model_names.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

using Kind = TomlValue::Kind;
constexpr double max_doses = 100'000;
constexpr const char* confirmed = "confirmed progression";
constexpr double forever = std::numeric_limits<double>::infinity();

constexpr std::array<std::string_view, 19> treatment_keys{
    "drug",  "target", "dose",  "amt",  "max_dose", "start", "time",     "every", "ii",  "days",
    "cycle", "doses",  "total", "addl", "cycles",   "until", "infusion", "tinf",  "rate"};

/// Whether two names have a word of four letters or more in common, or one begins as the other.
bool share_a_word(const std::string& a, const std::string& b) {
    const std::string x = lower_case(a), y = lower_case(b);
    for (const auto& [text, in] : {std::pair(x, y), std::pair(y, x)}) {
        for (std::size_t from = 0; from < text.size();) {
            auto to = text.find_first_of(" ,-", from);
            if (to == std::string::npos) to = text.size();
            const auto length = std::min<std::size_t>(to - from, 6);
            if (to - from >= 4 && in.find(text.substr(from, length)) != std::string::npos) return true;
            from = to + 1;
        }
    }
    return false;
}

/// One treatment while it is read.
class TreatmentReader {
  public:
    TreatmentReader(TrialReading& reading, const TomlValue& table, const std::string& where)
        : reading_(reading), faults_(reading.faults), table_(table), where_(where) {}

    std::vector<DoseRow> rows(const Drug*& drug) {
        row_.while_on_treatment = false;
        row_.place = table_.place;
        read_what(drug);
        const bool has_dose = read_dose();
        read_start();
        read_interval();
        read_end();
        read_infusion(drug);
        if (has_dose) read_cap();
        if (has_dose) check_fit(drug);
        // A dose of zero is no treatment, to the bit: it is no stop of the solver and sets nothing.
        if (row_.amount == 0.0) drug = nullptr;
        return has_dose && row_.amount > 0 ? scheduled() : std::vector<DoseRow>{};
    }

  private:
    void fault(const char* code, const std::string& message, const Place& place,
               std::vector<std::string> notes = {}) {
        faults_.add(code, message, place, std::move(notes));
    }

    void read_what(const Drug*& drug) {
        drug = nullptr;
        const auto* what = only_member(table_, {"drug", "target"}, faults_);
        if (!what) return fault("missing-key", "'drug' or 'target' is missing in " + where_, table_.place);
        if (what->value.kind != Kind::text) return;
        if (what->key == "target") {
            const auto index = find_state(reading_.model, what->value.text);
            if (index)
                row_.target = reading_.model.states[*index].id;
            else
                fault("unknown-species",
                      "'" + what->value.text + "' is not a state of the model" +
                          did_you_mean(what->value.text, state_names(reading_.model)),
                      what->value.place);
            return;
        }
        std::vector<std::string> names;
        for (const auto& known : reading_.trial.drugs) {
            names.push_back(known.name);
            if (known.name == what->value.text) drug = &known;
        }
        if (drug) {
            row_.drug = drug->name;
            row_.target = drug->target;
        } else {
            fault("unknown-drug",
                  "there is no [[drug]] named '" + what->value.text + "'" +
                      did_you_mean(what->value.text, names),
                  what->value.place, notes_on_drugs(what->value.text));
        }
    }

    /// The names nearest to the one written, then where all of them stand.
    std::vector<std::string> notes_on_drugs(const std::string& wanted) const {
        const auto& drugs = reading_.trial.drugs;
        if (drugs.empty()) return {"the trial has no [[drug]]; a file of drugs is read by include = [\"…\"]"};
        std::vector<std::string> near, files;
        for (const auto& drug : drugs) {
            if (share_a_word(drug.name, wanted) && near.size() < 6) near.push_back(drug.name);
            if (std::find(files.begin(), files.end(), drug.place.file) == files.end())
                files.push_back(drug.place.file);
        }
        std::vector<std::string> notes;
        if (!near.empty()) notes.push_back("near it: " + join(near, " · "));
        notes.push_back("all " + std::to_string(drugs.size()) + " drugs: grep '^name' " + join(files, " "));
        return notes;
    }

    bool read_dose() {
        const auto* entry = only_member(table_, {"dose", "amt"}, faults_);
        if (!entry) {
            fault("missing-key", "'dose' is missing in " + where_, table_.place);
            return false;
        }
        row_.place = entry->value.place;
        if (entry->value.is_number()) {
            row_.amount = entry->value.number;
        } else if (const auto dose =
                       entry->value.kind == Kind::text ? parse_dose(entry->value.text) : std::nullopt) {
            row_.amount = dose->value;
            row_.unit = dose->unit;
            row_.per = dose->per;
            if (dose->unit.empty()) return false;
        } else {
            return false;
        }
        if (row_.amount >= 0) return std::isfinite(row_.amount);
        fault("negative-dose", "'" + entry->key + "' must not be negative; found " + described(entry->value),
              entry->value.place);
        return false;
    }

    /// The largest dose of one patient, in the dose's unit.
    void read_cap() {
        const auto* value = table_.find("max_dose");
        if (!value || value->kind != Kind::text) return;
        const auto cap = parse_dose(value->text);
        if (cap && cap->per == DosePer::patient && cap->unit == row_.unit && cap->value > 0) {
            row_.max_amount = cap->value;
            return;
        }
        fault("bad-cap",
              "'max_dose' must be a dose of one patient in the unit of the dose, such as \"800 " +
                  (row_.unit.empty() ? std::string("mg") : row_.unit) + "\"; found " + described(*value),
              value->place);
    }

    void read_start() {
        const auto* entry = only_member(table_, {"start", "time"}, faults_);
        const auto days = entry ? days_in(entry->value) : std::nullopt;
        if (!days) return;
        row_.time = *days;
        if (*days < 0) {
            fault("negative-time",
                  "'" + entry->key + "' must not be negative; found " + described(entry->value),
                  entry->value.place);
        } else if (*days > reading_.trial.follow_up && reading_.trial.follow_up > 0) {
            fault("dose-after-follow-up",
                  "first dose on day " + to_text(*days) + " lies beyond the follow-up of " +
                      to_text(reading_.trial.follow_up) + " days",
                  entry->value.place);
        }
    }

    void read_interval() {
        const auto* days = table_.find("days");
        const auto* every = only_member(table_, {"every", "ii", "cycle"}, faults_);
        if (every) {
            interval_ =
                positive_days(every->value, "'" + every->key + "' in " + where_, faults_).value_or(0.0);
            has_interval_ = true;
            if (every->key == "cycle" && !days)
                fault("missing-key", "'cycle' needs 'days', the days of dosing in each cycle", every->place);
            if (every->key != "cycle" && days) {
                fault("conflicting-keys", "'days' repeats by 'cycle', not by '" + every->key + "'",
                      every->place);
            }
            if (interval_ > 0 && reading_.trial.follow_up / interval_ > max_doses) {
                fault("too-many-doses",
                      "more than " + to_text(max_doses) + " doses; found " + described(every->value),
                      every->value.place);
                interval_ = 0.0;
            }
        }
        if (days && days->kind == Kind::array) read_days(*days);
    }

    void read_days(const TomlValue& list) {
        days_.clear();
        for (const auto& item : list.items) {
            const auto day = days_in(item);
            if (!day) continue;
            if (*day < 0 || (interval_ > 0 && *day >= interval_)) {
                fault("day-outside-cycle",
                      "an entry of 'days' must be at least 0" +
                          (interval_ > 0 ? " and less than the cycle of " + to_text(interval_) + " days"
                                         : std::string()) +
                          "; found " + described(item),
                      item.place);
            }
            if (std::find(days_.begin(), days_.end(), *day) != days_.end()) {
                fault("duplicate-day", "day " + to_text(*day) + " stands twice in 'days'", item.place);
            }
            days_.push_back(*day);
        }
        std::sort(days_.begin(), days_.end());
    }

    void read_end() {
        const auto* entry = only_member(table_, {"doses", "total", "addl", "cycles"}, faults_);
        if (entry && entry->value.kind == Kind::integer) {
            const auto n = static_cast<double>(entry->value.integer);
            n_doses_ = entry->key == "addl"     ? n + 1
                       : entry->key == "cycles" ? n * static_cast<double>(days_.size())
                                                : n;
            if (entry->key == "cycles" && !table_.find("cycle"))
                fault("missing-key", "'cycles' needs 'cycle', its length", entry->place);
            else if (n_doses_ > static_cast<double>(days_.size()) && !has_interval_) {
                fault("missing-interval", "'" + entry->key + "' needs an interval: every = \"3 weeks\"",
                      entry->place);
            }
        }
        const auto* until = table_.find("until");
        if (!until) return;
        if (!has_interval_)
            fault("missing-interval", "'until' needs an interval: every = \"3 weeks\"", until->place);
        if (until->kind == Kind::text) read_until(*until);
        for (const auto& item : until->items) read_until(item);
    }

    void read_until(const TomlValue& value) {
        if (value.kind == Kind::text && (value.text == "progression" || value.text == confirmed)) {
            row_.while_on_treatment = true;
        } else if (value.kind == Kind::text && value.text == "end") {
            return;
        } else if (const auto days = value.kind == Kind::text ? parse_days(value.text) : std::nullopt) {
            until_ = std::min(until_, *days);
            if (!(*days > row_.time))
                fault("until-before-start",
                      "'until' must be later than the first dose; found " + described(value), value.place);
        } else {
            const std::vector<std::string> words{"progression", confirmed, "end"};
            fault("bad-until",
                  "'until' in " + where_ +
                      " must be \"progression\", \"confirmed progression\", \"end\" or a duration with its "
                      "unit, such as "
                      "\"2 years\"; "
                      "found " +
                      described(value) + (value.kind == Kind::text ? did_you_mean(value.text, words) : ""),
                  value.place);
        }
    }

    void read_infusion(const Drug* drug) {
        if (drug) row_.duration = drug->infusion;
        const auto* entry = only_member(table_, {"infusion", "tinf", "rate"}, faults_);
        if (!entry) return;
        if (entry->key == "rate") return read_rate(entry->value);
        const auto days = days_in(entry->value);
        if (days && *days < 0) {
            fault("negative-time",
                  "'" + entry->key + "' must not be negative; found " + described(entry->value),
                  entry->value.place);
        }
        row_.duration = std::max(0.0, days.value_or(0.0));
    }

    /// Duration of infusion = dose / rate.
    void read_rate(const TomlValue& value) {
        double rate = value.number;
        if (value.kind == Kind::text) {
            const auto written = parse_quantity(value.text);
            const auto per_time = written ? parse_unit(written->unit) : std::nullopt;
            const auto amount = parse_unit(row_.unit);
            const Unit day{86400.0, {0, 0, 1}};
            if (!written || written->unit.empty()) return;
            if (!per_time || !amount || !same_dimensions(*per_time * day, *amount) ||
                row_.per != DosePer::patient) {
                return fault(
                    "unit-mismatch",
                    "'rate' must be the dose's unit per time, such as \"10 mg/h\"; found " + described(value),
                    value.place);
            }
            rate = written->value * (per_time->factor * day.factor / amount->factor);
        }
        if (!(rate > 0))
            return fault("not-positive", "'rate' must be greater than zero; found " + described(value),
                         value.place);
        row_.duration = row_.amount / rate;
    }

    void check_fit(const Drug* drug) {
        if (row_.target.empty()) return;
        auto target = dose_target(row_, drug, reading_.model);
        if (auto* wrong = std::get_if<Fault>(&target))
            faults_.add(wrong->code, wrong->message, wrong->place, wrong->notes);
        const Trial& trial = reading_.trial;
        if (row_.per == DosePer::kilogram && trial.weight_parameter.empty() && trial.weight == 0.0) {
            fault("body-size", "dose per kg needs a body weight", row_.place,
                  {"give weight or weight_parameter in [cohort]"});
        }
        if (row_.per == DosePer::square_metre && trial.area_parameter.empty() && trial.area == 0.0) {
            fault("body-size", "dose per m² needs a body surface area", row_.place,
                  {"give area or area_parameter in [cohort]"});
        }
    }

    /// How many doses begin at `first` and fall strictly before `until` and within follow-up.
    int count(double first, double most) const {
        if (first > reading_.trial.follow_up || first >= until_) return 0;
        if (!(interval_ > 0)) return 1;
        double n = std::floor((std::min(until_, reading_.trial.follow_up) - first) / interval_) + 1;
        if (first + (n - 1) * interval_ >= until_) n -= 1;
        return static_cast<int>(std::min(n, most));
    }

    std::vector<DoseRow> scheduled() const {
        std::vector<DoseRow> rows;
        const auto n_days = static_cast<double>(days_.size());
        for (std::size_t i = 0; i < days_.size(); ++i) {
            // Of n doses dealt out over the days in turn, day i gets this many.
            const double most = std::ceil((n_doses_ - static_cast<double>(i)) / n_days);
            DoseRow row = row_;
            row.time += days_[i];
            const int n = most > 0 ? count(row.time, most) : 0;
            if (n == 0) continue;
            row.interval = n > 1 ? interval_ : 0.0;
            row.additional = n - 1;
            rows.push_back(std::move(row));
        }
        return rows;
    }

    TrialReading& reading_;
    FaultList& faults_;
    const TomlValue& table_;
    const std::string& where_;
    DoseRow row_;
    std::vector<double> days_{0.0};
    double interval_ = 0.0, until_ = forever, n_doses_ = forever;
    bool has_interval_ = false;
};

}  // namespace

bool is_treatment_key(const std::string& key) {
    return std::find(treatment_keys.begin(), treatment_keys.end(), key) != treatment_keys.end();
}

std::vector<DoseRow> read_treatment(TrialReading& reading, const TomlValue& table, const std::string& where,
                                    const Drug*& drug) {
    return TreatmentReader(reading, table, where).rows(drug);
}

}  // namespace abscopal
