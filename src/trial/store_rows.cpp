// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/store_rows.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::array fates{Fate::treated, Fate::rejected, Fate::failed, Fate::ineligible};
constexpr std::array responses{Response::complete,     Response::partial,     Response::stable,
                               Response::non_complete, Response::progressive, Response::not_evaluable,
                               Response::missing};

/// The value whose name it is.
template <class Values>
auto named(const Values& values, std::string_view name) {
    for (const auto value : values)
        if (name_of(value) == name) return value;
    throw FileError("the store holds an unknown word: '" + std::string(name) + "'");
}

Status status_named(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(Status::not_run); ++i)
        if (abscopal::name_of(static_cast<Status>(i)) == name) return static_cast<Status>(i);
    throw FileError("the store holds an unknown status: '" + std::string(name) + "'");
}

void write_candidates(Database& database, const std::vector<Candidate>& candidates) {
    auto row = database.prepare("INSERT INTO candidates VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    auto draw = database.prepare("INSERT INTO draws VALUES(?, ?, ?)");
    for (const auto& c : candidates) {
        row.bind_all(c.index, name_of(c.fate), c.reason, c.diagnosis_day, c.weight,
                     abscopal::name_of(c.outcome.status), c.outcome.time, c.outcome.worst, c.outcome.steps,
                     c.outcome.rejected, c.outcome.rhs_calls, c.outcome.events, c.outcome.step,
                     c.outcome.level)
            .run();
        for (std::size_t i = 0; i < c.parameters.size(); ++i)
            draw.bind_all(c.index, i, c.parameters[i]).run();
    }
}

void write_courses(Database& database, const std::vector<Course>& courses) {
    auto row = database.prepare(
        "INSERT INTO courses VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    auto visit = database.prepare("INSERT INTO visits VALUES(?, ?, ?, ?, ?, ?, ?)");
    auto record = database.prepare("INSERT INTO records VALUES(?, ?, ?, ?)");
    for (const auto& c : courses) {
        const double off_treatment = c.off_treatment_day < 0.0 ? nan : c.off_treatment_day;
        row.bind_all(c.candidate, c.arm, abscopal::name_of(c.outcome.status), c.outcome.time, c.outcome.worst,
                     c.outcome.steps, c.outcome.rejected, c.outcome.rhs_calls, c.outcome.events, c.baseline,
                     abscopal::name_of(c.best), c.pfs_day, c.progressed, off_treatment, c.death_day,
                     abscopal::name_of(c.cause), c.last_day, c.new_therapy_day, c.outcome.step,
                     c.outcome.level)
            .run();
        for (std::size_t i = 0; i < c.visits.size(); ++i) {
            const Visit& v = c.visits[i];
            visit
                .bind_all(c.candidate, c.arm, i, v.day, v.sum_of_diameters, abscopal::name_of(v.response),
                          v.planned)
                .run();
        }
        for (std::size_t i = 0; i < c.recorded.size(); ++i)
            record.bind_all(c.candidate, c.arm, i, series_text(c.recorded[i])).run();
    }
}

/// From column `first`: status, time, worst, steps, rejected, rhs_calls, events; from `second`: step, level.
Outcome outcome_of(const Statement& row, int first, int second) {
    return {status_named(row.text(first)), row.real(first + 1),    row.text(first + 2),
            row.integer(first + 3),        row.integer(first + 4), row.integer(first + 5),
            row.integer(first + 6),        row.real(second),       static_cast<int>(row.integer(second + 1))};
}

}  // namespace

std::string_view name_of(Fate fate) {
    switch (fate) {
        case Fate::treated:
            return "treated";
        case Fate::rejected:
            return "rejected";
        case Fate::failed:
            return "failed";
        case Fate::ineligible:
            return "ineligible";
    }
    return "failed";
}

std::string series_text(const std::vector<double>& series) {
    std::string text = "[";
    for (const double value : series) {
        if (text.size() > 1) text += ',';
        text += std::isfinite(value) ? to_text(value) : "null";
    }
    return text += "]";
}

std::vector<double> series_of(std::string_view text) {
    std::vector<double> series;
    if (text.size() <= 2) return series;
    for (const auto& item : split(text.substr(1, text.size() - 2), ','))
        series.push_back(to_double(item).value_or(nan));
    return series;
}

void write_rows(Database& database, const Block& block) {
    write_candidates(database, block.candidates);
    write_courses(database, block.courses);
    write_clinic(database, block.courses);
}

Candidate candidate_of(const Statement& row) {
    return {static_cast<std::size_t>(row.integer(0)),
            named(fates, row.text(1)),
            row.text(2),
            outcome_of(row, 5, 12),
            row.real(3),
            {},
            row.real(4)};
}

Course course_of(const Statement& row) {
    Course course;
    course.candidate = static_cast<std::size_t>(row.integer(0));
    course.arm = static_cast<std::size_t>(row.integer(1));
    course.outcome = outcome_of(row, 2, 18);
    course.baseline = row.real(9);
    course.best = named(responses, row.text(10));
    course.pfs_day = row.real(11);
    course.progressed = row.integer(12) != 0;
    course.off_treatment_day = row.is_null(13) ? -1.0 : row.real(13);
    course.death_day = row.real(14);
    course.cause = cause_named(row.text(15));
    course.last_day = row.real(16);
    course.new_therapy_day = row.real(17);
    return course;
}

void add_row(Course& course, std::string_view table, const Statement& row) {
    if (table == "visits")
        course.visits.push_back(
            {row.real(3), row.real(4), named(responses, row.text(5)), row.real(6), {}, {}});
    else if (table == "records")
        course.recorded.push_back(series_of(row.text(3)));
    else
        add_clinic_row(course, table, row);
}

Checksums::Checksums(Database& database) {
    for (const std::string_view table : candidate_tables) {
        const bool has_arms = table != "candidates" && table != "draws";
        queries_.push_back(database.prepare("SELECT * FROM " + std::string(table) + " WHERE candidate = ?" +
                                            (has_arms ? " ORDER BY 2, 3, 4" : " ORDER BY 1, 2")));
    }
}

std::string Checksums::of(std::size_t candidate) {
    Sha256 digest;
    for (auto& query : queries_) {
        for (query.bind_all(candidate); query.step();) digest.add(query.fingerprint());
        query.reset();
    }
    return digest.hex();
}

}  // namespace abscopal
