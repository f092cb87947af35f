// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "simulation/conformance.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "abscopal/error.hpp"
#include "abscopal/spec.hpp"
#include "base/csv.hpp"
#include "base/text.hpp"
#include "simulation/stochastic_case.hpp"
#include "simulation/suite_files.hpp"
#include "simulation/time_course.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;
using namespace suite;

// Much tighter than any case asks for, so that what is compared is meaning and not accuracy.
constexpr double suite_relative_tolerance = 1e-8;
constexpr double suite_absolute_tolerance = 1e-12;

// Error over tolerance; 0 for equal infinities or two NaN, infinite for a mismatch of those.
double excess_of(double found, double expected, const CaseSettings& settings) {
    constexpr double wrong = std::numeric_limits<double>::infinity();
    if (std::isnan(expected)) return std::isnan(found) ? 0.0 : wrong;
    if (std::isinf(expected)) return found == expected ? 0.0 : wrong;
    const double error = std::fabs(found - expected);
    if (!(error < wrong)) return wrong;
    const double tolerance = settings.absolute + settings.relative * std::fabs(expected);
    return error == 0.0 ? 0.0 : error / tolerance;
}

void compare(const TimeCourse& course, const Expected& expected, const CaseSettings& settings,
             CaseResult& result) {
    for (std::size_t row = 0; row < expected.rows.size(); ++row)
        for (std::size_t i = 0; i < expected.columns.size(); ++i) {
            const double found = course.rows[row][i], wanted = expected.rows[row][i];
            const double excess = excess_of(found, wanted, settings);
            if (!(excess > result.excess)) continue;
            result.excess = excess;
            result.worst = expected.columns[i];
            if (excess > 1.0)
                result.reason = expected.columns[i] + " at time " + to_text(expected.times[row]) + ": " +
                                to_text(found) + ", expected " + to_text(wanted);
        }
    result.verdict = result.excess <= 1.0 ? Verdict::passed : Verdict::failed;
}

TimeCourseRequest request_of(const Model& model, const CaseSettings& settings, const Expected& expected) {
    TimeCourseRequest request;
    request.from = std::min(0.0, expected.times.front());
    request.times = expected.times;
    request.numerics.relative_tolerance = suite_relative_tolerance;
    request.numerics.absolute_tolerance = std::min(suite_absolute_tolerance, 1e-5 * settings.absolute);
    for (const auto& id : expected.columns) request.columns.push_back(column_of(model, settings, id));
    return request;
}

// libSBML keeps registries that threads may not share.
Spec read_alone(const std::string& file, std::mutex& reader) {
    const std::scoped_lock lock(reader);
    return read_sbml(file);
}

void run(const std::string& folder, const std::string& file, const ConformanceOptions& options,
         std::mutex& reader, CaseResult& result) {
    const std::string stem = (fs::path(folder) / result.id).string();
    const CaseSettings settings = read_settings(stem + "-settings.txt");
    const Expected expected = read_expected(stem + "-results.csv");
    if (settings.mean_range && settings.sd_range)
        return run_stochastic_case(compile(read_alone(file, reader)), settings, expected, options, result);
    if (options.only_stochastic) {
        result.reason = "no stochastic case";
        return;
    }
    auto fields = read_fields(stem + "-model.m");
    if (const auto type = fields["testType"]; type != "TimeCourse") {
        result.reason = "test type " + type;
        return;
    }
    const auto model = compile(read_alone(file, reader));
    TimeCourseRequest request = request_of(*model, settings, expected);
    request.in_lanes = options.in_lanes;
    const TimeCourse course = run_time_course(model, request);
    if (!course.outcome.ok())
        throw Failure{"integration: " + std::string(name_of(course.outcome.status)) + " at time " +
                      to_text(course.outcome.time) + " in " + course.outcome.worst};
    compare(course, expected, settings, result);
}

std::string one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return text;
}

}  // namespace

namespace {

CaseResult run_case(const std::string& folder, const ConformanceOptions& options, std::mutex& reader) {
    CaseResult result;
    result.id = fs::path(folder).filename().string();
    const auto file = model_file(folder, options.level);
    if (!file) {
        result.reason = "no file of this level";
        return result;
    }
    try {
        run(folder, *file, options, reader, result);
    } catch (const InputError& error) {
        result.reason = error.faults().front().code + ": " + one_line(error.faults().front().message);
    } catch (const Failure& failure) {
        result.verdict = Verdict::failed;
        result.reason = failure.reason;
    }
    return result;
}

}  // namespace

CaseResult run_case(const std::string& folder, const std::string& level) {
    std::mutex reader;
    ConformanceOptions options;
    options.level = level;
    return run_case(folder, options, reader);
}

std::vector<CaseResult> run_suite(const std::string& folder, const ConformanceOptions& options) {
    const auto folders = case_folders(folder, options.level);
    std::vector<CaseResult> results(folders.size());
    std::atomic<std::size_t> next{0};
    std::size_t done = 0;
    std::mutex mutex, reader;
    const auto work = [&] {
        for (std::size_t i = next++; i < folders.size(); i = next++) {
            results[i] = run_case(folders[i], options, reader);
            const std::scoped_lock lock(mutex);
            if (options.progress) options.progress(++done, folders.size());
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 1; i < std::max(1u, options.jobs); ++i) threads.emplace_back(work);
        work();
    }
    return results;
}

std::string to_csv(const std::vector<CaseResult>& results) {
    std::string text = "case,outcome,reason,worst column,error over tolerance\n";
    for (const auto& result : results) {
        const char* verdict = result.verdict == Verdict::passed   ? "passed"
                              : result.verdict == Verdict::failed ? "failed"
                                                                  : "refused";
        text += result.id + "," + verdict + "," + csv_cell(result.reason) + "," + csv_cell(result.worst) +
                "," + to_text(result.excess) + "\n";
    }
    return text;
}

std::string summary(const std::vector<CaseResult>& results) {
    const auto count = [&](Verdict verdict) {
        return std::to_string(std::ranges::count(results, verdict, &CaseResult::verdict));
    };
    return count(Verdict::passed) + " passed, " + count(Verdict::failed) + " failed, " +
           count(Verdict::refused) + " refused";
}

}  // namespace abscopal
