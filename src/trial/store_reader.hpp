// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "trial/store_rows.hpp"

namespace abscopal {

/// One candidate as stored, with her courses by arm.
struct StoredPatient {
    Candidate candidate;
    std::vector<Course> courses;
    std::string checksum;  ///< of her rows as read
};

/// Reads a store from the first candidate to the last in one pass over its tables: memory holds one candidate
/// at a time.
class StoreReader {
  public:
    explicit StoreReader(Database& database);
    /// False at the end. Throws FileError for rows that belong to nobody.
    bool next(StoredPatient& patient);

  private:
    /// Where the reading of a table stands; its rows are in order of candidate and arm.
    struct Cursor {
        std::string_view table;
        Statement query;
        bool has_row;
        std::string prints;  ///< of this candidate's rows so far
        std::size_t candidate() const { return static_cast<std::size_t>(query.integer(0)); }
        void move_on();
    };
    Cursor& at(std::string_view table);
    Course& course_of(StoredPatient& patient, const Cursor& cursor);
    [[noreturn]] void damaged(std::string_view table) const;

    std::string path_;
    std::vector<Cursor> cursors_;
};

}  // namespace abscopal
