// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/data_set.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/text.hpp"

namespace abscopal {
namespace {

using Json = nlohmann::ordered_json;
namespace calendar = std::chrono;

constexpr calendar::sys_days sas_origin = calendar::year{1960} / 1 / 1;

std::string two_digits(unsigned value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string text_of(const DataSet::Cell& cell, const DataColumn& column) {
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    const double value = std::get<double>(cell);
    if (!std::isfinite(value)) return {};
    return column.is_date ? iso_date(value) : to_text(value);
}

Json json_of(const DataSet::Cell& cell, const DataColumn& column) {
    const std::string text = text_of(cell, column);
    if (text.empty()) return nullptr;
    return column.is_number && !column.is_date ? Json(std::get<double>(cell)) : Json(text);
}

Json json_column(const DataSet& data, std::size_t index, std::size_t length) {
    const DataColumn& column = data.columns[index];
    Json json{{"itemOID", "IT." + data.name + "." + column.name},
              {"name", column.name},
              {"label", column.label},
              {"dataType", column.is_date     ? "date"
                           : column.is_number ? "double"
                                              : "string"}};
    if (column.is_date) json["targetDataType"] = "integer";
    if (column.is_date) json["displayFormat"] = "DATE9.";
    if (!column.is_number) json["length"] = length;
    const auto key = std::find(data.keys.begin(), data.keys.end(), column.name);
    if (key != data.keys.end()) json["keySequence"] = key - data.keys.begin() + 1;
    return json;
}

}  // namespace

double days_since_1960(int year, unsigned month, unsigned day) {
    const calendar::sys_days date = calendar::year{year} / calendar::month{month} / calendar::day{day};
    return static_cast<double>((date - sas_origin).count());
}

std::string iso_date(double days) {
    const calendar::year_month_day date{sas_origin + calendar::days(static_cast<long>(std::floor(days)))};
    return std::to_string(static_cast<int>(date.year())) + "-" +
           two_digits(static_cast<unsigned>(date.month())) + "-" +
           two_digits(static_cast<unsigned>(date.day()));
}

std::vector<std::size_t> column_lengths(const DataSet& data) {
    std::vector<std::size_t> lengths;
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
        std::size_t length = data.columns[i].is_number ? 8 : 1;
        if (!data.columns[i].is_number)
            for (const auto& row : data.rows)
                length = std::clamp(std::get<std::string>(row[i]).size(), length, std::size_t{200});
        lengths.push_back(length);
    }
    return lengths;
}

std::string as_csv(const DataSet& data) {
    std::string csv;
    for (std::size_t i = 0; i < data.columns.size(); ++i)
        csv += (i ? "," : "") + csv_cell(data.columns[i].name);
    csv += '\n';
    for (const auto& row : data.rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            csv += (i ? "," : "") + csv_cell(text_of(row[i], data.columns[i]));
        csv += '\n';
    }
    return csv;
}

std::string as_dataset_json(const DataSet& data, std::string_view study, std::string_view created) {
    Json json{{"datasetJSONCreationDateTime", created},
              {"datasetJSONVersion", "1.1.0"},
              {"originator", "Abscopal"},
              {"studyOID", study},
              {"itemGroupOID", "IG." + data.name},
              {"records", data.rows.size()},
              {"name", data.name},
              {"label", data.label},
              {"columns", Json::array()},
              {"rows", Json::array()}};
    const auto lengths = column_lengths(data);
    for (std::size_t i = 0; i < data.columns.size(); ++i)
        json["columns"].push_back(json_column(data, i, lengths[i]));
    for (const auto& row : data.rows) {
        Json cells = Json::array();
        for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(json_of(row[i], data.columns[i]));
        json["rows"].push_back(std::move(cells));
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace abscopal
