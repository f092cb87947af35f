// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/csv.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "trial/calibration_problem.hpp"

namespace abscopal {
namespace {

constexpr double z95 = 1.959963984540054;

/// One row of a table, by name of column.
class Row {
  public:
    Row(const CsvTable& table, std::size_t row) : table_(table), row_(row) {}
    std::string text(std::string_view column) const {
        const auto at = std::find(table_.columns.begin(), table_.columns.end(), column);
        if (at == table_.columns.end()) return "";
        return std::string(trim(table_.rows[row_][static_cast<std::size_t>(at - table_.columns.begin())]));
    }
    std::optional<double> number(std::string_view column) const {
        const auto value = to_double(text(column));
        return value && std::isfinite(*value) ? value : std::nullopt;
    }
    bool has(std::string_view column) const {
        return std::find(table_.columns.begin(), table_.columns.end(), column) != table_.columns.end();
    }

  private:
    const CsvTable& table_;
    std::size_t row_;
};

/// A value with limits in the units of the table: percent, months.
struct Cell {
    std::optional<double> value, lower, upper;
};

/// "28.2-39.6" → its two numbers.
Cell with_range(Cell cell, const std::string& range) {
    const auto dash = range.find('-', 1);
    if (dash == std::string::npos) return cell;
    cell.lower = to_double(range.substr(0, dash));
    cell.upper = to_double(range.substr(dash + 1));
    return cell;
}

/// "PFS_6m=47.3; OS_18m=40" → the number of one of them.
std::optional<double> other_landmark(const std::string& text, const std::string& name) {
    const auto at = text.find(name + "=");
    if (at == std::string::npos) return std::nullopt;
    const auto begin = at + name.size() + 1;
    return to_double(text.substr(begin, text.find_first_not_of("0123456789.", begin) - begin));
}

Cell landmark(const Row& row, const std::string& endpoint, double months) {
    const std::string name = endpoint + "_" + to_text(months) + "m";
    if (row.has("S12_pct")) {
        if (row.text("endpoint") != endpoint) return {};
        return {row.number("S" + to_text(months) + "_pct"), {}, {}};
    }
    auto value = row.number(name + "_pct");
    if (!value) value = other_landmark(row.text("other_landmarks"), name);
    return {value, {}, {}};
}

Cell median(const Row& row, const std::string& endpoint) {
    if (row.has("S12_pct")) {
        if (row.text("endpoint") != endpoint) return {};
        return {row.number("median_months"), row.number("median_ci_lo"), row.number("median_ci_hi")};
    }
    return {row.number(endpoint + "_median_months"), row.number(endpoint + "_ci_lo"),
            row.number(endpoint + "_ci_hi")};
}

Cell adverse(const Row& row, int grade) {
    if (row.has("any_grade_pct"))
        return {row.number(grade >= 3 ? "grade3plus_pct" : "any_grade_pct"), {}, {}};
    return {grade >= 3 ? row.number("grade3plus_TRAE_pct") : std::nullopt, {}, {}};
}

Cell cell_of(const Row& row, const MeasureName& measure, int grade) {
    switch (measure.measure) {
        case Measure::response:
            return with_range({row.number("ORR_pct"), {}, {}}, row.text("ORR_ci"));
        case Measure::complete_response:
            return {row.number("CR_pct"), {}, {}};
        case Measure::disease_control: {
            const auto orr = row.number("ORR_pct"), sd = row.number("SD_pct");
            return {orr && sd ? std::optional(*orr + *sd) : std::nullopt, {}, {}};
        }
        case Measure::pfs_at:
            return landmark(row, "PFS", measure.months);
        case Measure::os_at:
            return landmark(row, "OS", measure.months);
        case Measure::pfs_median:
            return median(row, "PFS");
        case Measure::os_median:
            return median(row, "OS");
        case Measure::adverse_event:
            return adverse(row, grade);
    }
    return {};
}

/// What is restated from memory is less sure than its sampling error (evidence README): in points of percent,
/// and of the share beyond a median.
double doubt(const Row& row) {
    if (row.text("provenance") != "recalled" && row.text("provenance") != "mixed") return 0.0;
    if (row.text("confidence") == "low") return 0.10;
    return row.text("confidence") == "medium" ? 0.02 : 0.0;
}

std::optional<std::size_t> find_row(const CsvTable& table, const TomlValue& from, FaultList& faults) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < table.rows.size(); ++i) rows.push_back(i);
    for (const auto& cell : from.members) {
        if (cell.key == "table") continue;
        const auto at = std::find(table.columns.begin(), table.columns.end(), cell.key);
        if (at == table.columns.end()) {
            faults.add("missing-column",
                       "the table has no column '" + cell.key + "'" + did_you_mean(cell.key, table.columns),
                       cell.place);
            return std::nullopt;
        }
        const auto column = static_cast<std::size_t>(at - table.columns.begin());
        const std::string wanted = cell.value.is_number() ? to_text(cell.value.number) : cell.value.text;
        std::vector<std::string> there;
        for (const auto row : rows) there.emplace_back(trim(table.rows[row][column]));
        std::erase_if(rows, [&](std::size_t row) { return trim(table.rows[row][column]) != wanted; });
        if (!rows.empty()) continue;
        std::sort(there.begin(), there.end());
        there.erase(std::unique(there.begin(), there.end()), there.end());
        if (there.size() > 12) there.resize(12);
        faults.add(
            "no-evidence",
            "no row of the table has " + cell.key + " = '" + wanted + "'" + did_you_mean(wanted, there),
            cell.value.place, {"there are, among others: " + join(there, "; ")});
        return std::nullopt;
    }
    if (rows.size() > 1) {
        faults.add("ambiguous-evidence",
                   std::to_string(rows.size()) + " rows of the table fit; name more cells (lines " +
                       std::to_string(table.lines[rows[0]]) + ", " + std::to_string(table.lines[rows[1]]) +
                       ", …)",
                   from.place);
        return std::nullopt;
    }
    return rows.front();
}

