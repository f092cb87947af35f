// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace abscopal {

/// Calls work(worker, i) once for each i in [0, n), from `n_workers` threads, each with its own number. Which
/// worker gets which i is not determined: results go to place i. Ends early, and returns false, when
/// `is_stopped()`; rethrows the first exception of a worker.
template <class Work, class IsStopped>
bool for_each_parallel(std::size_t n, std::size_t n_workers, const IsStopped& is_stopped, const Work& work) {
    std::atomic<std::size_t> next{0};
    std::atomic<bool> is_cut{false};
    std::exception_ptr error;
    std::mutex error_mutex;
    const auto labour = [&](std::size_t worker) {
        try {
            while (!is_cut) {
                if (is_stopped()) is_cut = true;
                const std::size_t i = is_cut ? n : next++;
                if (i >= n) return;
                work(worker, i);
            }
        } catch (...) {
            const std::lock_guard lock(error_mutex);
            if (!error) error = std::current_exception();
            is_cut = true;
        }
    };
    {
        std::vector<std::jthread> threads;
        for (std::size_t worker = 1; worker < std::min(n, n_workers); ++worker)
            threads.emplace_back(labour, worker);
        labour(0);
    }
    if (error) std::rethrow_exception(error);
    return !is_cut;
}

}  // namespace abscopal
