// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Tables as regulators exchange them, written as CSV, CDISC Dataset-JSON 1.1 and SAS transport (XPT)
/// version 5.
namespace abscopal {

struct DataColumn {
    std::string name;   ///< at most 8 characters
    std::string label;  ///< at most 40
    bool is_number = false;
    bool is_date = false;    ///< a number: days since 1960-01-01
    std::string derivation;  ///< for define.json
};

struct DataSet {
    using Cell = std::variant<std::string, double>;  ///< NaN: missing
    std::string name, label;
    std::vector<std::string> keys;
    std::vector<DataColumn> columns;
    std::vector<std::vector<Cell>> rows;
};

/// Dates as ISO 8601; missing numbers are empty.
std::string as_csv(const DataSet& data);
/// `created`: ISO 8601 time.
std::string as_dataset_json(const DataSet& data, std::string_view study, std::string_view created);
/// TS-140: text cut at 200 bytes, numbers as IBM floating point, dates with format DATE9.
std::string as_xpt(const DataSet& data);

/// Largest length of each text column in bytes, at least 1, at most 200; 8 for numbers.
std::vector<std::size_t> column_lengths(const DataSet& data);
std::string iso_date(double days_since_1960);
double days_since_1960(int year, unsigned month, unsigned day);

}  // namespace abscopal
