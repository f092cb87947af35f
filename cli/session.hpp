// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <atomic>
#include <functional>
#include <string>

#include "abscopal/result.hpp"

namespace abscopal::cli {

/// Patients of whom a report shows single courses; of larger runs the others are kept in brief.
inline constexpr std::size_t kept_whole = 10'000;

struct SessionOptions {
    std::string folder;
    unsigned threads = 0;
    bool overwrite = false, quiet = false;
    std::size_t n_patients = 0;
};

/// Runs `work` with progress on stderr; the first Ctrl-C or SIGTERM ends it after the block at hand, the
/// second at once. Then writes summary.json and report.html. Throws ExitWith unless all is well.
void run_session(const SessionOptions& options, const std::function<bool(const RunOptions&)>& work);

/// How often a signal came, from now on or no longer counted.
const std::atomic<int>& watch_signals(bool is_on);

/// Runs `work` with a counter of Ctrl-C and SIGTERM; a second one ends the process.
template <class Work>
auto until_stopped(const Work& work) {
    const std::atomic<int>& stop = watch_signals(true);
    auto result = work(stop);
    watch_signals(false);
    return result;
}

/// Folder of machine code among the user's caches, or empty.
std::string code_cache();

/// The time now, ISO 8601.
std::string utc_now();

/// report.html and summary.json of a result in its folder. Throws FileError.
void write_outputs(const Result& result, const std::string& folder);

}  // namespace abscopal::cli
