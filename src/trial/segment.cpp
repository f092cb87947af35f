// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/segment.hpp"

#include <algorithm>
#include <numeric>
#include <thread>

namespace abscopal {
namespace {

// A task takes jobs until there are none; where more come late, another asks again.
constexpr std::size_t n_tasks = 4096;

// Candidates between two commits: few enough that a stop is prompt. What is stored depends on it in
// bookkeeping alone.
std::size_t block_size(const Trial& trial) {
    if (trial.numerics.method == Method::bdf) return 8;
    return std::clamp<std::size_t>(trial.n_patients / 64, 64, 1024);
}

std::size_t rounded_up(std::size_t n, std::size_t unit) {
    return (n + unit - 1) / unit * unit;
}

}  // namespace

Allocator::Allocator(const Trial& trial, const std::vector<std::string>& parameters, bool takes_all)
    : trial_(trial),
      strata_(trial.design.strata, parameters),
      n_in_stratum_(strata_.count(), 0),
      takes_all_(takes_all || trial.design.allocation == Allocation::twins) {}

std::vector<std::size_t> Allocator::arms_of(const std::vector<double>& row) {
    std::vector<std::size_t> arms(trial_.arms.size());
    std::iota(arms.begin(), arms.end(), std::size_t{0});
    if (takes_all_) return arms;
    const std::size_t s = strata_.of(row);
    return {allocated_arm(trial_.design, arms.size(), trial_.seed, s, n_in_stratum_[s]++)};
}

void Allocator::count(const std::vector<double>& row) {
    if (!takes_all_) ++n_in_stratum_[strata_.of(row)];
}

Segment::Segment(const Protocol& protocol, const Deal& deal, Store& store, Allocator& allocator,
                 const RunOptions& options)
    : protocol_(protocol),
      deal_(deal),
      store_(store),
      allocator_(allocator),
      options_(options),
      first_(store.tally().drawn),
      block_(block_size(*protocol.trial)),
      cohort_(deal.sample(first_, std::min(longest, deal.size() - first_))),
      places_(cohort_.rows.size()),
      limit_(places_.size()),
      end_(places_.size()),
      tally_(store.tally()),
      known_(tally_),
      in_order_(tally_) {}

bool Segment::run(const Ensemble& ensemble) {
    {
        const std::jthread writer([this] { write(); });
        try {
            ensemble.run(n_tasks, [this](std::size_t, Simulation& simulation) { work(simulation); });
        } catch (...) {
            abort(std::current_exception());
        }
        const std::lock_guard lock(mutex_);
        is_over_ = true;
        to_write_.notify_one();
    }
    if (error_) std::rethrow_exception(error_);
    return written_ == end_;
}

// --- Jobs ---

void Segment::work(Simulation& simulation) {
    while (const auto job = take()) {
        const Place& place = places_[job->place];
        try {
            if (!job->i_course) {
                const std::size_t i = job->place;
                end_growth(i, grow(protocol_, simulation, deal_.index(first_ + i), cohort_.rows[i],
                                   cohort_.weights.empty() ? 1.0 : cohort_.weights[i]));
            } else {
                const std::size_t arm = place.courses[*job->i_course].arm;
                end_course(*job, treat(protocol_, simulation, place.grown, arm));
            }
        } catch (const std::exception&) {
            abort(std::current_exception());
        }
    }
}

std::optional<Segment::Job> Segment::take() {
    const std::lock_guard lock(mutex_);
    const int stop = stop_level();
    // A run that is to stop fills the block at hand.
    if (stop > 0 && !is_cut_) {
        is_cut_ = true;
        limit_ = std::min(limit_, rounded_up(next_, block_));
    }
    if (stop > 1 || error_) return {};
    if (!jobs_.empty()) {
        const Job job = jobs_.front();
        jobs_.pop_front();
        return job;
    }
    if (!wants_more()) return {};
    return Job{next_++, {}};
}

bool Segment::wants_more() const {
    return next_ < std::min(limit_, end_) && !deal_.is_enough(known_);
}

void Segment::end_growth(std::size_t i, Grown grown) {
    const std::lock_guard lock(mutex_);
    Place& place = places_[i];
    place.grown = std::move(grown);
    place.has_grown = true;
    ++known_.drawn;
    const bool is_treated = place.grown.candidate.fate == Fate::treated;
    known_.treated += is_treated;
    // Whoever is certain to be among the patients wanted need not wait for those before her.
    const bool is_certain = in_order_.treated + (i - std::min(i, frontier_)) < protocol_.trial->n_patients;
    if (is_treated && is_certain && !allocator_.depends_on_order()) issue(i);
    go_on();
}

// Moves the frontier over those who have grown.
void Segment::go_on() {
    for (; frontier_ < end_ && places_[frontier_].has_grown; ++frontier_) {
        Place& place = places_[frontier_];
        const bool is_treated = place.grown.candidate.fate == Fate::treated;
        ++in_order_.drawn;
        in_order_.treated += is_treated;
        if (is_treated && !place.is_issued) issue(frontier_);
        if (!is_treated) make_whole(frontier_);
        if (deal_.is_enough(in_order_)) end_ = frontier_ + 1;
    }
}

void Segment::issue(std::size_t i) {
    Place& place = places_[i];
    place.is_issued = true;
    for (const std::size_t arm : allocator_.arms_of(place.grown.candidate.parameters)) {
        place.courses.emplace_back().arm = arm;
        jobs_.push_back({i, place.n_left++});
    }
}

void Segment::end_course(const Job& job, Course course) {
    const std::lock_guard lock(mutex_);
    Place& place = places_[job.place];
    place.courses[*job.i_course] = std::move(course);
    if (--place.n_left == 0) make_whole(job.place);
}

void Segment::make_whole(std::size_t i) {
    Place& place = places_[i];
    place.is_whole = true;
    place.grown.state = {};
    while (whole_ < end_ && places_[whole_].is_whole) ++whole_;
    if (whole_ - written_ >= block_) to_write_.notify_one();
    if (i >= end_) return;
    ++tally_.drawn;
    tally_.treated += place.grown.candidate.fate == Fate::treated;
    tally_.failed += place.grown.candidate.fate == Fate::failed ||
                     std::ranges::any_of(place.courses, [](const auto& c) { return !c.outcome.ok(); });
    if (options_.progress) options_.progress(tally_.drawn, tally_.treated, tally_.failed);
}

void Segment::abort(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
}

// --- Blocks ---

// Whole blocks; at the end of the segment what is left, unless it was cut short.
std::size_t Segment::n_to_write() const {
    const std::size_t n = std::min(whole_, end_) - written_;
    if (n >= block_) return block_;
    return is_over_ && whole_ >= end_ ? n : 0;
}

void Segment::write() {
    std::unique_lock lock(mutex_);
    while (true) {
        to_write_.wait(lock, [this] { return is_over_ || error_ || n_to_write() >= block_; });
        const std::size_t n = error_ ? 0 : n_to_write();
        if (n == 0 && (is_over_ || error_)) return;
        Block block{deal_.index(first_ + written_), {}, {}};
        for (std::size_t i = written_; i < written_ + n; ++i) {
            block.candidates.push_back(std::move(places_[i].grown.candidate));
            std::ranges::move(places_[i].courses, std::back_inserter(block.courses));
            places_[i].courses = {};
        }
        lock.unlock();
        try {
            store_.append(block);
        } catch (const std::exception&) {
            abort(std::current_exception());
        }
        lock.lock();
        written_ += n;
    }
}

}  // namespace abscopal
