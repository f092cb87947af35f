// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/schema_check.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "abscopal/trial.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "trial/dose_amount.hpp"

namespace abscopal {
namespace {

using Json = nlohmann::json;
using Kind = TomlValue::Kind;

/// The part of JSON Schema that our schema uses: $ref, type, properties, additionalProperties, required,
/// enum, minimum, exclusiveMinimum, maximum, exclusiveMaximum, items, minItems, maxItems, minLength, format.
class SchemaCheck {
  public:
    SchemaCheck(const Json& root, FaultList& faults) : root_(root), faults_(faults) {}

    /// `what` names the value in messages: "'every' in [visits]".
    void check(const Json& schema_or_reference, const TomlValue& value, const std::string& what) {
        const Json& schema = resolved(schema_or_reference);
        if (schema.contains("enum")) return check_choice(schema, value, what);
        if (!fits_type(schema, value)) return wrong_type(schema_or_reference, value, what);
        switch (value.kind) {
            case Kind::table:
                return check_table(schema, value, what);
            case Kind::array:
                return check_list(schema, value, what);
            case Kind::text:
                return check_text(schema_or_reference, value, what);
            default:
                if (value.is_number()) check_number(schema, value, what);
        }
    }

    void check_keys(const Json& schema, const TomlValue& table, const std::string& where) {
        const Json none = Json::object();
        const Json& properties = schema.contains("properties") ? schema["properties"] : none;
        const Json* others =
            schema.contains("additionalProperties") && schema["additionalProperties"].is_object()
                ? &schema["additionalProperties"]
                : nullptr;
        for (const auto& member : table.members) {
            const std::string what = "'" + member.key + "' in " + where;
            if (properties.contains(member.key)) {
                check(properties[member.key], member.value, what);
            } else if (others) {
                check(*others, member.value, what);
            } else {
                unknown_key(properties, member, where);
            }
        }
    }

    void check_required(const Json& schema, const TomlValue& table, const std::string& where) {
        if (!schema.contains("required")) return;
        for (const auto& key : schema["required"]) {
            const auto name = key.get<std::string>();
            if (!table.find(name))
                faults_.add("missing-key", "'" + name + "' is missing in " + where, table.place);
        }
    }

