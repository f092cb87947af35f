// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/text.hpp"

namespace abscopal::cli {
namespace {

std::string duration(double seconds) {
    const auto s = static_cast<long>(seconds + 0.5);
    if (s < 60) return std::to_string(s) + " s";
    return s < 3600 ? std::to_string(s / 60) + " min " + std::to_string(s % 60) + " s"
                    : std::to_string(s / 3600) + " h " + std::to_string(s % 3600 / 60) + " min";
}

}  // namespace

Progress::Progress(std::size_t n_patients, bool is_quiet)
    : n_patients_(n_patients),
      is_quiet_(is_quiet),
      is_terminal_(::isatty(STDERR_FILENO) != 0),
      has_colour_(is_terminal_ && std::getenv("NO_COLOR") == nullptr),
      begin_(Clock::now()),
      last_(begin_) {}

void Progress::show(std::size_t drawn, std::size_t treated, std::size_t failed) {
    if (is_quiet_) return;
    if (!is_begun_) {
        // A resumed run has done some of the work before the clock started.
        first_treated_ = treated > 0 ? treated - 1 : 0;
        last_tenth_ = n_patients_ ? 10 * first_treated_ / n_patients_ : 0;
        is_begun_ = true;
    }
    const auto now = Clock::now();
    const std::size_t tenth = n_patients_ ? 10 * treated / n_patients_ : 10;
    const bool is_due = is_terminal_ ? now - last_ > std::chrono::milliseconds(200) || treated == n_patients_
                                     : tenth > last_tenth_;
    if (!is_due) return;
    last_ = now;
    last_tenth_ = tenth;
    const double elapsed = std::chrono::duration<double>(now - begin_).count();
    const double rate =
        static_cast<double>(treated - std::min(treated, first_treated_)) / std::max(elapsed, 1e-3);
    std::string line = std::to_string(treated) + "/" + std::to_string(n_patients_) + " patients treated, " +
                       std::to_string(drawn) + " drawn, " + std::to_string(failed) + " failed, " +
                       fixed(rate, 1) + "/s";
    if (rate > 0.0 && treated < n_patients_)
        line += ", " + duration(static_cast<double>(n_patients_ - treated) / rate) + " left";
    if (!is_terminal_) {
        std::fprintf(stderr, "%3zu %%: %s\n", 10 * tenth, line.c_str());
        return;
    }
    const char* colour = has_colour_ ? (failed ? "\033[33m" : "\033[32m") : "";
    std::fprintf(stderr, "\r\033[K%s%s%s", colour, line.c_str(), has_colour_ ? "\033[0m" : "");
    std::fflush(stderr);
    has_line_ = true;
}

void Progress::end() {
    if (has_line_) std::fputc('\n', stderr);
    has_line_ = false;
}

}  // namespace abscopal::cli
