// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "simulation/time_course.hpp"

/// Files of a case of the SBML test suite, semantic or stochastic: folder NNNNN with NNNNN-settings.txt,
/// -results.csv and -sbml-lLvV.xml.
namespace abscopal::suite {

struct CaseSettings {
    double absolute = 0.0, relative = 0.0;
    std::vector<std::string> variables, amount, concentration;
    /// Of a stochastic case: where the deviations of means and of standard deviations, each over its own
    /// standard error, must lie.
    std::optional<std::pair<double, double>> mean_range, sd_range;
};

struct Expected {
    std::vector<double> times;
    std::vector<std::string> columns;       ///< without time
    std::vector<std::vector<double>> rows;  ///< [time][column]
};

/// A wrong answer, as opposed to a refusal.
struct Failure {
    std::string reason;
};

/// "key: value" lines.
std::map<std::string, std::string> read_fields(const std::string& path);
CaseSettings read_settings(const std::string& path);
Expected read_expected(const std::string& path);

/// The file of the wanted level, or the one of the highest level and version.
std::optional<std::string> model_file(const std::filesystem::path& folder, const std::string& level);

/// Throws Failure if the model has no such variable.
Column column_of(const Model& model, const CaseSettings& settings, const std::string& id);

/// Folders of cases that have a file of the level, in order. Throws FileError if there is none.
std::vector<std::string> case_folders(const std::string& folder, const std::string& level);

}  // namespace abscopal::suite
