// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace abscopal::tissue {

/// A standing team of threads; between two pieces of work they look out for the next for some microseconds
/// before they sleep. Work is cut into one slab a thread; what a slab computes must not depend on
/// the cut.
class Team {
  public:
    explicit Team(int threads);
    ~Team();
    Team(const Team&) = delete;
    Team& operator=(const Team&) = delete;

    int size() const { return static_cast<int>(workers_.size()) + 1; }
    /// Calls work(begin, end) for slabs of [0, count); alone where there is less than `least` for each
    /// thread.
    void run(std::size_t count, std::size_t least, const std::function<void(std::size_t, std::size_t)>& work);

  private:
    /// The size is given: the list of workers still grows when the first begins.
    void serve(int rank, int size);

    std::vector<std::thread> workers_;
    const std::function<void(std::size_t, std::size_t)>* work_ = nullptr;  ///< null: go home
    std::size_t count_ = 0;
    std::atomic<std::uint32_t> round_{0}, busy_{0};
};

}  // namespace abscopal::tissue
