// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/toml_document.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/file.hpp"
#include "base/text.hpp"

// toml++ asserts on some malformed inputs, and assumes the same under NDEBUG. Here an assertion is an
// exception.
namespace abscopal::toml_internal {
struct Broken : std::logic_error {
    using std::logic_error::logic_error;
};
constexpr void check(bool holds, const char* what) {
    if (!holds) throw Broken(what);
}
}  // namespace abscopal::toml_internal
#undef NDEBUG
#define TOML_ASSERT(expr) ::abscopal::toml_internal::check(static_cast<bool>(expr), #expr)
#include <toml++/toml.h>

namespace abscopal {
namespace {

Place place_of(const toml::source_region& region, const std::string& file) {
    const int line = static_cast<int>(region.begin.line), column = static_cast<int>(region.begin.column);
    const bool one_line = region.end.line == region.begin.line && region.end.column > region.begin.column;
    return {file, line, column, one_line ? static_cast<int>(region.end.column) - column : 1};
}

TomlValue converted(const toml::node& node, const std::string& file);

void convert_table(const toml::table& table, const std::string& file, TomlValue& value) {
    value.kind = TomlValue::Kind::table;
    for (const auto& [key, child] : table) {
        value.members.push_back(
            {std::string(key.str()), place_of(key.source(), file), converted(child, file)});
    }
    std::stable_sort(value.members.begin(), value.members.end(), [](const auto& a, const auto& b) {
        return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
}

void convert_number(const toml::node& node, TomlValue& value) {
    if (const auto* integer = node.as_integer()) {
        value.kind = TomlValue::Kind::integer;
        value.integer = integer->get();
        value.number = static_cast<double>(integer->get());
    } else {
        value.kind = TomlValue::Kind::real;
        value.number = node.as_floating_point()->get();
    }
}

TomlValue converted(const toml::node& node, const std::string& file) {
    TomlValue value;
    value.place = place_of(node.source(), file);
    if (const auto* table = node.as_table()) {
        convert_table(*table, file, value);
    } else if (const auto* array = node.as_array()) {
        value.kind = TomlValue::Kind::array;
        for (const auto& item : *array) value.items.push_back(converted(item, file));
    } else if (const auto* text = node.as_string()) {
        value.kind = TomlValue::Kind::text;
        value.text = text->get();
    } else if (const auto* truth = node.as_boolean()) {
        value.kind = TomlValue::Kind::boolean;
        value.truth = truth->get();
    } else if (node.is_number()) {
        convert_number(node, value);
    } else {
        value.kind = TomlValue::Kind::date;
    }
    return value;
}

/// The message of toml++ in one line: its first sentence, without "Error while parsing".
std::string shortened(std::string_view message) {
    std::string text(message.substr(0, message.find('\n')));
    constexpr std::string_view head = "Error while parsing ";
    if (text.starts_with(head)) text = "in " + text.substr(head.size());
    while (text.ends_with('.')) text.pop_back();
    if (text.starts_with("in string: unescaped control characters"))
        return "in string: the quotes are not closed on this line";
    return text;
}

/// toml++ points behind what it cannot redefine; the reader looks for the key.
Place place_of_error(const toml::parse_error& error, std::string_view text, const std::string& file) {
    Place place = place_of(error.source(), file);
    if (!error.description().starts_with("Error while parsing key-value pair: cannot redefine")) return place;
    for (int line = 1; line < place.line && text.find('\n') != std::string_view::npos; ++line)
        text.remove_prefix(text.find('\n') + 1);
    const auto key = text.find_first_not_of(" \t");
    if (key != std::string_view::npos) place.column = static_cast<int>(key) + 1;
    return place;
}

/// Whether the parser's assertions fail on a text.
bool is_broken(std::string_view text) {
    try {
        static_cast<void>(toml::parse(text));
    } catch (const toml_internal::Broken&) {
        return true;
    } catch (const toml::parse_error&) {
        return false;
    }
    return false;
}

/// A failed assertion has no place: it is the last character of the shortest beginning of the text that fails
/// too.
Fault fault_of_assertion(std::string_view text, const std::string& file) {
    std::size_t good = 0, bad = text.size();
    while (good + 1 < bad) {
        const std::size_t middle = (good + bad) / 2;
        (is_broken(text.substr(0, middle)) ? bad : good) = middle;
    }
    return {"toml-syntax",
            "TOML syntax: unexpected character",
            place_at(text, good, file),
            {"a key is letters, digits, - and _, or a text in quotes"}};
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view key) const {
    for (const auto& member : members) {
        if (member.key == key) return &member.value;
    }
    return nullptr;
}

TomlValue* TomlValue::find(std::string_view key) {
    return const_cast<TomlValue*>(std::as_const(*this).find(key));
}

std::string described(const TomlValue& value) {
    switch (value.kind) {
        case TomlValue::Kind::text:
            return "the text \"" + value.text.substr(0, 60) + "\"";
        case TomlValue::Kind::integer:
            return "the number " + std::to_string(value.integer);
        case TomlValue::Kind::real:
            return "the number " + to_text(value.number);
        case TomlValue::Kind::boolean:
            return value.truth ? "true" : "false";
        case TomlValue::Kind::date:
            return "a date or time";
        case TomlValue::Kind::array:
            return "a list";
        case TomlValue::Kind::table:
            return "a table";
    }
    return "a value";
}

TomlValue parse_toml(std::string_view text, const std::string& file) {
    require_text(text, file);
    try {
        return converted(toml::parse(text, file), file);
    } catch (const toml::parse_error& error) {
        throw InputError({"toml-syntax",
                          "TOML syntax " + shortened(error.description()),
                          place_of_error(error, text, file),
                          {}});
    } catch (const toml_internal::Broken&) {
        throw InputError(fault_of_assertion(text, file));
    }
}

}  // namespace abscopal
