// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/event_record.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.hpp"
#include "trial/model_names.hpp"

namespace abscopal {
namespace {

const std::array<std::string, 13> reserved{"ID",   "TIME", "EVID", "AMT", "CMT", "RATE", "II",
                                           "ADDL", "SS",   "TINF", "DUR", "MDV", "DV"};
/// Common columns of data sets that look like a misspelt reserved one and are none.
constexpr std::array<std::string_view, 5> innocent{"DATE", "DVID", "NTIME", "ATIME", "LDV"};
constexpr double max_additional = 1e6;

std::string upper_case(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return result;
}

bool is_reserved(const std::string& upper) {
    return std::find(reserved.begin(), reserved.end(), upper) != reserved.end();
}

bool is_missing(const std::string& cell) {
    return cell.empty() || cell == "." || cell == "NA";
}

/// Which column holds what.
class Header {
  public:
    Header(const CsvTable& table, const Model& model, FaultList& faults)
        : table_(table), model_(model), faults_(faults) {
        for (std::size_t c = 0; c < table.columns.size(); ++c) place_column(c);
        check_case();
        for (const char* name : {"ID", "TIME"}) require(name);
        if (!find("EVID")) require("AMT");
        if (find("TINF") && find("DUR")) {
            faults_.add("conflicting-columns",
                        "columns TINF and DUR both give the time of infusion; keep one",
                        table_.header_place(*find("DUR")));
        }
    }

    std::optional<std::size_t> find(const std::string& name) const {
        const auto at = columns_.find(name);
        return at == columns_.end() ? std::nullopt : std::optional(at->second);
    }

    const std::vector<std::pair<std::size_t, std::size_t>>& covariates() const { return covariates_; }
    const std::vector<std::string>& carried() const { return carried_; }

  private:
    void place_column(std::size_t c) {
        const std::string& name = table_.columns[c];
        const std::string upper = upper_case(name);
        if (is_reserved(upper) && (name == upper || name == lower_case(name))) {
            columns_.emplace(upper, c);
            if (upper == "MDV" || upper == "DV") carried_.push_back(name);
        } else if (const auto parameter = find_parameter(model_, name)) {
            covariates_.emplace_back(c, *parameter);
        } else {
            place_other(c, name, upper);
        }
    }

    /// A column of no meaning here is carried, unless it is all but a reserved one.
    void place_other(std::size_t c, const std::string& name, const std::string& upper) {
        const bool is_innocent = std::find(innocent.begin(), innocent.end(), upper) != innocent.end();
        const std::string near = is_innocent || upper.size() < 3 ? "" : nearest_name(upper, reserved);
        const bool one_edit =
            !near.empty() && near.size() >= 3 && (is_reserved(upper) || near.size() + 1 >= upper.size());
        if (is_reserved(upper)) {
            faults_.add("mixed-case",
                        "column '" + name + "' mixes upper and lower case; write '" + upper + "' or '" +
                            lower_case(name) + "'",
                        table_.header_place(c));
        } else if (one_edit && is_one_edit(upper, near)) {
            faults_.add("unknown-column", "unknown column '" + name + "'; did you mean '" + near + "'?",
                        table_.header_place(c));
        } else {
            carried_.push_back(name);
        }
    }

    static bool is_one_edit(const std::string& a, const std::string& b) {
        const auto [front_a, front_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
        const auto front = front_a - a.begin();
        const auto [back_a, back_b] = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend());
        const auto longest = static_cast<std::ptrdiff_t>(std::max(a.size(), b.size()));
        const bool is_swap = a.size() == b.size() && front + (back_a - a.rbegin()) + 2 == longest;
        return front + (back_a - a.rbegin()) + 1 >= longest || is_swap;
    }

