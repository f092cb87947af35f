// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <vector>

#include "abscopal/ensemble.hpp"
#include "trial/allocation.hpp"
#include "trial/deal.hpp"
#include "trial/patient.hpp"

namespace abscopal {

/// Gives each treated patient the arms she takes, in order of the candidates: a run that is resumed counts
/// those there are first.
class Allocator {
  public:
    /// `takes_all`: every patient takes every arm, whatever the design says. A shard does not know how many
    /// patients of other shards came before.
    Allocator(const Trial& trial, const std::vector<std::string>& parameters, bool takes_all);
    std::vector<std::size_t> arms_of(const std::vector<double>& row);
    void count(const std::vector<double>& row);  ///< one who has her arm already
    bool depends_on_order() const { return !takes_all_; }

  private:
    const Trial& trial_;
    Strata strata_;
    std::vector<std::size_t> n_in_stratum_;
    bool takes_all_;
};

/// A stretch of candidates, drawn, grown and treated by all lanes at once. Who has grown goes on to her arms
/// without waiting for others, so that one who takes long delays nobody. Whole candidates go to the store in
/// their order, in blocks, from a thread of its own.
class Segment {
  public:
    Segment(const Protocol& protocol, const Deal& deal, Store& store, Allocator& allocator,
            const RunOptions& options);

    /// False: it was told to stop. What was whole by then is stored.
    bool run(const Ensemble& ensemble);

    static constexpr std::size_t longest = 8192;  ///< candidates

  private:
    struct Place {
        Grown grown;
        std::vector<Course> courses;
        std::size_t n_left = 0;  ///< courses to come
        bool has_grown = false, is_issued = false, is_whole = false;
    };
    struct Job {
        std::size_t place;
        std::optional<std::size_t> i_course;  ///< empty: growth
    };

    void work(Simulation& simulation);
    std::optional<Job> take();
    bool wants_more() const;
    void end_growth(std::size_t i, Grown grown);
    void end_course(const Job& job, Course course);
    void go_on();
    void issue(std::size_t i);
    void make_whole(std::size_t i);
    void abort(std::exception_ptr error);
    int stop_level() const { return options_.stop ? options_.stop->load() : 0; }

    void write();
    std::size_t n_to_write() const;

    const Protocol& protocol_;
    const Deal& deal_;
    Store& store_;
    Allocator& allocator_;
    const RunOptions& options_;
    std::size_t first_, block_;  ///< place of the first candidate in the deal; candidates of a block
    Cohort cohort_;
    std::vector<Place> places_;

    std::mutex mutex_;  ///< of all below
    std::condition_variable to_write_;
    std::deque<Job> jobs_;
    std::size_t next_ = 0;      ///< place to grow next
    std::size_t limit_;         ///< of `next_`
    std::size_t frontier_ = 0;  ///< all before have grown
    std::size_t whole_ = 0;     ///< all before are whole
    std::size_t written_ = 0;
    std::size_t end_;      ///< candidates from here on were never drawn
    Tally tally_, known_;  ///< of whole candidates with those stored, for progress; of grown ones
    Tally in_order_;       ///< of those before the frontier
    bool is_cut_ = false, is_over_ = false;
    std::exception_ptr error_;
};

}  // namespace abscopal
