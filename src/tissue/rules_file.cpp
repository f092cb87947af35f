// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "base/file.hpp"
#include "base/text.hpp"
#include "tissue/dictionary.hpp"
#include "tissue/settings.hpp"

/// Rules in PhysiCell's CSV grammar, versions 0 to 3 (Johnson et al. 2025, doi 10.1016/j.cell.2025.06.048).
namespace abscopal::tissue {
namespace {

/// Which column holds what; -1 where a version has no such column.
struct Columns {
    std::size_t count;
    int type, signal, direction, behaviour, low, base, response, half_max, power, dead;
};

constexpr Columns version_0{10, 0, 5, 6, 1, 2, 3, 4, 7, 8, 9};
constexpr Columns version_1{9, 0, 1, 2, 3, -1, 4, 5, 6, 7, 8};
constexpr Columns version_3{8, 0, 1, 2, 3, -1, -1, 4, 5, 6, 7};

struct Line {
    std::string file;
    int number;
    std::vector<std::string> cells;
    std::vector<int> starts;
    const std::string& cell(int column) const { return cells[static_cast<std::size_t>(column)]; }
    Place place(int column) const {
        return {file, number, starts[static_cast<std::size_t>(column)],
                static_cast<int>(std::max<std::size_t>(1, cell(column).size()))};
    }
};

Line cut(const std::string& text, char separator, const std::string& file, int number) {
    Line line{file, number, {}, {}};
    int start = 1;
    for (const auto& part : split(text, separator)) {
        const auto word = trim(part);
        line.cells.emplace_back(word);
        line.starts.push_back(start + static_cast<int>(word.empty() ? 0 : word.data() - part.data()));
        start += static_cast<int>(part.size()) + 1;
    }
    return line;
}

/// Turns lines into rules, gathering faults in the settings' file list.
class RuleReader {
  public:
    RuleReader(XmlFile& xml, Project& project) : xml_(xml), project_(project), types_(type_names(project)) {}

    void read(const std::string& file, const Columns& columns) {
        const std::string text = read_file(file);
        int number = 0;
        for (const auto& row : split(text, '\n')) {
            ++number;
            const auto words = trim(row);
            if (words.empty() || words.starts_with("//")) continue;
            Line line = cut(row, ',', file, number);
            if (line.cells.size() != columns.count) line = cut(row, '\t', file, number);
            if (is_usable(line, columns)) add(line, columns);
        }
    }

  private:
    bool is_usable(const Line& line, const Columns& columns) {
        const bool right = line.cells.size() == columns.count;
        const bool full =
            std::none_of(line.cells.begin(), line.cells.end(), [](const auto& cell) { return cell.empty(); });
        if (right && full) return true;
        const std::string what = right ? "has an empty field"
                                       : "has " +
                                             std::to_string(std::max(line.cells.size(), cut_by_comma(line))) +
                                             " fields, expected " + std::to_string(columns.count);
        xml_.warn("rule-length", "rule " + what + " and is left out", {line.file, line.number, 1});
        return false;
    }

    static std::size_t cut_by_comma(const Line& line) {
        return line.cells.size() == 1 ? split(line.cells[0], ',').size() : line.cells.size();
    }

    double number(const Line& line, int column, const char* what) {
        const auto value = to_double(line.cell(column));
        if (value && std::isfinite(*value)) return *value;
        xml_.fault("bad-number",
                   std::string(what) + " is '" + line.cell(column) + "', expected a finite number",
                   line.place(column));
        return 0;
    }

    int type(const Line& line, int column) {
        const auto found = std::find(types_.begin(), types_.end(), line.cell(column));
        if (found != types_.end()) return static_cast<int>(found - types_.begin());
        xml_.fault("unknown-name",
                   "unknown cell type '" + line.cell(column) + "'" + did_you_mean(line.cell(column), types_),
                   line.place(column));
        return -1;
    }

    int signal(const Line& line, int column) {
        const int index = project_.dictionary.signal(line.cell(column));
        if (index < 0) {
            xml_.fault("unknown-signal",
                       "unknown signal '" + line.cell(column) + "'" +
                           did_you_mean(line.cell(column), project_.dictionary.signal_names),
                       line.place(column));
        }
        return index;
    }

    std::vector<int> behaviours(const Line& line, int column) {
        auto found = behaviours_named(project_.dictionary, line.cell(column));
        if (found.empty()) {
            xml_.fault("unknown-behaviour",
                       "unknown behaviour '" + line.cell(column) + "'" +
                           did_you_mean(line.cell(column), project_.dictionary.behaviour_names),
                       line.place(column));
        }
        if (found.size() > 1)
            xml_.warn("older-behaviour",
                      "'phagocytose dead cell' is read as apoptotic, necrotic and other dead",
                      line.place(column));
        return found;
    }

