// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/model.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return abscopal::fuzz::read_or_refuse([&] {
        const auto spec = abscopal::read_antimony_text(abscopal::fuzz::text_of(data, size), "fuzz.ant");
        abscopal::check_units(spec);
        abscopal::compile(spec);
    });
}
