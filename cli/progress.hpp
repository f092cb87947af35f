// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <chrono>
#include <cstddef>

/// How far a run has come, on stderr: one line that rewrites itself on a terminal, else one line each 10 %.
namespace abscopal::cli {

class Progress {
  public:
    Progress(std::size_t n_patients, bool is_quiet);
    void show(std::size_t drawn, std::size_t treated, std::size_t failed);
    void end();

  private:
    using Clock = std::chrono::steady_clock;
    std::size_t n_patients_;
    bool is_quiet_, is_terminal_, has_colour_, has_line_ = false;
    std::size_t first_treated_ = 0, last_tenth_ = 0;
    bool is_begun_ = false;
    Clock::time_point begin_, last_;
};

}  // namespace abscopal::cli