    /// PhysiCell takes every direction but "increases", "increase" and "promotes" as down.
    bool goes_up(const Line& line, int column) {
        const std::string& word = line.cell(column);
        if (word == "increases" || word == "increase" || word == "promotes") return true;
        if (word != "decreases" && word != "decrease" && word != "inhibits") {
            const std::vector<std::string> known{"increases", "decreases", "increase",
                                                 "decrease",  "promotes",  "inhibits"};
            xml_.fault(
                "unknown-direction",
                "direction is '" + word + "', expected increases or decreases" + did_you_mean(word, known),
                line.place(column));
        }
        return false;
    }

    bool dead_flag(const Line& line, int column) {
        const auto value = to_double(line.cell(column));
        if (!value)
            xml_.warn("bad-flag",
                      "applies to dead is '" + line.cell(column) + "', expected 0 or 1; 0 is taken",
                      line.place(column));
        return value.value_or(0) != 0;
    }

    /// Versions 0 and 1 repeat the definition's value; a different one is a mistake there.
    void check_base(const Line& line, int column, const Rule& rule) {
        if (column < 0) return;
        const double base = number(line, column, "base value");
        const double defined = project_.types[static_cast<std::size_t>(rule.type)]
                                   .behaviours[static_cast<std::size_t>(rule.behaviour)];
        if (std::abs(base - defined) > 1e-15) {
            xml_.fault("base-differs",
                       "base value " + to_text(base) + " is not the definition's " + to_text(defined),
                       line.place(column));
        }
    }

    void check_repeat(const Rule& rule, const Line& line, int column) {
        for (const auto& other : project_.rules) {
            const bool same = other.type == rule.type && other.signal == rule.signal &&
                              other.behaviour == rule.behaviour && other.increases == rule.increases;
            if (same)
                xml_.fault("rule-twice",
                           "the same signal moves the same behaviour in the same direction in line " +
                               std::to_string(other.place.line),
                           line.place(column));
        }
    }

    Rule common(const Line& line, const Columns& c) {
        Rule rule;
        rule.type = type(line, c.type);
        rule.signal = signal(line, c.signal);
        rule.increases = goes_up(line, c.direction);
        rule.extends_maximum = line.cell(c.direction) == "increases";
        rule.half_max = number(line, c.half_max, "half-max");
        rule.power = number(line, c.power, "Hill power");
        rule.applies_to_dead = dead_flag(line, c.dead);
        if (rule.half_max == 0)
            xml_.warn("zero-half-max", "half-max is 0: any signal above 0 then has its full effect",
                      line.place(c.half_max));
        rule.place = {line.file, line.number, 1};
        return rule;
    }

    void add(const Line& line, const Columns& c) {
        Rule rule = common(line, c);
        rule.response = number(line, c.response, "response");
        // Version 0 gives both ends; the one in the rule's direction is the response.
        if (c.low >= 0 && !rule.increases) rule.response = number(line, c.low, "minimum");
        const auto targets = behaviours(line, c.behaviour);
        if (rule.type < 0 || rule.signal < 0) return;
        for (const int behaviour : targets) {
            rule.behaviour = behaviour;
            check_base(line, c.base, rule);
            check_repeat(rule, line, c.signal);
            project_.rules.push_back(rule);
        }
    }

    XmlFile& xml_;
    Project& project_;
    std::vector<std::string> types_;
};

const Columns* columns_of(const Element& ruleset) {
    const std::string version = ruleset.attribute("version", "3.0");
    const double number = to_double(version).value_or(-1);
    if (number == 0 || number == 1) {
        ruleset.warn("older-rules", "rules of version " + version + " are read; PhysiCell 1.14 refuses them");
        return number == 0 ? &version_0 : &version_1;
    }
    if (number == 2 || number == 3) return &version_3;
    ruleset.fault("unknown-version", "rules of version '" + version + "', expected 0, 1, 2 or 3");
    return nullptr;
}

void read_ruleset(const Element& ruleset, const ProjectFolder& folder, RuleReader& reader) {
    const Element in_folder = ruleset.child("folder"), file = ruleset.child("filename");
    if (!ruleset.flag("enabled", false)) return;
    const std::string protocol = ruleset.attribute("protocol", "CBHG"),
                      format = lower_case(ruleset.attribute("format", "csv"));
    if (protocol != "CBHG" || format != "csv")
        ruleset.fault("unknown-format", "rules of protocol '" + protocol + "' and format '" + format +
                                            "', expected CBHG and csv");
    const Columns* columns = columns_of(ruleset);
    const auto path = folder.find(in_folder.text(), file.text());
    if (!path)
        (file ? file : ruleset)
            .fault("missing-file", "there is no rules file '" + in_folder.text() + "/" + file.text() + "'");
    if (columns && path) reader.read(*path, *columns);
}

}  // namespace

void read_rules(const Element& root, const ProjectFolder& folder, Project& project) {
    const Element rules = root.child("cell_rules");
    rules.child("settings").leave_unread();
    RuleReader reader(root.file(), project);
    for (const auto& ruleset : rules.child("rulesets").children("ruleset"))
        read_ruleset(ruleset, folder, reader);
}

}  // namespace abscopal::tissue