void widen(Observation& observed, double more) {
    const double error = std::hypot(observed.error, more), factor = error / observed.error;
    observed.lower = observed.value - (observed.value - observed.lower) * factor;
    observed.upper = observed.value + (observed.upper - observed.value) * factor;
    observed.error = error;
}

}  // namespace

Observation share_observed(double value, std::optional<double> lower, std::optional<double> upper, double n) {
    Observation observed;
    observed.value = value;
    if (lower && upper) {
        observed.lower = *lower, observed.upper = *upper;
        observed.error = std::max(1e-4, (*upper - *lower) / (2 * z95));
        return observed;
    }
    // Wilson's limits; they know of the error where none or all of n were seen.
    const double size = n > 0 ? n : 100.0, z2 = z95 * z95;
    const double middle = (value + z2 / (2 * size)) / (1 + z2 / size);
    const double half =
        z95 / (1 + z2 / size) * std::sqrt(value * (1 - value) / size + z2 / (4 * size * size));
    observed.lower = std::max(0.0, middle - half), observed.upper = std::min(1.0, middle + half);
    observed.error = half / z95;
    return observed;
}

Observation median_observed(double value, std::optional<double> lower, std::optional<double> upper,
                            double n) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Observation observed;
    observed.value = value;
    observed.error = std::sqrt(0.25 / (n > 0 ? n : 100.0));
    // Without limits: those of an exponential law, whose hazard has the error 1/√events.
    const double factor = std::exp(z95 / std::sqrt(0.7 * (n > 0 ? n : 100.0)));
    observed.lower = lower.value_or(value / factor);
    observed.upper = upper ? *upper : lower ? infinity : value * factor;
    return observed;
}

std::optional<Observation> observation_from(const TomlValue& from, const std::string& folder,
                                            const MeasureName& measure, int grade, FaultList& faults) {
    const auto* name = from.find("table");
    if (!name || name->kind != TomlValue::Kind::text) {
        faults.add("missing-key", "'table' is missing in 'from'", from.place);
        return std::nullopt;
    }
    const std::string path =
        beside(name->place.file, folder.empty() ? name->text : folder + "/" + name->text);
    if (!std::filesystem::is_regular_file(path)) {
        faults.add("file-missing", "table '" + path + "' does not exist", name->place);
        return std::nullopt;
    }
    const CsvTable table = read_csv(path);
    const auto index = find_row(table, from, faults);
    if (!index) return std::nullopt;
    const Row row(table, *index);
    const auto cell = cell_of(row, measure, grade);
    if (!cell.value) {
        faults.add("no-evidence",
                   "the row does not say this measure (" + name->text + ", line " +
                       std::to_string(table.lines[*index]) + ")",
                   from.place);
        return std::nullopt;
    }
    const double n = row.number("N").value_or(row.number("n").value_or(0.0));
    const bool is_median = measure.measure == Measure::pfs_median || measure.measure == Measure::os_median;
    const auto share = [](std::optional<double> percent) {
        return percent ? std::optional(*percent / 100) : std::nullopt;
    };
    auto observed = is_median ? median_observed(*cell.value, cell.lower, cell.upper, n)
                              : share_observed(*cell.value / 100, share(cell.lower), share(cell.upper), n);
    if (const double more = doubt(row); more > 0) widen(observed, more);
    if (!is_median) {
        observed.lower = std::max(0.0, observed.lower);
        observed.upper = std::min(1.0, observed.upper);
    }
    observed.lower = std::max(0.0, observed.lower);
    observed.source =
        std::filesystem::path(path).filename().string() + " line " + std::to_string(table.lines[*index]);
    return observed;
}

}  // namespace abscopal
