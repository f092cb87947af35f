// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "trial/store.hpp"

/// Candidates and courses as rows of the store, and back.
namespace abscopal {

void write_rows(Database& database, const Block& block);
void read_rows(Database& database, Result& result);

/// A JSON array of numbers, null where not finite, and back.
std::string series_text(const std::vector<double>& series);
std::vector<double> series_of(std::string_view text);

/// What visits, doses, adverse events and decisions were, and what follows from them (store_clinic.cpp).
void write_clinic(Database& database, const std::vector<Course>& courses);
/// Adds them to the courses, which are sorted by candidate and arm.
void read_clinic(Database& database, std::vector<Course>& courses);
CauseOfDeath cause_named(std::string_view name);

/// SHA-256 over all rows of a candidate, as they stand in the store.
std::string candidate_checksum(Database& database, std::size_t candidate);

}  // namespace abscopal
