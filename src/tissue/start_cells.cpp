// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "base/file.hpp"
#include "base/text.hpp"
#include "tissue/dictionary.hpp"
#include "tissue/settings.hpp"

/// Start positions: cells.csv version 1 (`x,y,z,typeID`, no header) and 2 (header `x,y,z,type,...`).
namespace abscopal::tissue {
namespace {

constexpr std::size_t max_cells_file = std::size_t{1} << 30;
constexpr int volume_setting = -1, ignored = -2;

/// Reads rows into start cells; faults and warnings go to the settings' list.
class CellReader {
  public:
    CellReader(XmlFile& xml, const std::string& file, Project& project)
        : xml_(xml), file_(file), project_(project), types_(type_names(project)) {}

    void read() {
        const std::string text = read_file(file_, max_cells_file);
        int line = 0;
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find('\n', at), text.size());
            row(std::string_view(text).substr(at, end - at), ++line);
            at = end + 1;
        }
    }

  private:
    void row(std::string_view text, int line) {
        const auto words = trim(text);
        if (line == 1 && (words.starts_with('x') || words.starts_with('X'))) return header(words);
        if (words.empty() || words.starts_with("//") || words.starts_with('#')) return;
        auto cells = split(words, ',');
        for (auto& cell : cells) cell = std::string(trim(cell));
        if (cells.size() < 4)
            return xml_.fault("row-length",
                              "row has " + std::to_string(cells.size()) + " fields, expected x, y, z, type",
                              {file_, line, 1});
        add(cells, line);
    }

    void header(std::string_view words) {
        has_header_ = true;
        const auto names = split(words, ',');
        for (std::size_t k = 4; k < names.size(); ++k)
            columns_.push_back(setting_of(std::string(trim(names[k]))));
    }

    int setting_of(const std::string& name) {
        if (name == "volume") return volume_setting;
        const int index = project_.dictionary.behaviour(name);
        if (index >= 0) return index;
        xml_.warn("unknown-behaviour",
                  "column '" + name + "' is no behaviour and is left out" +
                      did_you_mean(name, project_.dictionary.behaviour_names),
                  {file_, 1, 1});
        return ignored;
    }

    std::optional<double> number(const std::string& text, int line) {
        const auto value = to_double(text);
        if (value && std::isfinite(*value)) return value;
        xml_.fault("bad-number", "'" + text.substr(0, 40) + "' is no finite number", {file_, line, 1});
        return std::nullopt;
    }

    int type_of(const std::string& text, int line) {
        if (has_header_) {
            const auto found = std::find(types_.begin(), types_.end(), text);
            if (found != types_.end()) return static_cast<int>(found - types_.begin());
        } else if (const auto id = to_double(text)) {
            for (std::size_t k = 0; k < project_.types.size(); ++k) {
                if (project_.types[k].id == static_cast<int>(std::clamp(*id, -1e9, 1e9)))
                    return static_cast<int>(k);
            }
        }
        xml_.warn("unknown-name",
                  "unknown cell type '" + text + "': the cell is left out" + did_you_mean(text, types_),
                  {file_, line, 1});
        return -1;
    }

    void add(const std::vector<std::string>& cells, int line) {
        const auto x = number(cells[0], line), y = number(cells[1], line), z = number(cells[2], line);
        const int type = type_of(cells[3], line);
        if (!x || !y || !z || type < 0) return;
        StartCell cell{type, *x, *y, *z, {}};
        for (std::size_t k = 4; k < cells.size() && k - 4 < columns_.size(); ++k) {
            const bool skip = cells[k].empty() || cells[k].front() == 's' || cells[k].front() == 'S' ||
                              columns_[k - 4] == ignored;
            const auto value = skip ? std::nullopt : number(cells[k], line);
            if (value && columns_[k - 4] == volume_setting && *value <= 0)
                xml_.fault("bad-volume", "volume must be above 0", {file_, line, 1});
            if (value) cell.settings.emplace_back(columns_[k - 4], *value);
        }
        if (!project_.grid.contains(cell.x, cell.y, cell.z))
            xml_.warn("outside-domain", "the cell lies outside the domain and stays switched off",
                      {file_, line, 1});
        project_.cells.push_back(std::move(cell));
    }

    XmlFile& xml_;
    std::string file_;
    Project& project_;
    std::vector<std::string> types_;
    std::vector<int> columns_;
    bool has_header_ = false;
};

}  // namespace

void read_start_cells(const Element& root, const ProjectFolder& folder, Project& project) {
    const Element positions = root.child("initial_conditions").child("cell_positions");
    const Element in_folder = positions.child("folder"), file = positions.child("filename");
    if (!positions.flag("enabled", false)) return;
    const std::string type = lower_case(positions.attribute("type", "csv"));
    if (type != "csv")
        positions.fault("unknown-format", "cell positions of type '" + type + "', expected csv");
    const auto path = folder.find(in_folder.text(), file.text());
    if (!path)
        return (file ? file : positions)
            .fault("missing-file",
                   "there is no file of cells '" + in_folder.text() + "/" + file.text() + "'");
    CellReader(root.file(), *path, project).read();
}

}  // namespace abscopal::tissue
