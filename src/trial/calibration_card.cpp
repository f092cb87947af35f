// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <vector>

#include "base/file.hpp"
#include "base/text.hpp"
#include "trial/calibration_files.hpp"

/// Tables of cards and the shares of targets that are met.
namespace abscopal {
namespace {

enum class Group { targets, strata, adverse_events };

/// A response in a stratum is of the strata; other conditions name the trial's own selection.
Group group_of(const CalibratedTarget& target) {
    if (target.measure == "event") return Group::adverse_events;
    return target.measure == "orr" && !target.where.empty() ? Group::strata : Group::targets;
}

std::string cell(const CalibratedTarget& target) {
    const std::string text =
        shown_value(target, target.weighted) + " / " + shown_value(target, target.observed);
    return target.meets ? text : "**" + text + "**";
}

/// The label of a column or of an entry in a list.
std::string label(const CalibratedTarget& target) {
    return target.event.empty() ? target.measure : target.event;
}

struct Row {
    std::string trial, arm, where, held_out;
    std::vector<std::string> entries;
};

bool is_of(const Row& row, const CalibratedTarget& target) {
    return row.trial == target.trial && row.arm == target.arm && row.where == target.where;
}

/// One line an arm: a target begins another line where its measure is there already (another trial of the
/// arm).
std::string lines(const std::vector<CalibratedTarget>& targets) {
    std::vector<Row> rows;
    std::string last;
    for (const auto& target : targets) {
        const bool is_new = rows.empty() || !is_of(rows.back(), target) ||
                            (target.measure == "orr" && !rows.back().entries.empty());
        if (is_new)
            rows.push_back(
                {target.trial, target.arm, target.where, target.is_held_out ? "held out" : "", {}});
        rows.back().entries.push_back(label(target) + " " + cell(target));
    }
    std::string text = "| trial | arm | patients | model / trial | |\n|---|---|---|---|---|\n";
    for (const auto& row : rows)
        text += "| " + row.trial + " | " + row.arm + " | " + (row.where.empty() ? "all" : row.where) + " | " +
                join(row.entries, "; ") + " | " + row.held_out + " |\n";
    return text;
}

std::string share(const std::string& name, const std::vector<CalibratedTarget>& targets) {
    const auto met = std::count_if(targets.begin(), targets.end(), [](const auto& t) { return t.meets; });
    return name + " " + std::to_string(met) + " of " + std::to_string(targets.size());
}

/// Met of each measure, in order of appearance.
std::string shares(const std::vector<CalibratedTarget>& targets) {
    std::vector<std::string> names, parts;
    for (const auto& target : targets)
        if (std::find(names.begin(), names.end(), target.measure) == names.end())
            names.push_back(target.measure);
    for (const auto& name : names) {
        std::vector<CalibratedTarget> own;
        std::copy_if(targets.begin(), targets.end(), std::back_inserter(own),
                     [&](const auto& t) { return t.measure == name; });
        parts.push_back(share(name, own));
    }
    return "Met: " + join(parts, ", ") + ". **Bold**: missed.\n";
}

std::string table(const Calibrated& result, const std::string& name) {
    const auto space = name.find(' ');
    const std::string kind = name.substr(0, space),
                      cancer = space == std::string::npos ? "" : name.substr(space + 1);
    const Group group = kind == "strata"           ? Group::strata
                        : kind == "adverse_events" ? Group::adverse_events
                                                   : Group::targets;
    std::vector<CalibratedTarget> own;
    std::copy_if(result.targets.begin(), result.targets.end(), std::back_inserter(own),
                 [&](const auto& t) { return group_of(t) == group && t.trial.starts_with(cancer); });
    return "\n" + shares(own) + "\n" + lines(own) + "\n";
}

}  // namespace

void renew_card(const Calibrated& result, const std::string& file) {
    const std::string before = read_file(file), begin = "<!-- table: ", end = "<!-- end -->";
    std::string after;
    std::size_t from = 0;
    for (std::size_t at; (at = before.find(begin, from)) != std::string::npos;) {
        const auto close = before.find(" -->", at), stop = before.find(end, at);
        if (close == std::string::npos || stop == std::string::npos) break;
        const auto name = at + begin.size();
        after +=
            before.substr(from, close + 4 - from) + "\n" + table(result, before.substr(name, close - name));
        from = stop;
    }
    write_file(file, after + before.substr(from));
}

}  // namespace abscopal
