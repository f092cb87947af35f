// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "simulation/replicates.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "base/csv.hpp"
#include "base/text.hpp"

namespace abscopal {
namespace {

constexpr std::size_t block_size = 64;

/// Mean and sum of squared deviations of every cell of the table, joined pairwise (Chan, Golub & LeVeque
/// 1983, doi 10.1080/00031305.1983.10483115).
struct Moments {
    double n = 0.0;
    std::vector<double> mean, square;

    void take(const TimeCourse& course) {
        Moments one;
        one.n = 1.0;
        for (const auto& row : course.rows) one.mean.insert(one.mean.end(), row.begin(), row.end());
        one.square.assign(one.mean.size(), 0.0);
        join(one);
    }
    void join(const Moments& other) {
        if (other.n == 0.0) return;
        if (n == 0.0) {
            *this = other;
            return;
        }
        const double all = n + other.n;
        for (std::size_t i = 0; i < mean.size(); ++i) {
            const double gap = other.mean[i] - mean[i];
            mean[i] += gap * (other.n / all);
            square[i] += other.square[i] + gap * gap * (n * other.n / all);
        }
        n = all;
    }
};

struct Block {
    Moments moments;
    std::optional<Outcome> failure;
    Outcome last;
};

Block run_block(const std::shared_ptr<const Model>& model, TimeCourseRequest request, const Stochastic& how,
                std::size_t begin, std::size_t end) {
    Block block;
    request.progress = {};
    for (std::size_t i = begin; i < end; ++i) {
        request.stochastic = how;
        request.stochastic->subject += i;
        const TimeCourse course = run_time_course(model, request);
        block.last = course.outcome;
        if (!course.outcome.ok()) {
            block.failure = course.outcome;
            return block;
        }
        block.moments.take(course);
    }
    return block;
}

std::vector<std::vector<double>> rows_of(const std::vector<double>& cells, std::size_t n_rows,
                                         std::size_t n_columns) {
    std::vector<std::vector<double>> rows(n_rows);
    for (std::size_t i = 0; i < n_rows; ++i) {
        const auto begin = cells.begin() + static_cast<std::ptrdiff_t>(i * n_columns);
        rows[i].assign(begin, begin + static_cast<std::ptrdiff_t>(n_columns));
    }
    return rows;
}

Replicates summarise(const std::vector<Block>& blocks, const TimeCourseRequest& request, std::size_t n) {
    Replicates result;
    Moments all;
    result.n = n;
    for (const Block& block : blocks) {
        result.outcome = block.failure.value_or(block.last);
        if (block.failure) return result;
        all.join(block.moments);
    }
    std::vector<double> sd;
    for (const double square : all.square)
        sd.push_back(all.n > 1.0 ? std::sqrt(square / (all.n - 1.0)) : 0.0);
    result.times = request.labels.empty() ? request.times : request.labels;
    result.mean = rows_of(all.mean, request.times.size(), request.columns.size());
    result.sd = rows_of(sd, request.times.size(), request.columns.size());
    return result;
}

}  // namespace

// Blocks are joined in their order, whoever ran them.
Replicates run_replicates(const std::shared_ptr<const Model>& model, const TimeCourseRequest& request,
                          const Stochastic& how, std::size_t n, unsigned threads) {
    std::vector<Block> blocks((n + block_size - 1) / block_size);
    std::atomic<std::size_t> next{0};
    std::exception_ptr fault;
    std::mutex mutex;
    const auto work = [&] {
        try {
            for (std::size_t i = next++; i < blocks.size(); i = next++)
                blocks[i] = run_block(model, request, how, i * block_size, std::min(n, (i + 1) * block_size));
        } catch (...) {
            const std::scoped_lock lock(mutex);
            if (!fault) fault = std::current_exception();
            next = blocks.size();
        }
    };
    {
        std::vector<std::jthread> others;
        for (unsigned i = 1; i < std::min<std::size_t>(std::max(1u, threads), blocks.size()); ++i)
            others.emplace_back(work);
        work();
    }
    if (fault) std::rethrow_exception(fault);
    return summarise(blocks, request, n);
}

std::string to_csv(const Model& model, const std::vector<Column>& columns, const Replicates& replicates) {
    std::string text = "time";
    for (const char* suffix : {"-mean", "-sd"})
        for (const Column& column : columns)
            text += "," + csv_cell(model.observables[column.observable].id + suffix);
    text += "\n";
    for (std::size_t i = 0; i < replicates.times.size(); ++i) {
        text += to_text(replicates.times[i]);
        for (const auto* table : {&replicates.mean, &replicates.sd})
            for (const double value : (*table)[i]) text += "," + to_text(value);
        text += "\n";
    }
    return text;
}

}  // namespace abscopal
