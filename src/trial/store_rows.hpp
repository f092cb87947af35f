// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

#include "trial/store.hpp"

/// Candidates and courses as rows of the store, and back.
namespace abscopal {

void write_rows(Database& database, const Block& block);
void read_rows(Database& database, Result& result);

/// SHA-256 over all rows of a candidate, as they stand in the store.
std::string candidate_checksum(Database& database, std::size_t candidate);

}  // namespace abscopal
