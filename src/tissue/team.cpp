// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/team.hpp"

#include <algorithm>

namespace abscopal::tissue {

Team::Team(int threads) {
    for (int rank = 1; rank < threads; ++rank)
        workers_.emplace_back([this, rank, threads] { serve(rank, threads); });
}

Team::~Team() {
    {
        const std::scoped_lock lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    for (auto& worker : workers_) worker.join();
}

void Team::serve(int rank, int size) {
    const auto parts = static_cast<std::size_t>(size), part = static_cast<std::size_t>(rank);
    std::size_t seen = 0;
    for (;;) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return stop_ || round_ != seen; });
        if (stop_) return;
        seen = round_;
        const auto* work = work_;
        const std::size_t count = count_;
        lock.unlock();
        (*work)(count * part / parts, count * (part + 1) / parts);
        lock.lock();
        if (--busy_ == 0) done_.notify_one();
    }
}

void Team::run(std::size_t count, std::size_t least,
               const std::function<void(std::size_t, std::size_t)>& work) {
    const auto parts = workers_.size() + 1;
    if (parts == 1 || count < least * parts) return work(0, count);
    {
        const std::scoped_lock lock(mutex_);
        work_ = &work;
        count_ = count;
        busy_ = static_cast<int>(workers_.size());
        ++round_;
    }
    wake_.notify_all();
    work(0, count / parts);
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return busy_ == 0; });
}

}  // namespace abscopal::tissue
