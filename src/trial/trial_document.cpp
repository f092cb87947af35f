// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/trial_document.hpp"

#include <algorithm>
#include <filesystem>

#include "base/file.hpp"

namespace abscopal {
namespace {

using Kind = TomlValue::Kind;

/// Entries of an array of tables are told apart by their name.
const std::string* name_of_entry(const TomlValue& entry) {
    const auto* name = entry.find("name");
    return name && name->kind == Kind::text ? &name->text : nullptr;
}

/// Adds the entries of another file; one of the same name in the earlier file gives way. Arms are never
/// replaced.
void merge_list(TomlValue& into, TomlValue& from) {
    for (auto& item : from.items) {
        const auto* name = name_of_entry(item);
        std::erase_if(into.items, [&](const TomlValue& old) {
            const auto* old_name = name_of_entry(old);
            return name && old_name && *name == *old_name && old.place.file != item.place.file;
        });
    }
    std::move(from.items.begin(), from.items.end(), std::back_inserter(into.items));
}

bool is_list_of_tables(const TomlValue& value) {
    return value.kind == Kind::array && !value.items.empty() && value.items.front().kind == Kind::table;
}

void merge(TomlValue& into, TomlValue from) {
    for (auto& entry : from.members) {
        auto* known = into.find(entry.key);
        if (!known)
            into.members.push_back(std::move(entry));
        else if (known->kind == Kind::table && entry.value.kind == Kind::table)
            merge(*known, std::move(entry.value));
        else if (is_list_of_tables(*known) && is_list_of_tables(entry.value))
            merge_list(*known, entry.value);
        else
            *known = std::move(entry.value);
    }
    into.place = from.place;
}

class DocumentReader {
  public:
    TrialDocument read(const std::string& path) {
        read_file_into(path);
        faults_.throw_if_any();
        return std::move(document_);
    }

  private:
    void read_file_into(const std::string& path) {
        const std::string text = read_file(path);
        const auto identity = std::filesystem::weakly_canonical(path).string();
        open_.push_back(identity);
        done_.push_back(identity);
        try {
            TomlValue own = parse_toml(text, path);
            if (const auto* include = own.find("include"); include && include->kind == Kind::array)
                read_included(*include);
            merge(document_.root, std::move(own));
        } catch (const InputError& error) {
            for (const auto& fault : error.faults())
                faults_.add(fault.code, fault.message, fault.place, fault.notes);
        }
        document_.text += "# file: " + std::filesystem::path(path).filename().string() + "\n" + text +
                          (text.ends_with('\n') ? "" : "\n");
        open_.pop_back();
    }

    void read_included(const TomlValue& list) {
        for (const auto& item : list.items) {
            if (item.kind != Kind::text) continue;
            const std::string path = beside(item.place.file, item.text);
            const auto identity = std::filesystem::weakly_canonical(path).string();
            if (std::find(open_.begin(), open_.end(), identity) != open_.end()) {
                faults_.add("circular-include",
                            "'" + item.text + "' includes itself, directly or through others", item.place);
            } else if (!std::filesystem::is_regular_file(path)) {
                faults_.add("file-missing", "included file '" + path + "' does not exist", item.place);
            } else if (std::find(done_.begin(), done_.end(), identity) == done_.end()) {
                read_file_into(path);
            }
        }
    }

    TrialDocument document_;
    FaultList faults_;
    std::vector<std::string> open_, done_;
};

}  // namespace

TrialDocument read_trial_document(const std::string& path) {
    return DocumentReader().read(path);
}

}  // namespace abscopal
