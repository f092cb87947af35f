// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/tissue.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace abscopal;
    const fuzz::Folder folder;
    const std::string path = folder.write("settings.xml", fuzz::text_of(data, size));
    tissue::ReadOptions options;
    options.compat = size % 2 != 0;
    return fuzz::read_or_refuse([&] { tissue::read_project(path, options); });
}
