// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>

#include "abscopal/result.hpp"
#include "trial/store.hpp"

/// Which candidates a run takes, and when it has enough.
namespace abscopal {

/// Candidates of a trial, or those dealt to a shard of it, by their place in its order.
class Deal {
  public:
    Deal(const Trial& trial, Shard shard);
    std::size_t size() const { return size_; }
    std::size_t index(std::size_t place) const;  ///< of the candidate

    /// The rows of `n` candidates from `first` on, by place.
    Cohort sample(std::size_t first, std::size_t n) const;

    /// A shard treats its part, and as many more as chance may ask for: three standard deviations of the
    /// number of patients among the candidates of a shard. What is missing all the same, merge() runs.
    bool is_enough(const Tally& tally) const;
    bool is_complete(const Tally& tally) const { return is_enough(tally) || tally.drawn >= size_; }

    const Shard& shard() const { return shard_; }
    static constexpr std::size_t packet = 16;  ///< candidates dealt at a time

  private:
    const Trial& trial_;
    Shard shard_;
    std::size_t size_;
};

std::string text_of(const Shard& shard);  ///< "2/5"
Shard shard_of(const StoreHead& head);    ///< the whole where none is named

}  // namespace abscopal
