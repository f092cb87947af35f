// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Behind the guard libSBML reads: what it makes of broken files must become faults too.
#include "abscopal/model.hpp"
#include "input.hpp"

/// libSBML throws out of the middle of reading where namespaces make no sense, and leaves what it had built.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libsbml";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return abscopal::fuzz::read_or_refuse([&] {
        const auto spec = abscopal::read_sbml_text(abscopal::fuzz::text_of(data, size), "fuzz.xml");
        abscopal::compile(spec);
    });
}
