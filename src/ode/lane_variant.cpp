// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/lane_variant.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "ode/known_zeros.hpp"

namespace abscopal {
namespace {

// A variant pays for its making after so many steps; machine code, which LLVM makes in the time of many
// steps, after more: all the more where another variant's code serves.
constexpr std::int64_t steps_for_variant = 300, steps_for_code = 500, steps_for_more_code = 8'000;
constexpr std::size_t most_variants = 8, most_seeds = 256;

bool holds(const StateMarks& larger, const StateMarks& smaller) {
    for (std::size_t i = 0; i < smaller.size(); ++i)
        if (smaller[i] && !larger[i]) return false;
    return true;
}

std::size_t count(const StateMarks& marks) {
    return static_cast<std::size_t>(std::ranges::count(marks, char{1}));
}

std::uint32_t offset(std::uint32_t first, std::size_t i) {
    return first + static_cast<std::uint32_t>(i);
}

KnownZeros zero_states(const LaneModel& model, const StateMarks& moving) {
    KnownZeros zeros(model.n_rows, model.zero);
    for (std::size_t i = 0; i < model.n; ++i)
        if (!moving[i]) zeros.mark(offset(model.model->first_state, i));
    return zeros;
}

// Takes states without any inflow out of `marks` until all that are left out keep each other at zero.
StateMarks moving_from(const LaneModel& model, const StateMarks& seed) {
    const lanes::Program rates = to_lanes(model.model->rates);
    StateMarks moving = seed;
    for (bool changed = true; changed;) {
        changed = false;
        KnownZeros zeros = zero_states(model, moving);
        (void)zeros.simplify(rates);
        for (std::size_t i = 0; i < model.n; ++i) {
            if (moving[i] || zeros.has(model.model->rates.outputs[i])) continue;
            moving[i] = 1;
            changed = true;
        }
    }
    return moving;
}

std::vector<std::uint32_t> within(const std::vector<std::uint32_t>& rows, std::uint32_t first,
                                  std::uint32_t end) {
    std::vector<std::uint32_t> result;
    std::ranges::copy_if(rows, std::back_inserter(result),
                         [=](std::uint32_t row) { return row >= first && row < end; });
    return result;
}

}  // namespace

LaneVariant::LaneVariant(const LaneModel& model, StateMarks moving_) : moving(std::move(moving_)) {
    std::vector<std::uint32_t> results, slopes;
    KnownZeros zeros = zero_states(model, moving);
    for (std::uint32_t i = 0; i < model.n; ++i) {
        if (moving[i]) {
            rows.push_back(i);
            pivots.push_back(model.pivots[i]);
            results.push_back(model.vector + i);
            if (model.is_timed) slopes.push_back(model.time_slope + i);
        } else {
            zeros.mark(model.vector + i);
        }
    }
    lanes::Program linearised = zeros.simplify(model.linearise);
    for (const auto row : slopes)
        if (zeros.has(row)) linearised.push_back({lanes::Operation::copy, row, model.zero});
    KnownZeros for_solve = zeros;
    stage = needed_for(zeros.simplify(model.stage), results);
    solve = needed_for(for_solve.simplify(model.solve), results);
    // The matrix is the last of all rows. What the stage takes of it, solving takes.
    linearised_ = within(rows_taken(stage), model.matrix, model.n_rows);
    linearised_.insert(linearised_.end(), slopes.begin(), slopes.end());
    linearise = needed_for(linearised, linearised_);
}

void LaneVariant::compile(const LaneModel& model, const lanes::Kernels& kernels, const std::string& cache,
                          const std::function<bool()>& go_on) {
    std::vector<std::uint32_t> results;
    for (const std::uint32_t i : rows) results.push_back(model.vector + i);
    code_ = LaneCode::compile({{&linearise, linearised_, 0}, {&stage, results, model.vector}}, kernels, cache,
                              go_on);
    ready_.store(code_.get(), std::memory_order_release);
}

LaneVariants::LaneVariants(const LaneModel& model, const lanes::Kernels& kernels, Code code,
                           std::string cache)
    : model_(model), kernels_(kernels), code_(code), cache_(std::move(cache)) {
    if (code_ == Code::beside)
        compiler_ = std::jthread([this](const std::stop_token& stop) { compile_all(stop); });
    whole_ = &add(StateMarks(model.n, 1));
}

LaneVariants::~LaneVariants() {
    compiler_.request_stop();
    news_.notify_all();
}

// On the thread beside.
void LaneVariants::compile_all(const std::stop_token& stop) {
    while (true) {
        Order next;
        {
            std::unique_lock lock(mutex_);
            news_.wait(lock, [&] { return stop.stop_requested() || !orders_.empty(); });
            if (stop.stop_requested()) return;
            next = orders_.front();
            orders_.pop_front();
        }
        if (!next.variant->code())
            next.variant->compile(model_, kernels_, cache_,
                                  [&] { return next.may_take_time && !stop.stop_requested(); });
    }
}

LaneVariant& LaneVariants::add(const StateMarks& moving) {
    LaneVariant& variant = *variants_.emplace_back(std::make_unique<LaneVariant>(model_, moving));
    if (code_ == Code::before) variant.compile(model_, kernels_, cache_);
    order(variant, false);
    return variant;
}

void LaneVariants::order(LaneVariant& variant, bool may_take_time) {
    if (code_ != Code::beside) return;
    orders_.push_back({&variant, may_take_time});
    news_.notify_all();
}

const StateMarks& LaneVariants::moving(const StateMarks& seed) {
    if (model_.model->has_mass()) return all();
    const std::lock_guard lock(mutex_);
    const auto found = moving_.find(seed);
    if (found != moving_.end()) return found->second;
    if (moving_.size() >= most_seeds) return all();
    return moving_.emplace(seed, moving_from(model_, seed)).first->second;
}

// The variant for just these states, made once they were asked for in enough steps.
LaneVariant* LaneVariants::own(const StateMarks& moving, std::int64_t n_steps) {
    for (const auto& variant : variants_)
        if (variant->moving == moving) return variant.get();
    const bool is_wanted = n_steps >= (code_ == Code::beside ? steps_for_variant : 0);
    return is_wanted && variants_.size() < most_variants ? &add(moving) : nullptr;
}

// Machine code comes before leanness.
LaneVariant& LaneVariants::best(const StateMarks& moving) {
    LaneVariant* best = variants_.front().get();
    for (const auto& variant : variants_) {
        if (!holds(variant->moving, moving)) continue;
        const bool has_code = variant->code() != nullptr, best_has = best->code() != nullptr;
        if (has_code != best_has ? has_code : count(variant->moving) < count(best->moving))
            best = variant.get();
    }
    return *best;
}

const LaneVariant& LaneVariants::serving(const StateMarks& moving, int n_steps) {
    const std::lock_guard lock(mutex_);
    if (asked_.size() >= most_seeds && !asked_.contains(moving)) return best(moving);
    Asked& asked = asked_[moving];
    asked.n_steps += n_steps;
    LaneVariant* const own = this->own(moving, asked.n_steps);
    LaneVariant& best = this->best(moving);
    const std::int64_t enough = best.code() ? steps_for_more_code : steps_for_code;
    if (own && !asked.is_ordered && asked.n_steps >= enough) {
        asked.is_ordered = true;
        order(*own, true);
    }
    return best;
}

}  // namespace abscopal