    void check_case() {
        std::string upper, lower;
        std::size_t at = 0;
        for (std::size_t c = 0; c < table_.columns.size(); ++c) {
            const std::string& name = table_.columns[c];
            if (!is_reserved(upper_case(name))) continue;
            const bool is_upper = name == upper_case(name);
            std::string& first = is_upper ? upper : lower;
            if (first.empty()) {
                first = name;
                at = c;
            }
        }
        if (!upper.empty() && !lower.empty()) {
            faults_.add(
                "mixed-case",
                "column names '" + upper + "' and '" + lower + "' mix upper and lower case; write all in one",
                table_.header_place(at));
        }
    }

    void require(const std::string& name) {
        if (find(name)) return;
        std::vector<std::string> others;
        for (const auto& column : table_.columns) others.push_back(upper_case(column));
        if (std::find(others.begin(), others.end(), name) != others.end()) return;
        faults_.add("missing-column", "column " + name + " is missing" + did_you_mean(name, others),
                    {table_.file, table_.header_line, 1, 0});
    }

    const CsvTable& table_;
    const Model& model_;
    FaultList& faults_;
    std::map<std::string, std::size_t> columns_;
    std::vector<std::pair<std::size_t, std::size_t>> covariates_;  ///< column, parameter
    std::vector<std::string> carried_;
};

/// One row while it is read.
class RowReader {
  public:
    RowReader(const CsvTable& table, const Header& header, const Model& model, std::size_t row,
              FaultList& faults)
        : table_(table), header_(header), model_(model), row_(row), faults_(faults) {
        record_.row = row;
    }

    /// Nothing if the row has a fault.
    std::optional<EventRecord> read() {
        record_.id = read_id();
        record_.time = number("TIME").value_or(0.0);
        if (is_missing(cell("TIME"))) fault("TIME", "missing-time", "TIME is missing");
        if (record_.time < 0)
            fault("TIME", "negative-time", "TIME must not be negative; found " + cell("TIME"));
        record_.amount = number("AMT").value_or(0.0);
        read_evid();
        if (record_.has_target()) read_target();
        check_amount();
        read_rate();
        read_repetition();
        read_steady_state();
        for (const auto& [column, parameter] : header_.covariates())
            record_.covariates.push_back(number_at(column, table_.columns[column]));
        return is_good_ ? std::optional(record_) : std::nullopt;
    }

  private:
    std::string cell(const std::string& name) const {
        const auto column = header_.find(name);
        return column ? table_.rows[row_][*column] : "";
    }

    void fault_at(std::size_t column, const char* code, const std::string& message,
                  std::vector<std::string> notes = {}) {
        is_good_ = false;
        faults_.add(code,
                    message + " (ID " + (record_.id > 0 ? std::to_string(record_.id) : "?") + ", column " +
                        table_.columns[column] + ")",
                    table_.place(row_, column), std::move(notes));
    }

    void fault(const std::string& name, const char* code, const std::string& message,
               std::vector<std::string> notes = {}) {
        fault_at(header_.find(name).value_or(0), code, message, std::move(notes));
    }

    std::optional<double> number_at(std::size_t column, const std::string& name) {
        const std::string& text = table_.rows[row_][column];
        if (is_missing(text)) return std::nullopt;
        const auto value = to_double(text);
        if (value && std::isfinite(*value)) return value;
        fault_at(column, "bad-number", name + " must be a number; found '" + text + "'");
        return std::nullopt;
    }

    std::optional<double> number(const std::string& name) {
        const auto column = header_.find(name);
        return column ? number_at(*column, name) : std::nullopt;
    }

    /// A whole number; 0 where it is missing.
    int whole(const std::string& name) {
        const double value = number(name).value_or(0.0);
        if (value == std::floor(value) && std::fabs(value) <= max_additional) return static_cast<int>(value);
        fault(name, "bad-number", name + " must be a whole number up to 1e6; found " + cell(name));
        return 0;
    }

