// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/lane_code_cache.hpp"

#include <filesystem>

#include "abscopal/error.hpp"
#include "base/digest.hpp"
#include "base/file.hpp"

namespace abscopal {
namespace {

constexpr std::size_t checksum_length = 64;

std::string path_of(const std::string& folder, const std::string& key) {
    return folder + "/" + key + ".o";
}

}  // namespace

std::string read_cached_code(const std::string& folder, const std::string& key) {
    if (folder.empty() || !std::filesystem::exists(path_of(folder, key))) return {};
    try {
        const std::string file = read_file(path_of(folder, key));
        if (file.size() <= checksum_length) return {};
        std::string object = file.substr(checksum_length);
        return sha256(object) == file.substr(0, checksum_length) ? object : std::string{};
    } catch (const std::runtime_error&) {
        return {};
    }
}

void write_cached_code(const std::string& folder, const std::string& key, const std::string& object) {
    if (folder.empty()) return;
    try {
        std::filesystem::create_directories(folder);
        write_file(path_of(folder, key), sha256(object) + object);
    } catch (const std::exception&) {
        return;
    }
}

}  // namespace abscopal
