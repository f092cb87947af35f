// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/event_table.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/file.hpp"
#include "base/text.hpp"
#include "trial/event_record.hpp"

namespace abscopal {
namespace {

/// What happens first at one time.
enum Rank { covariate_now, reset, dose, other, observation, covariate_next };

/// An action or an observation with its place in the total order.
struct Entry {
    Action action;
    bool is_observation = false;
    int rank = 0;
    std::size_t row = 0;
};

/// Turns the records of one subject into actions.
class SubjectBuilder {
  public:
    SubjectBuilder(const CsvTable& table, const EventRecords& table_records, const Model& model,
                   const EventTableOptions& options, FaultList& faults)
        : table_(table),
          covariates_(table_records.covariates),
          model_(model),
          options_(options),
          faults_(faults),
          current_(covariates_.size()),
          has_varied_(covariates_.size(), 0) {}

    EventSubject build(std::span<const EventRecord> records) {
        subject_.id = records.front().id;
        first_covariates(records);
        for (const auto& record : records) {
            vary(record);
            add(record);
            last_time_ = record.time;
        }
        finish();
        return std::move(subject_);
    }

  private:
    void first_covariates(std::span<const EventRecord> records) {
        for (std::size_t c = 0; c < covariates_.size(); ++c) {
            const auto first = std::find_if(records.begin(), records.end(), [&](const EventRecord& r) {
                return r.covariates[c].has_value();
            });
            if (first == records.end()) continue;
            current_[c] = first->covariates[c];
            subject_.initial.emplace_back(model_.parameters[covariates_[c]].id, *current_[c]);
        }
        last_time_ = records.front().time;
    }

    void vary(const EventRecord& record) {
        const bool next = options_.carry == CovariateCarry::nocb;
        for (std::size_t c = 0; c < covariates_.size(); ++c) {
            const auto& value = record.covariates[c];
            if (!value || value == current_[c]) continue;
            current_[c] = value;
            has_varied_[c] = 1;
            const Action change{next ? last_time_ : record.time, ActionKind::replace,
                                model_.parameters[covariates_[c]].slot, *value, 0.0};
            entries_.push_back({change, false, next ? covariate_next : covariate_now, record.row});
        }
    }

    void add(const EventRecord& record) {
        if (record.evid == 0)
            entries_.push_back({{record.time, ActionKind::restart, no_slot, 0.0, 0.0},
                                true,
                                rank_of(observation),
                                record.row});
        if (record.evid == 2) push(record, ActionKind::restart, no_slot, 0.0, other);
        if (record.is_reset()) push(record, ActionKind::reset, no_slot, 0.0, reset);
        if (record.evid == 5 || record.evid == 8)
            push(record, ActionKind::replace, model_.states[record.state].slot, record.amount, dose);
        if (record.evid == 6)
            push(record, ActionKind::multiply, model_.states[record.state].slot, record.amount, dose);
        if (record.is_dose()) add_doses(record);
    }

    void push(const EventRecord& record, ActionKind kind, Slot slot, double value, Rank rank) {
        entries_.push_back({{record.time, kind, slot, value, 0.0}, false, rank_of(rank), record.row});
    }

    /// recsort keeps the order of rows at one time: all of them rank alike.
    int rank_of(Rank rank) const { return options_.recsort == 0 ? rank : static_cast<int>(observation); }
    int rank_of_additional() const {
        if (options_.recsort == 0) return dose;
        return options_.recsort % 2 == 1 ? observation - 1 : observation + 1;
    }

    void add_doses(const EventRecord& record) {
        const std::string& id = model_.states[record.state].id;
        const double share = parameter("F_" + id).value_or(1.0), lag = parameter("ALAG_" + id).value_or(0.0);
        const double amount = record.amount * share, duration = duration_of(record, share);
        const ActionKind kind = duration > 0 ? ActionKind::infuse : ActionKind::add;
        for (int k = 0; k <= record.additional; ++k) {
            const Action action{record.time + lag + k * record.interval,
                                kind,
                                model_.states[record.state].slot,
                                amount,
                                duration,
                                slopes_of(record, share)};
            entries_.push_back({action, false, k == 0 ? rank_of(dose) : rank_of_additional(), record.row});
        }
    }

    /// Derivatives of a dose's time, amount and duration where the model is differentiated by the parameters
    /// that make them.
    std::vector<double> slopes_of(const EventRecord& record, double share) {
        if (!model_.sensitivities) return {};
        const std::size_t n_by = model_.sensitivities->by.size();
        const std::string id = model_.states[record.state].id, number = std::to_string(record.state + 1);
        const bool is_timed = record.rate == -1 || record.rate == -2;
        const double duration = is_timed && record.rate == -2 ? 0.0 : duration_of(record, 1.0);
        std::vector<double> slopes(3 * n_by, 0.0);
        for (std::size_t k = 0; k < n_by; ++k) {
            if (is_by(k, "ALAG_" + id)) slopes[k] = 1.0;
            if (is_by(k, "F_" + id)) slopes[n_by + k] = record.amount, slopes[2 * n_by + k] = duration;
            const bool is_rate = is_by(k, "R_" + id) || is_by(k, "R" + number);
            const bool is_duration = is_by(k, "D_" + id) || is_by(k, "D" + number);
            if (record.rate == -1 && is_rate)
                slopes[2 * n_by + k] = -share * duration * duration / record.amount;
            if (record.rate == -2 && is_duration) slopes[2 * n_by + k] = 1.0;
        }
        const bool is_any =
            std::any_of(slopes.begin(), slopes.end(), [](double slope) { return slope != 0.0; });
        return is_any ? slopes : std::vector<double>{};
    }

