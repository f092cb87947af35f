// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// TOML as a tree, held to the schema of trials.
#include "input.hpp"
#include "trial/schema_check.hpp"
#include "trial/toml_document.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return abscopal::fuzz::read_or_refuse([&] {
        const auto root = abscopal::parse_toml(abscopal::fuzz::text_of(data, size), "fuzz.toml");
        abscopal::FaultList faults;
        abscopal::check_trial_schema(root, false, faults);
        faults.throw_if_any();
    });
}
