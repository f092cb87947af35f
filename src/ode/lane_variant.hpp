// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ode/lane_model.hpp"

namespace abscopal {

/// One mark for each state.
using StateMarks = std::vector<char>;

/// The programs of a LaneModel without the work on states that stay zero, and their machine code once it is
/// made. With finite numbers its results have the bits of the whole model's.
struct LaneVariant {
    LaneVariant(const LaneModel& model, StateMarks moving);

    StateMarks moving;                  ///< states it carries; all others must be zero and without inflow
    std::vector<std::uint32_t> rows;    ///< their indices
    std::vector<std::uint32_t> pivots;  ///< rows of their pivots
    lanes::Program linearise, stage, solve;  ///< as in LaneModel

    const LaneCode* code() const { return ready_.load(std::memory_order_acquire); }
    /// Makes machine code, if it is not too long.
    void compile(const LaneModel& model, const lanes::Kernels& kernels, const std::string& cache,
                 const std::function<bool()>& go_on = {});

  private:
    std::vector<std::uint32_t> linearised_;  ///< rows that stage and solve take of linearise
    std::shared_ptr<const LaneCode> code_;
    std::atomic<const LaneCode*> ready_{nullptr};
};

/// The variants of one model that an ensemble met: made when they are asked for often, shared by its threads.
/// Which of them serves changes no bit.
class LaneVariants {
  public:
    enum class Code { none, beside, before };  ///< machine code: never, made in a thread, made at once
    LaneVariants(const LaneModel& model, const lanes::Kernels& kernels, Code code, std::string cache = {});
    ~LaneVariants();
    LaneVariants(const LaneVariants&) = delete;
    LaneVariants& operator=(const LaneVariants&) = delete;

    /// The states that may ever leave zero before something is done to the patient from outside, where those
    /// in `seed` are not zero or have an input. Lives as long as this.
    const StateMarks& moving(const StateMarks& seed);
    const StateMarks& all() const { return whole_->moving; }

    /// The leanest variant at hand that carries these states. Ask again after `patience` steps. `n_steps`
    /// were taken since the last call.
    const LaneVariant& serving(const StateMarks& moving, int n_steps);
    static constexpr int patience = 64;

    const LaneModel& model() const { return model_; }
    const lanes::Kernels& kernels() const { return kernels_; }

  private:
    LaneVariant& add(const StateMarks& moving);
    void order(LaneVariant& variant, bool may_take_time);
    LaneVariant* own(const StateMarks& moving, std::int64_t n_steps);
    LaneVariant& best(const StateMarks& moving);
    void compile_all(const std::stop_token& stop);

    const LaneModel& model_;
    const lanes::Kernels& kernels_;
    Code code_;
    std::string cache_;

    std::mutex mutex_;
    std::condition_variable news_;
    std::map<StateMarks, StateMarks> moving_;  ///< by seed
    struct Asked {
        std::int64_t n_steps = 0;
        bool is_ordered = false;
    };
    std::map<StateMarks, Asked> asked_;
    std::vector<std::unique_ptr<LaneVariant>> variants_;  ///< the whole model first
    const LaneVariant* whole_ = nullptr;
    struct Order {
        LaneVariant* variant = nullptr;
        bool may_take_time = false;  ///< else only what the cache holds
    };
    std::deque<Order> orders_;
    std::jthread compiler_;
};

}  // namespace abscopal