    /// Whether the model is differentiated by this parameter, and no row has given it another value since the
    /// start.
    bool is_by(std::size_t k, const std::string& name) const {
        if (model_.sensitivities->by[k] != name) return false;
        for (std::size_t c = 0; c < covariates_.size(); ++c)
            if (model_.parameters[covariates_[c]].id == name && has_varied_[c]) return false;
        return true;
    }

    /// A given rate stays and bioavailability changes the duration; a given duration (RATE −2) stays and the
    /// rate changes.
    double duration_of(const EventRecord& record, double share) {
        if (record.infusion > 0) return record.infusion * share;
        if (record.rate > 0) return record.amount * share / record.rate;
        if (record.rate == -1) return record.amount * share / needed(record, "R", "rate of infusion");
        if (record.rate == -2) return needed(record, "D", "duration of infusion");
        return 0.0;
    }

    double needed(const EventRecord& record, const std::string& letter, const char* meaning) {
        const std::string by_id = letter + "_" + model_.states[record.state].id,
                          by_number = letter + std::to_string(record.state + 1);
        const auto value = parameter(by_id) ? parameter(by_id) : parameter(by_number);
        if (value && *value > 0) return *value;
        const auto column = static_cast<std::size_t>(
            std::find_if(table_.columns.begin(), table_.columns.end(),
                         [](const std::string& name) { return lower_case(name) == "rate"; }) -
            table_.columns.begin());
        const std::string what =
            value ? "must be greater than 0; found " + to_text(*value) : "is not a parameter of the model";
        faults_.add("rate-parameter",
                    std::string("the ") + meaning + " '" + by_id + "' (or '" + by_number + "') " + what +
                        " (ID " + std::to_string(record.id) + ", column " + table_.columns[column] + ")",
                    table_.place(record.row, column));
        return 1.0;
    }

    /// Value now: of the table's column, else of the caller, else the model's default.
    std::optional<double> parameter(const std::string& name) const {
        for (std::size_t c = 0; c < covariates_.size(); ++c) {
            if (model_.parameters[covariates_[c]].id == name && current_[c]) return current_[c];
        }
        for (const auto& [id, value] : options_.settings) {
            if (id == name) return value;
        }
        for (const auto& info : model_.parameters) {
            if (info.id == name) return info.value;
        }
        return std::nullopt;
    }

    void finish() {
        std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
            return std::tuple(a.action.time, a.rank, a.row) < std::tuple(b.action.time, b.rank, b.row);
        });
        double time = -1.0, now = 0.0;
        bool was_observed = false;
        for (const Entry& entry : entries_) {
            if (entry.action.time != time) {
                time = now = entry.action.time;
                was_observed = false;
            }
            if (entry.is_observation) {
                subject_.observations.push_back({time, now, entry.row});
            } else {
                if (was_observed) now = std::nextafter(now, std::numeric_limits<double>::infinity());
                subject_.actions.push_back(entry.action);
                subject_.actions.back().time = now;
            }
            was_observed = entry.is_observation;
        }
    }

    const CsvTable& table_;
    const std::vector<std::size_t>& covariates_;
    const Model& model_;
    const EventTableOptions& options_;
    FaultList& faults_;
    std::vector<std::optional<double>> current_;
    std::vector<char> has_varied_;
    std::vector<Entry> entries_;
    EventSubject subject_;
    double last_time_ = 0.0;
};

}  // namespace

EventTable parse_event_table(const std::string& text, const std::string& file, const Model& model,
                             const EventTableOptions& options) {
    const CsvTable table = parse_csv(text, file);
    FaultList faults;
    const EventRecords read = read_event_records(table, model, faults);
    EventTable result;
    result.carried = read.carried;
    for (const auto parameter : read.covariates) result.covariates.push_back(model.parameters[parameter].id);
    for (auto first = read.records.begin(); first != read.records.end();) {
        const auto last =
            std::find_if(first, read.records.end(), [&](const EventRecord& r) { return r.id != first->id; });
        result.subjects.push_back(
            SubjectBuilder(table, read, model, options, faults).build(std::span(first, last)));
        first = last;
    }
    if (faults.empty() && result.subjects.empty()) faults.add("no-events", "event table has no rows", {file});
    faults.throw_if_any();
    return result;
}

EventTable read_event_table(const std::string& path, const Model& model, const EventTableOptions& options) {
    return parse_event_table(read_file(path), path, model, options);
}

const EventSubject& subject_of(const EventTable& table, std::optional<long long> id,
                               const std::string& file) {
    std::vector<std::string> known;
    for (const auto& subject : table.subjects) {
        if (id ? subject.id == *id : table.subjects.size() == 1) return subject;
        known.push_back(std::to_string(subject.id));
    }
    throw InputError(
        {"which-id",
         id ? "event table has no ID " + std::to_string(*id) : "event table holds several IDs; choose one",
         {file},
         {"IDs: " + join(known, ", ")}});
}

std::size_t check_event_table(const std::string& path) {
    FaultList faults;
    const auto records = read_event_records(read_csv(path), Model{}, faults);
    if (faults.empty() && records.records.empty()) faults.add("no-events", "event table has no rows", {path});
    faults.throw_if_any();
    return records.records.size();
}

}  // namespace abscopal