    long long read_id() {
        const auto id = to_double(cell("ID"));
        if (id && *id > 0 && *id == std::floor(*id) && *id < 9e15) return static_cast<long long>(*id);
        fault("ID", "bad-id", "ID must be a whole number greater than 0; found '" + cell("ID") + "'");
        return 0;
    }

    void read_evid() {
        if (!header_.find("EVID") || is_missing(cell("EVID"))) {
            record_.evid = record_.amount != 0 ? 1 : 0;
            return;
        }
        record_.evid = whole("EVID");
        constexpr std::array known{0, 1, 2, 3, 4, 5, 6, 8};
        if (std::find(known.begin(), known.end(), record_.evid) != known.end()) return;
        fault("EVID", "bad-evid", "EVID must be 0, 1, 2, 3, 4, 5, 6 or 8; found " + cell("EVID"),
              {"0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose, 5 or 8 replace, 6 multiply"});
    }

    void read_target() {
        const std::string text = cell("CMT");
        if (model_.states.empty()) return;
        if (is_missing(text)) {
            if (model_.states.size() != 1) {
                fault("CMT", "missing-compartment",
                      "CMT is missing: the model has " + std::to_string(model_.states.size()) + " states",
                      {"CMT is the number of a state, from 1, or its id"});
            }
            return;
        }
        if (const auto index = to_integer(text)) {
            if (*index >= 1 && static_cast<std::size_t>(*index) <= model_.states.size())
                record_.state = static_cast<std::size_t>(*index - 1);
            else
                fault("CMT", "unknown-compartment",
                      "CMT must be from 1 to " + std::to_string(model_.states.size()) +
                          ", or the id of a state; found " + text);
        } else if (const auto state = find_state(model_, text)) {
            record_.state = *state;
        } else {
            fault("CMT", "unknown-compartment",
                  "CMT '" + text + "' is not a state of the model" + did_you_mean(text, state_names(model_)));
        }
    }

    void check_amount() {
        const int evid = record_.evid;
        if (record_.is_dose()) {
            const bool steady_infusion =
                record_.amount == 0 && number("RATE").value_or(0.0) > 0 && number("SS").value_or(0.0) > 0;
            if (!(record_.amount > 0) && !steady_infusion) {
                fault("AMT", "dose-not-positive",
                      "AMT of a dose must be greater than 0; found '" + cell("AMT") + "'");
            }
        } else if (record_.has_target()) {
            if (is_missing(cell("AMT")) || record_.amount < 0) {
                fault("AMT", "bad-amount",
                      "AMT of EVID " + std::to_string(evid) + " must be a number not below 0; found '" +
                          cell("AMT") + "'");
            }
        } else if (record_.amount != 0) {
            fault("AMT", "amount-without-dose",
                  "AMT must be 0 at EVID " + std::to_string(evid) + ", which gives no dose; found " +
                      cell("AMT"));
        }
    }

    void read_rate() {
        record_.rate = number("RATE").value_or(0.0);
        const char* time_name = header_.find("TINF") ? "TINF" : "DUR";
        record_.infusion = number(time_name).value_or(0.0);
        if (record_.rate < 0 && record_.rate != -1 && record_.rate != -2) {
            fault("RATE", "bad-rate", "RATE must be 0, greater than 0, -1 or -2; found " + cell("RATE"),
                  {"-1: the rate is the model's parameter R_<id>; -2: the duration is D_<id>"});
        }
        if (record_.infusion < 0)
            fault(time_name, "negative-time",
                  std::string(time_name) + " must not be negative; found " + cell(time_name));
        if (record_.infusion != 0 && record_.rate != 0) {
            fault(time_name, "conflicting-columns",
                  std::string(time_name) + " and RATE are both given; RATE is derived from " + time_name);
        }
        if (record_.is_dose()) return;
        if (record_.rate != 0)
            fault("RATE", "rate-without-dose",
                  "RATE must be 0 on rows that are no dose; found " + cell("RATE"));
        if (record_.infusion != 0)
            fault(time_name, "rate-without-dose",
                  std::string(time_name) + " must be 0 on rows that are no dose; found " + cell(time_name));
    }

