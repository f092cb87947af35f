// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "trial/store.hpp"

/// Candidates and courses as rows of the store, and back.
namespace abscopal {

/// As stores and data sets write it.
std::string_view name_of(Fate fate);

void write_rows(Database& database, const Block& block);
/// What visits, doses, adverse events and decisions were, and what follows from them (store_clinic.cpp).
void write_clinic(Database& database, const std::vector<Course>& courses);

/// A JSON array of numbers, null where not finite, and back.
std::string series_text(const std::vector<double>& series);
std::vector<double> series_of(std::string_view text);

/// A row as part of the candidate or course it belongs to.
Candidate candidate_of(const Statement& row);
Course course_of(const Statement& row);
void add_row(Course& course, std::string_view table, const Statement& row);
/// The same for the tables of store_clinic.cpp.
void add_clinic_row(Course& course, std::string_view table, const Statement& row);
CauseOfDeath cause_named(std::string_view name);

/// The tables with rows of a candidate, in the order in which her checksum reads them.
inline constexpr std::array<std::string_view, 12> candidate_tables{
    "candidates", "reads", "lesions", "judgements", "endpoints", "adverse_events",
    "decisions",  "doses", "draws",   "courses",    "visits",    "records"};

/// SHA-256 over all rows of a candidate, as they stand in the store.
class Checksums {
  public:
    explicit Checksums(Database& database);
    std::string of(std::size_t candidate);

  private:
    std::vector<Statement> queries_;
};

}  // namespace abscopal