  private:
    const Json& referred(const Json& schema) const {
        return root_.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1)));
    }

    const Json& resolved(const Json& schema) const {
        return schema.contains("$ref") ? resolved(referred(schema)) : schema;
    }

    static bool is_type(const std::string& type, const TomlValue& value) {
        if (type == "string") return value.kind == Kind::text;
        if (type == "integer") return value.kind == Kind::integer;
        if (type == "number") return value.is_number();
        if (type == "boolean") return value.kind == Kind::boolean;
        if (type == "array") return value.kind == Kind::array;
        return value.kind == Kind::table;
    }

    static bool fits_type(const Json& schema, const TomlValue& value) {
        const Json& type = schema.at("type");
        if (type.is_string()) return is_type(type.get<std::string>(), value);
        for (const auto& one : type) {
            if (is_type(one.get<std::string>(), value)) return true;
        }
        return false;
    }

    /// "a duration with its unit, such as "8 weeks"".
    std::string expectation(const Json& schema_or_reference) const {
        const Json& schema = resolved(schema_or_reference);
        std::string text;
        if (schema.contains("items") && resolved(schema["items"]).at("type") == "object") {
            return "a list of tables, each headed " + resolved(schema["items"])["title"].get<std::string>();
        }
        if (schema.contains("title") && schema.at("type") != "object") {
            text = schema["title"].get<std::string>();
        } else {
            text = plain_type(schema.at("type").is_string() ? schema["type"].get<std::string>() : "string");
        }
        const Json& source = with_examples(schema_or_reference);
        if (source.contains("examples")) text += ", such as " + source["examples"][0].dump();
        return text;
    }

    /// The first along a chain of references that has examples, else the last.
    const Json& with_examples(const Json& schema) const {
        return schema.contains("examples") || !schema.contains("$ref") ? schema
                                                                       : with_examples(referred(schema));
    }

    static std::string plain_type(const std::string& type) {
        if (type == "string") return "a text";
        if (type == "integer") return "a whole number";
        if (type == "number") return "a number";
        if (type == "boolean") return "true or false";
        if (type == "array") return "a list";
        return "a table";
    }

    void wrong_type(const Json& schema, const TomlValue& value, const std::string& what) {
        faults_.add("wrong-type", what + " must be " + expectation(schema) + "; found " + described(value),
                    value.place);
    }

    void check_choice(const Json& schema, const TomlValue& value, const std::string& what) {
        std::vector<std::string> choices;
        for (const auto& choice : schema["enum"]) choices.push_back(choice.get<std::string>());
        for (const auto& choice : choices) {
            if (value.kind == Kind::text && value.text == choice) return;
        }
        const std::string hint = value.kind == Kind::text ? did_you_mean(value.text, choices) : "";
        faults_.add(
            "not-a-choice",
            what + " must be one of \"" + join(choices, "\", \"") + "\"; found " + described(value) + hint,
            value.place);
    }

    void check_table(const Json& schema, const TomlValue& value, const std::string& what) {
        const std::string where = schema.contains("title") ? schema["title"].get<std::string>() : what;
        check_keys(schema, value, where);
        check_required(schema, value, where);
    }

    void check_list(const Json& schema, const TomlValue& value, const std::string& what) {
        const auto n = value.items.size();
        if (schema.contains("minItems") && n < schema["minItems"].get<std::size_t>()) {
            faults_.add("list-length",
                        what + " needs at least " + schema["minItems"].dump() + " entries; found " +
                            std::to_string(n),
                        value.place);
        }
        if (schema.contains("maxItems") && n > schema["maxItems"].get<std::size_t>()) {
            faults_.add(
                "list-length",
                what + " takes at most " + schema["maxItems"].dump() + " entries; found " + std::to_string(n),
                value.place);
        }
        if (!schema.contains("items")) return;
        const bool tables = resolved(schema["items"]).at("type") == "object";
        for (const auto& item : value.items)
            check(schema["items"], item, tables ? what : "an entry of " + what);
    }

    void check_text(const Json& schema_or_reference, const TomlValue& value, const std::string& what) {
        const Json& schema = resolved(schema_or_reference);
        if (schema.contains("minLength") && trim(value.text).empty()) {
            faults_.add("empty-text", what + " must not be empty", value.place);
        }
        const std::string format = schema.contains("format") ? schema["format"].get<std::string>() : "";
        if (format == "duration" && !std::isfinite(parse_days(value.text).value_or(NAN))) {
            faults_.add("bad-duration",
                        what + " must be " + expectation(schema_or_reference) + "; found " + described(value),
                        value.place,
                        {"units of time: s, min, h, day, week, month (30.4375 days), year (365.25 days)"});
        }
        if (format == "quantity")
            check_quantity(schema_or_reference, value, what, parse_quantity(value.text));
        if (format == "dose") check_quantity(schema_or_reference, value, what, written(value.text));
    }

    /// A dose may put its unit first: "AUC 5".
    static std::optional<WrittenQuantity> written(std::string_view text) {
        const auto dose = parse_dose(text);
        return dose ? std::optional(WrittenQuantity{dose->value, dose->unit}) : std::nullopt;
    }

    void check_quantity(const Json& schema, const TomlValue& value, const std::string& what,
                        const std::optional<WrittenQuantity>& quantity) {
        if (!quantity) {
            faults_.add("bad-quantity",
                        what + " must be " + expectation(schema) + "; found " + described(value),
                        value.place);
        } else if (quantity->unit.empty()) {
            faults_.add(
                "missing-unit",
                what + " must be " + expectation(schema) + "; found " + described(value) + " without a unit",
                value.place);
        } else if (!std::isfinite(quantity->value)) {
            faults_.add("not-finite", what + " must be finite; found " + described(value), value.place);
        }
    }

    void check_number(const Json& schema, const TomlValue& value, const std::string& what) {
        const double x = value.number;
        std::string bound;
        if (!std::isfinite(x)) bound = "finite";
        if (schema.contains("minimum") && x < schema["minimum"].get<double>())
            bound = "at least " + schema["minimum"].dump();
        if (schema.contains("maximum") && x > schema["maximum"].get<double>())
            bound = "at most " + schema["maximum"].dump();
        if (schema.contains("exclusiveMinimum") && x <= schema["exclusiveMinimum"].get<double>()) {
            bound = "greater than " + schema["exclusiveMinimum"].dump();
        }
        if (schema.contains("exclusiveMaximum") && x >= schema["exclusiveMaximum"].get<double>()) {
            bound = "less than " + schema["exclusiveMaximum"].dump();
        }
        if (!bound.empty())
            faults_.add("out-of-range", what + " must be " + bound + "; found " + described(value),
                        value.place);
    }

    void unknown_key(const Json& properties, const TomlMember& member, const std::string& where) {
        std::vector<std::string> known;
        for (const auto& [key, schema] : properties.items()) known.push_back(key);
        faults_.add("unknown-key",
                    "unknown key '" + member.key + "' in " + where + did_you_mean(member.key, known),
                    member.place, {"keys allowed here: " + join(known, ", ")});
    }

    const Json& root_;
    FaultList& faults_;
};

}  // namespace

void check_trial_schema(const TomlValue& document, bool is_fragment, FaultList& faults) {
    check_schema("trial", document, is_fragment, faults);
}

void check_schema(const std::string& format, const TomlValue& document, bool is_fragment, FaultList& faults) {
    const Json schema = Json::parse(schema_text(format));
    SchemaCheck check(schema, faults);
    const std::string where = "the " + format + " file";
    check.check_keys(schema, document, where);
    if (!is_fragment) check.check_required(schema, document, where);
}

}  // namespace abscopal