    void read_repetition() {
        record_.interval = number("II").value_or(0.0);
        record_.additional = whole("ADDL");
        if (record_.interval < 0)
            fault("II", "negative-time", "II must not be negative; found " + cell("II"));
        if (record_.additional < 0)
            fault("ADDL", "bad-number", "ADDL must not be negative; found " + cell("ADDL"));
        if (!record_.is_dose()) {
            if (record_.interval != 0 || record_.additional != 0) {
                fault(record_.additional != 0 ? "ADDL" : "II", "repetition-without-dose",
                      "II and ADDL must be 0 on rows that are no dose");
            }
        } else if (number("SS").value_or(0.0) == 0 && (record_.additional > 0) != (record_.interval > 0)) {
            const bool has_more = record_.additional > 0;
            fault(has_more ? "ADDL" : "II", "interval-and-additional",
                  has_more ? "ADDL is " + cell("ADDL") + " but II is 0: give the interval between doses"
                           : "II is " + cell("II") + " but ADDL is 0: give the number of additional doses");
        }
    }

    void read_steady_state() {
        const int ss = whole("SS");
        if (ss == 0) return;
        if (ss != 1 && ss != 2) return fault("SS", "bad-number", "SS must be 0, 1 or 2; found " + cell("SS"));
        fault("SS", "steady-state",
              "SS = " + std::to_string(ss) + " asks for a steady state, and a growing tumour has none",
              {"use a lead-in period: begin the doses early enough for the drug to settle"});
    }

    const CsvTable& table_;
    const Header& header_;
    const Model& model_;
    std::size_t row_;
    FaultList& faults_;
    EventRecord record_;
    bool is_good_ = true;
};

/// Time must not go back within a subject, and a subject's rows stand together.
class OrderCheck {
  public:
    OrderCheck(const CsvTable& table, std::size_t id_column, std::size_t time_column, FaultList& faults)
        : table_(table), id_column_(id_column), time_column_(time_column), faults_(faults) {}

    void next(const EventRecord& record) {
        const bool is_new = seen_.empty() || record.id != seen_.back();
        if (is_new && std::find(seen_.begin(), seen_.end(), record.id) != seen_.end()) {
            faults_.add("id-scattered",
                        "rows of ID " + std::to_string(record.id) + " do not stand together (column " +
                            table_.columns[id_column_] + ")",
                        table_.place(record.row, id_column_));
        }
        if (is_new) seen_.push_back(record.id);
        if (!is_new && record.time < last_) {
            const bool restarts = record.is_reset();
            faults_.add("time-order",
                        "TIME " + to_text(record.time) + " is before " + to_text(last_) +
                            " of the row above (ID " + std::to_string(record.id) + ", column " +
                            table_.columns[time_column_] + ")",
                        table_.place(record.row, time_column_),
                        {restarts ? "time must not restart at EVID 3 or 4; go on counting"
                                  : "sort the rows of each ID by TIME"});
        }
        last_ = record.time;
    }

  private:
    const CsvTable& table_;
    std::size_t id_column_, time_column_;
    FaultList& faults_;
    std::vector<long long> seen_;
    double last_ = 0.0;
};

}  // namespace

EventRecords read_event_records(const CsvTable& table, const Model& model, FaultList& faults) {
    const auto before = faults.faults().size();
    const Header header(table, model, faults);
    EventRecords result;
    result.carried = header.carried();
    for (const auto& [column, parameter] : header.covariates()) result.covariates.push_back(parameter);
    if (faults.faults().size() != before) return result;

    OrderCheck order(table, *header.find("ID"), *header.find("TIME"), faults);
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const auto record = RowReader(table, header, model, row, faults).read();
        if (!record) continue;
        order.next(*record);
        result.records.push_back(*record);
    }
    return result;
}

}  // namespace abscopal
