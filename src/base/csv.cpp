// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "base/csv.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"

namespace abscopal {
namespace {

struct Record {
    int line = 0;
    std::vector<std::string> cells;
    std::vector<int> starts;
};

/// Walks over the text once, keeping line and column.
class Reader {
  public:
    Reader(std::string_view text, const std::string& file, FaultList& faults)
        : text_(text), file_(file), faults_(faults) {}

    bool next(Record& record) {
        skip_comments();
        if (at_ >= text_.size()) return false;
        record = {line_, {}, {}};
        for (;;) {
            record.starts.push_back(column());
            record.cells.push_back(cell());
            if (at_ < text_.size() && text_[at_] == ',') {
                ++at_;
                continue;
            }
            end_line();
            return true;
        }
    }

  private:
    int column() const { return static_cast<int>(at_ - line_start_) + 1; }

    void end_line() {
        if (at_ < text_.size() && text_[at_] == '\r') ++at_;
        if (at_ < text_.size() && text_[at_] == '\n') ++at_;
        ++line_;
        line_start_ = at_;
    }

    void skip_comments() {
        while (at_ < text_.size()) {
            const auto end = std::min(text_.find('\n', at_), text_.size());
            const auto line = trim(text_.substr(at_, end - at_));
            if (!line.empty() && line.front() != '#') return;
            at_ = end;
            end_line();
        }
    }

    std::string cell() {
        if (at_ < text_.size() && text_[at_] == '"') return quoted();
        const auto end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
        const auto value = trim(text_.substr(at_, end - at_));
        at_ = end;
        return std::string(value);
    }

    std::string quoted() {
        const Place start{file_, line_, column(), 1};
        std::string value;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '"') {
                if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') {
                    ++at_;
                    skip_to_separator();
                    return value;
                }
                ++at_;
            }
            if (text_[at_] == '\n') {
                ++line_;
                line_start_ = at_ + 1;
            }
            value += text_[at_];
        }
        faults_.add("csv-open-quote", "quoted cell is not closed", start);
        return value;
    }

    void skip_to_separator() {
        const auto end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
        if (!trim(text_.substr(at_, end - at_)).empty()) {
            faults_.add("csv-after-quote", "text after a closing quote", {file_, line_, column(), 1});
        }
        at_ = end;
    }

    std::string_view text_;
    const std::string& file_;
    FaultList& faults_;
    std::size_t at_ = 0, line_start_ = 0;
    int line_ = 1;
};

void check_header(const CsvTable& table, const Record& header, FaultList& faults) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const Place place{table.file, header.line, header.starts[i],
                          static_cast<int>(table.columns[i].size())};
        if (table.columns[i].empty())
            faults.add("csv-column-name", "column " + std::to_string(i + 1) + " has no name", place);
        const auto first = std::find(table.columns.begin(), table.columns.end(), table.columns[i]);
        if (first - table.columns.begin() < static_cast<std::ptrdiff_t>(i) && !table.columns[i].empty()) {
            faults.add("csv-column-twice", "column '" + table.columns[i] + "' stands twice in the header",
                       place);
        }
    }
}

}  // namespace

Place CsvTable::place(std::size_t row, std::size_t column) const {
    return {file, lines[row], starts[row][column],
            static_cast<int>(std::max<std::size_t>(1, rows[row][column].size()))};
}

Place CsvTable::header_place(std::size_t column) const {
    return {file, header_line, header_starts[column],
            static_cast<int>(std::max<std::size_t>(1, columns[column].size()))};
}

CsvTable parse_csv(std::string_view text, const std::string& file) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    require_text(text, file);
    FaultList faults;
    CsvTable table;
    table.file = file;
    Reader reader(text, file, faults);
    Record record;
    if (!reader.next(record)) {
        faults.add("csv-empty", "file has no header row", {file});
        faults.throw_if_any();
    }
    table.columns = record.cells;
    table.header_line = record.line;
    table.header_starts = record.starts;
    check_header(table, record, faults);
    while (reader.next(record)) {
        if (record.cells.size() != table.columns.size()) {
            faults.add("csv-row-length",
                       "row has " + std::to_string(record.cells.size()) + " cells, the header has " +
                           std::to_string(table.columns.size()),
                       {file, record.line, 1});
            continue;
        }
        table.rows.push_back(std::move(record.cells));
        table.lines.push_back(record.line);
        table.starts.push_back(std::move(record.starts));
    }
    faults.throw_if_any();
    return table;
}

CsvTable read_csv(const std::string& path) {
    return parse_csv(read_file(path), path);
}

std::string csv_cell(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos && trim(text).size() == text.size() &&
        !text.starts_with('#')) {
        return std::string(text);
    }
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace abscopal
