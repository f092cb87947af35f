// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/store_reader.hpp"

#include <algorithm>

#include "base/digest.hpp"

namespace abscopal {
namespace {

/// In the order in which rows find what they belong to.
constexpr std::array<std::string_view, 10> tables_of_courses{
    "courses",   "visits",         "reads",     "lesions", "judgements",
    "endpoints", "adverse_events", "decisions", "doses",   "records"};

}  // namespace

StoreReader::StoreReader(Database& database) : path_(database.path()) {
    for (const std::string_view table : candidate_tables) {
        const bool has_arms = table != "candidates" && table != "draws";
        auto query = database.prepare("SELECT * FROM " + std::string(table) + " ORDER BY 1, 2" +
                                      (has_arms ? ", 3, 4" : ""));
        const bool has_row = query.step();
        cursors_.push_back({table, std::move(query), has_row, {}});
    }
}

void StoreReader::Cursor::move_on() {
    prints += query.fingerprint();
    has_row = query.step();
}

StoreReader::Cursor& StoreReader::at(std::string_view table) {
    return *std::ranges::find(cursors_, table, &Cursor::table);
}

void StoreReader::damaged(std::string_view table) const {
    throw FileError(path_ + ": the store is damaged: table " + std::string(table) + " has rows of no course");
}

Course& StoreReader::course_of(StoredPatient& patient, const Cursor& cursor) {
    const auto arm = static_cast<std::size_t>(cursor.query.integer(1));
    const auto course = std::ranges::find(patient.courses, arm, &Course::arm);
    if (course == patient.courses.end()) damaged(cursor.table);
    return *course;
}

bool StoreReader::next(StoredPatient& patient) {
    Cursor& candidates = at("candidates");
    if (!candidates.has_row) {
        const auto left = std::ranges::find_if(cursors_, &Cursor::has_row);
        if (left != cursors_.end()) damaged(left->table);
        return false;
    }
    for (auto& cursor : cursors_) cursor.prints.clear();
    patient.candidate = candidate_of(candidates.query);
    patient.courses.clear();
    const std::size_t index = patient.candidate.index;
    candidates.move_on();
    const auto is_hers = [&](const Cursor& cursor) {
        if (cursor.has_row && cursor.candidate() < index) damaged(cursor.table);
        return cursor.has_row && cursor.candidate() == index;
    };
    for (Cursor& draws = at("draws"); is_hers(draws); draws.move_on())
        patient.candidate.parameters.push_back(draws.query.real(2));
    for (const std::string_view table : tables_of_courses) {
        for (Cursor& cursor = at(table); is_hers(cursor); cursor.move_on()) {
            if (table == "courses")
                patient.courses.push_back(abscopal::course_of(cursor.query));
            else
                add_row(course_of(patient, cursor), table, cursor.query);
        }
    }
    Sha256 digest;
    for (const auto& cursor : cursors_) digest.add(cursor.prints);
    patient.checksum = digest.hex();
    return true;
}

}  // namespace abscopal
