// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/team.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace abscopal::tissue {
namespace {

constexpr int looks = 4000;  // about 40 µs: longer than what lies between two stages of a small tissue

void pause() {
#if defined(__x86_64__)
    _mm_pause();
#endif
}

/// Until `value` is no longer `old`: looking first, then asleep.
void await_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
    for (int k = 0; k < looks; ++k) {
        if (value.load(std::memory_order_acquire) != old) return;
        pause();
    }
    value.wait(old, std::memory_order_acquire);
}

}  // namespace

Team::Team(int threads) {
    for (int rank = 1; rank < threads; ++rank)
        workers_.emplace_back([this, rank, threads] { serve(rank, threads); });
}

Team::~Team() {
    work_ = nullptr;
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
    for (auto& worker : workers_) worker.join();
}

void Team::serve(int rank, int size) {
    const auto parts = static_cast<std::size_t>(size), part = static_cast<std::size_t>(rank);
    for (std::uint32_t seen = 0;; ++seen) {
        await_change(round_, seen);
        if (!work_) return;
        (*work_)(count_ * part / parts, count_ * (part + 1) / parts);
        if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
    }
}

void Team::run(std::size_t count, std::size_t least,
               const std::function<void(std::size_t, std::size_t)>& work) {
    const auto parts = workers_.size() + 1;
    if (parts == 1 || count < least * parts) return work(0, count);
    work_ = &work;
    count_ = count;
    busy_.store(static_cast<std::uint32_t>(workers_.size()), std::memory_order_relaxed);
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
    work(0, count / parts);
    for (auto left = busy_.load(std::memory_order_acquire); left != 0;
         left = busy_.load(std::memory_order_acquire))
        await_change(busy_, left);
}

}  // namespace abscopal::tissue
