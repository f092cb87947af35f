// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// A whole trial, whose model is small and always there; a trial that is read is explained.
#include "abscopal/trial.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const abscopal::fuzz::Folder folder;
    folder.write("m.ant",
                 "model m\ncompartment V = 1; species A in V = 0; k = 0.1; A' = -k*A; x = 1; x' = 0.01*x;\n"
                 "diameter := 2*x;\nend\n");
    const std::string path = folder.write("t.toml", abscopal::fuzz::text_of(data, size));
    return abscopal::fuzz::read_or_refuse([&] { abscopal::explain(abscopal::read_trial(path)); });
}
