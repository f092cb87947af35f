// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/sbml_guard.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return abscopal::fuzz::read_or_refuse(
        [&] { abscopal::guard_xml(abscopal::fuzz::text_of(data, size), "fuzz.xml"); });
}
