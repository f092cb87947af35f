// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <algorithm>
#include <cstddef>

namespace abscopal {

/// Progression on a later line of treatment: its nadir and its new lesions count from its own start.
class NextLine {
  public:
    NextLine(double sum, std::size_t n_new) : nadir_(sum), n_new_(n_new) {}
    /// Whether a visit shows progression: 20 % and 5 mm above nadir, or another new lesion.
    bool progresses(double sum, std::size_t n_new) {
        const bool grew = sum >= 1.2 * nadir_ * (1.0 - 1e-9) && sum - nadir_ >= 5.0 * (1.0 - 1e-9);
        nadir_ = std::min(nadir_, sum);
        return grew || n_new > n_new_;
    }

  private:
    double nadir_;
    std::size_t n_new_;
};

}  // namespace abscopal
