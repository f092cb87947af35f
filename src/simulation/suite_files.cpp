// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "simulation/suite_files.hpp"

#include <algorithm>
#include <cmath>

#include "abscopal/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace abscopal::suite {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> list_of(std::string_view text) {
    std::vector<std::string> items;
    for (const auto& item : split(text, ','))
        if (!trim(item).empty()) items.emplace_back(trim(item));
    return items;
}

// "(low, high)".
std::optional<std::pair<double, double>> range_of(std::string text) {
    std::erase_if(text, [](char c) { return c == '(' || c == ')' || c == '[' || c == ']'; });
    const auto ends = list_of(text);
    if (ends.size() != 2) return std::nullopt;
    const auto low = to_double(ends[0]), high = to_double(ends[1]);
    if (!low || !high) return std::nullopt;
    return std::pair{*low, *high};
}

}  // namespace

std::map<std::string, std::string> read_fields(const std::string& path) {
    std::map<std::string, std::string> fields;
    for (const auto& line : split(read_file(path), '\n')) {
        const auto colon = line.find(':');
        if (colon != std::string::npos)
            fields.emplace(std::string(trim(line.substr(0, colon))),
                           std::string(trim(line.substr(colon + 1))));
    }
    return fields;
}

CaseSettings read_settings(const std::string& path) {
    auto fields = read_fields(path);
    CaseSettings settings;
    settings.absolute = to_double(fields["absolute"]).value_or(0.0);
    settings.relative = to_double(fields["relative"]).value_or(0.0);
    settings.variables = list_of(fields["variables"]);
    settings.amount = list_of(fields["amount"]);
    settings.concentration = list_of(fields["concentration"]);
    settings.mean_range = range_of(fields["meanRange"]);
    settings.sd_range = range_of(fields["sdRange"]);
    return settings;
}

Expected read_expected(const std::string& path) {
    Expected expected;
    // Not parse_csv: a case may call a variable Time, beside the time itself.
    for (const auto& line : split(read_file(path), '\n')) {
        if (trim(line).empty()) continue;
        const auto cells = split(line, ',');
        if (expected.columns.empty()) {
            for (std::size_t i = 1; i < cells.size(); ++i) expected.columns.emplace_back(trim(cells[i]));
            continue;
        }
        expected.times.push_back(to_double(cells.front()).value_or(NAN));
        auto& row = expected.rows.emplace_back();
        for (std::size_t i = 1; i < cells.size(); ++i) row.push_back(to_double(cells[i]).value_or(NAN));
        row.resize(expected.columns.size(), NAN);
    }
    return expected;
}

std::optional<std::string> model_file(const fs::path& folder, const std::string& level) {
    const std::string stem = folder.filename().string() + "-sbml-";
    std::string best;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(stem) || !name.ends_with(".xml")) continue;
        const std::string found = name.substr(stem.size(), name.size() - stem.size() - 4);
        if (level.empty() ? name > best : found == level) best = name;
    }
    if (best.empty()) return std::nullopt;
    return (folder / best).string();
}

Column column_of(const Model& model, const CaseSettings& settings, const std::string& id) {
    const auto observable = find_observable(model, id);
    if (!observable) throw Failure{"no variable '" + id + "'"};
    const auto& info = model.observables[*observable];
    const auto is_in = [&](const std::vector<std::string>& list) {
        return std::ranges::find(list, id) != list.end();
    };
    if (is_in(settings.amount) && info.amount != no_slot) return {*observable, Column::Quantity::amount};
    if (is_in(settings.concentration) && info.concentration != no_slot)
        return {*observable, Column::Quantity::concentration};
    return {*observable, Column::Quantity::value};
}

std::vector<std::string> case_folders(const std::string& folder, const std::string& level) {
    std::vector<std::string> folders;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.is_directory() &&
            fs::exists(entry.path() / (entry.path().filename().string() + "-settings.txt")) &&
            model_file(entry.path(), level))
            folders.push_back(entry.path().string());
    std::ranges::sort(folders);
    if (folders.empty()) throw FileError("no case of the SBML test suite in '" + folder + "'");
    return folders;
}

}  // namespace abscopal::suite
