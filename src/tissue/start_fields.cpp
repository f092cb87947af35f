// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "base/file.hpp"
#include "base/text.hpp"
#include "tissue/matlab.hpp"
#include "tissue/settings.hpp"

/// Start densities: CSV rows `x,y,z,<densities>` with or without a header, or a MATLAB level 4 matrix [voxels
/// x (3 + substrates)].
namespace abscopal::tissue {
namespace {

constexpr std::size_t max_field_file = std::size_t{4} << 30;

/// Rows of numbers; column k + 3 belongs to substrate `substrates[k]` (-1: to none).
struct Table {
    std::vector<int> substrates;
    std::vector<std::vector<double>> rows;
    std::vector<int> lines;
};

std::vector<int> all_substrates(const Project& project) {
    std::vector<int> all(project.substrates.size());
    for (std::size_t k = 0; k < all.size(); ++k) all[k] = static_cast<int>(k);
    return all;
}

std::vector<int> columns_of(const std::string& header, const std::string& file, XmlFile& xml,
                            const Project& project) {
    const auto names = substrate_names(project);
    const auto words = split(header, ',');
    std::vector<int> columns;
    for (std::size_t k = 3; k < words.size(); ++k) {
        const std::string word(trim(words[k]));
        const auto found = std::find(names.begin(), names.end(), word);
        if (found == names.end())
            xml.fault("unknown-name", "unknown substrate '" + word + "'" + did_you_mean(word, names),
                      {file, 1, 1});
        columns.push_back(found == names.end() ? -1 : static_cast<int>(found - names.begin()));
    }
    return columns;
}

bool is_header(const std::string& row) {
    const auto words = trim(row);
    return words.starts_with('x') || words.starts_with('X');
}

Table read_csv_table(const std::string& file, XmlFile& xml, const Project& project) {
    Table table;
    const auto rows = split(read_file(file, max_field_file), '\n');
    const bool header = !rows.empty() && is_header(rows[0]);
    table.substrates = header ? columns_of(rows[0], file, xml, project) : all_substrates(project);
    for (std::size_t k = header ? 1 : 0; k < rows.size(); ++k) {
        if (trim(rows[k]).empty()) continue;
        std::vector<double> values;
        for (const auto& word : split(rows[k], ',')) {
            const auto value = to_double(word);
            if (!value || !std::isfinite(*value))
                xml.fault("bad-number", "'" + std::string(trim(word)) + "' is no finite number",
                          {file, static_cast<int>(k + 1), 1});
            values.push_back(value && std::isfinite(*value) ? *value : 0);
        }
        table.rows.push_back(std::move(values));
        table.lines.push_back(static_cast<int>(k + 1));
    }
    return table;
}

Table read_matlab_table(const std::string& file, XmlFile& xml, const Project& project) {
    const MatlabMatrix matrix = parse_matlab(read_file(file, max_field_file), file);
    Table table{all_substrates(project), {}, {}};
    if (matrix.columns != table.substrates.size() + 3) {
        xml.fault("row-length",
                  "the matrix has " + std::to_string(matrix.columns) + " columns, expected " +
                      std::to_string(table.substrates.size() + 3) + " (x, y, z and each substrate)",
                  {file});
        return table;
    }
    if (!std::ranges::all_of(matrix.values, [](double value) { return std::isfinite(value); }))
        xml.fault("bad-number", "the matrix holds a number that is not finite", {file});
    for (std::size_t r = 0; r < matrix.rows; ++r) {
        table.rows.emplace_back();
        for (std::size_t c = 0; c < matrix.columns; ++c) table.rows.back().push_back(matrix.at(r, c));
        table.lines.push_back(0);
    }
    return table;
}

void fill(const Table& table, const std::string& file, XmlFile& xml, Project& project) {
    project.start_fields.assign(project.substrates.size(), {});
    for (const int k : table.substrates) {
        if (k >= 0)
            project.start_fields[static_cast<std::size_t>(k)].assign(
                project.grid.size(), project.substrates[static_cast<std::size_t>(k)].initial);
    }
    std::vector<bool> set(project.grid.size(), false);
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        const auto& row = table.rows[r];
        const Place place{file, table.lines[r], table.lines[r] > 0 ? 1 : 0};
        if (row.size() != table.substrates.size() + 3) {
            xml.fault("row-length",
                      "row " + std::to_string(r + 1) + " has " + std::to_string(row.size()) +
                          " fields, expected " + std::to_string(table.substrates.size() + 3),
                      place);
            continue;
        }
        if (!project.grid.contains(row[0], row[1], row[2])) {
            xml.fault("outside-domain", "row " + std::to_string(r + 1) + " lies outside the domain", place);
            continue;
        }
        const auto voxel = project.grid.voxel_at(row[0], row[1], row[2]);
        if (set[voxel])
            xml.fault("voxel-twice",
                      "row " + std::to_string(r + 1) + " sets a voxel that an earlier row has set", place);
        set[voxel] = true;
        for (std::size_t k = 0; k < table.substrates.size(); ++k) {
            if (table.substrates[k] >= 0)
                project.start_fields[static_cast<std::size_t>(table.substrates[k])][voxel] = row[k + 3];
        }
    }
    const auto missing = std::count(set.begin(), set.end(), false);
    if (missing > 0)
        xml.fault("voxels-missing",
                  std::to_string(missing) + " of " + std::to_string(set.size()) + " voxels have no row",
                  {file});
}

}  // namespace

void read_start_fields(const Element& root, const ProjectFolder& folder, Project& project) {
    const Element condition =
        root.child("microenvironment_setup").child("options").child("initial_condition");
    const Element file = condition.child("filename");
    if (!condition.flag("enabled", false)) return;
    const std::string type = lower_case(condition.attribute("type"));
    const auto path = folder.find("", file.text());
    if (!path)
        return (file ? file : condition)
            .fault("missing-file", "there is no file of start densities '" + file.text() + "'");
    if (type == "csv") return fill(read_csv_table(*path, root.file(), project), *path, root.file(), project);
    if (type == "matlab" || type == "mat")
        return fill(read_matlab_table(*path, root.file(), project), *path, root.file(), project);
    condition.fault("unknown-format", "start densities of type '" + type + "', expected csv or matlab");
}

}  // namespace abscopal::tissue
