// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/lane_code_cache.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "abscopal/error.hpp"
#include "base/digest.hpp"
#include "base/file.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t checksum_length = 64;
constexpr std::uintmax_t most_bytes = std::uintmax_t{200} << 20;

std::string path_of(const std::string& folder, const std::string& key) {
    return folder + "/" + key + ".o";
}

struct Kept {
    fs::file_time_type written;
    std::uintmax_t bytes;
    fs::path path;
};

/// Removes the oldest objects until the rest is below the bound. Whoever runs one has it in memory.
void prune(const std::string& folder) {
    std::vector<Kept> kept;
    std::uintmax_t total = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() != ".o") continue;
        kept.push_back({entry.last_write_time(), entry.file_size(), entry.path()});
        total += kept.back().bytes;
    }
    std::ranges::sort(kept, {}, &Kept::written);
    for (std::size_t i = 0; i < kept.size() && total > most_bytes; ++i) {
        total -= kept[i].bytes;
        std::error_code gone_already;
        fs::remove(kept[i].path, gone_already);
    }
}

}  // namespace

std::string read_cached_code(const std::string& folder, const std::string& key) {
    if (folder.empty() || !fs::exists(path_of(folder, key))) return {};
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
        fs::create_directories(folder);
        write_file(path_of(folder, key), sha256(object) + object);
        prune(folder);
    } catch (const std::exception&) {
        return;
    }
}

}  // namespace abscopal
