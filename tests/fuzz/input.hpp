// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "abscopal/error.hpp"

/// What the fuzzers share. Each holds one parser to this: any bytes are read, or refused by an InputError
/// that says why.
namespace abscopal::fuzz {

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Reads; a refusal must have something to say.
template <class Read>
int read_or_refuse(const Read& read) {
    try {
        read();
    } catch (const InputError& error) {
        if (error.faults().empty()) std::abort();
        for (const Fault& fault : error.faults())
            if (fault.code.empty() || fault.message.empty()) std::abort();
    } catch (const FileError&) {
    }
    return 0;
}

/// A folder in memory for parsers that read files.
class Folder {
  public:
    Folder() : path_("/dev/shm/abscopal_fuzz_" + std::to_string(getpid())) {
        std::filesystem::create_directories(path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return (path_ / name).string();
    }
    std::filesystem::path path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace abscopal::fuzz
