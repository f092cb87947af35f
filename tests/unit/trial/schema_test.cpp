// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "abscopal/trial.hpp"
#include "base/file.hpp"
#include "support.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

using Json = nlohmann::json;

/// Names of all properties anywhere in a schema.
void collect_keys(const Json& schema, std::set<std::string>& keys) {
    if (!schema.is_object()) return;
    if (schema.contains("properties")) {
        for (const auto& [key, property] : schema["properties"].items()) {
            keys.insert(key);
            collect_keys(property, keys);
        }
    }
    if (schema.contains("$defs")) {
        for (const auto& [name, definition] : schema["$defs"].items()) collect_keys(definition, keys);
    }
    for (const char* inner : {"items", "additionalProperties"}) {
        if (schema.contains(inner)) collect_keys(schema[inner], keys);
    }
}

/// The text of all sources of the module.
std::string sources() {
    std::string text;
    for (const auto& entry : std::filesystem::directory_iterator(test::source_dir() / "src/trial")) {
        if (entry.path().extension() == ".cpp") text += read_file(entry.path().string());
    }
    return text;
}

TEST(Schema, every_format_is_printed_and_is_json) {
    for (const char* format : {"trial", "events", "result"}) {
        const Json schema = Json::parse(schema_text(format));
        EXPECT_TRUE(schema.contains("$schema")) << format;
        EXPECT_TRUE(schema.contains("description")) << format;
    }
    EXPECT_TRUE(schema_text("nothing").empty());
}

TEST(Schema, every_key_is_read) {
    std::set<std::string> keys;
    collect_keys(Json::parse(schema_text("trial")), keys);
    EXPECT_GT(keys.size(), 60u);
    const std::string text = sources();
    for (const auto& key : keys)
        EXPECT_NE(text.find('"' + key + '"'), std::string::npos) << "no source reads '" << key << "'";
}

TEST(Schema, treatments_have_the_keys_the_reader_knows_and_arms_have_them_too) {
    const Json schema = Json::parse(schema_text("trial"));
    for (const auto& [key, property] : schema["$defs"]["treatment"]["properties"].items()) {
        EXPECT_TRUE(is_treatment_key(key)) << key;
        EXPECT_TRUE(schema["$defs"]["arm"]["properties"].contains(key)) << key;
    }
    for (const auto& [key, property] : schema["$defs"]["arm"]["properties"].items()) {
        const bool own = key == "name" || key == "description" || key == "set" || key == "events" ||
                         key == "covariates" || key == "treatment";
        EXPECT_NE(is_treatment_key(key), own) << key;
    }
}

}  // namespace
}  // namespace abscopal
