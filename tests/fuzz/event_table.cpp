// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/event_table.hpp"
#include "abscopal/spec.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace abscopal;
    const auto model = compile(read_antimony_text(
        "A = 0; B = 1; k = 0.3; A' = -k*A; B' = -B; F_A = 0.8; ALAG_A = 0.5; R_A = 4; wt = 70;"));
    return fuzz::read_or_refuse([&] {
        EventTableOptions options;
        options.recsort = size % 5;
        options.carry = size % 2 ? CovariateCarry::nocb : CovariateCarry::locf;
        parse_event_table(fuzz::text_of(data, size), "fuzz.csv", *model, options);
    });
}
