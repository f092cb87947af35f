// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "trial/store_rows.hpp"

namespace abscopal {
namespace {

std::string_view word_of(NonTarget response) {
    constexpr std::string_view names[]{"", "CR", "NON-CR/NON-PD", "PD", "NE"};
    return names[static_cast<std::size_t>(response)];
}

template <class Value>
std::string_view word_of(Value value) {
    return name_of(value);
}

/// The value of an enumeration, whose last is given, that has a name.
template <class Value>
Value named(std::string_view name, Value last) {
    for (int i = 0; i <= static_cast<int>(last); ++i)
        if (word_of(static_cast<Value>(i)) == name) return static_cast<Value>(i);
    throw FileError("the store holds an unknown word: '" + std::string(name) + "'");
}

constexpr int investigator = 0, review = 1;

void write_reads(Database& database, const std::vector<Course>& courses) {
    auto row = database.prepare("INSERT INTO reads VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const auto& c : courses)
        for (std::size_t i = 0; i < c.visits.size(); ++i)
            for (const int reader : {investigator, review}) {
                const Read& read = reader == review ? c.visits[i].review : c.visits[i].investigator;
                if (read.diameters.empty()) continue;
                row.bind_all(c.candidate, c.arm, i, reader, series_text(read.diameters), read.sum, read.nadir,
                             abscopal::name_of(read.target), word_of(read.non_target), read.n_new,
                             abscopal::name_of(read.overall), abscopal::name_of(read.immune))
                    .run();
            }
}

void write_lesions(Database& database, const std::vector<Course>& courses) {
    auto row = database.prepare("INSERT INTO lesions VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    for (const auto& c : courses)
        for (const int reader : {investigator, review}) {
            const auto& lesions = reader == review ? c.review_lesions : c.lesions;
            for (std::size_t i = 0; i < lesions.size(); ++i)
                row.bind_all(c.candidate, c.arm, reader, i, abscopal::name_of(lesions[i].role),
                             lesions[i].organ, lesions[i].diameter, lesions[i].is_nodal)
                    .run();
        }
}

void write_judgements(Database& database, const std::vector<Course>& courses) {
    auto row = database.prepare("INSERT INTO judgements VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    auto time = database.prepare("INSERT INTO endpoints VALUES(?, ?, ?, ?, ?, ?, ?)");
    for (const auto& c : courses)
        for (const int reader : {investigator, review}) {
            const Judgement& j = reader == review ? c.review : c.investigator;
            if (j.times.empty()) continue;
            row.bind_all(c.candidate, c.arm, reader, abscopal::name_of(j.best.response), j.best.day,
                         j.best.response_day, abscopal::name_of(j.confirmed.response), j.confirmed.day,
                         j.confirmed.response_day, abscopal::name_of(j.immune_best), j.has_benefit,
                         j.has_confirmed_benefit, j.depth)
                .run();
            for (const auto& [kind, end] : j.times)
                time.bind_all(c.candidate, c.arm, reader, abscopal::name_of(kind), end.day, end.is_event,
                              abscopal::name_of(end.reason))
                    .run();
        }
}

void write_events(Database& database, const std::vector<Course>& courses) {
    auto event = database.prepare("INSERT INTO adverse_events VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    auto decision =
        database.prepare("INSERT INTO decisions VALUES(?, ?, ?, ?, CASE WHEN ?5 < 0 THEN NULL ELSE ?5 END)");
    auto dose = database.prepare("INSERT INTO doses VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const auto& c : courses) {
        for (std::size_t i = 0; i < c.adverse_events.size(); ++i) {
            const auto& e = c.adverse_events[i];
            event.bind_all(c.candidate, c.arm, i, e.toxicity, e.grade, e.onset, e.end, e.action).run();
        }
        for (std::size_t i = 0; i < c.decisions.size(); ++i) {
            const auto& d = c.decisions[i];
            decision.bind_all(c.candidate, c.arm, i, d.day, static_cast<std::int64_t>(d.rule)).run();
        }
        for (std::size_t i = 0; i < c.doses.size(); ++i) {
            const auto& d = c.doses[i];
            dose.bind_all(c.candidate, c.arm, i, d.day, d.planned, d.drug, d.target, d.amount, d.unit,
                          static_cast<int>(d.per), d.duration)
                .run();
        }
    }
}

Read read_of(const Statement& row) {
    Read read;
    read.diameters = series_of(row.text(4));
    read.sum = row.real(5);
    read.nadir = row.real(6);
    read.target = named(row.text(7), Overall::missing);
    read.non_target = named(row.text(8), NonTarget::not_evaluable);
    read.n_new = static_cast<std::size_t>(row.integer(9));
    read.overall = named(row.text(10), Overall::missing);
    read.immune = named(row.text(11), Immune::missing);
    return read;
}

Judgement judgement_of(const Statement& row) {
    Judgement j;
    j.best = {named(row.text(3), Overall::missing), row.real(4), row.real(5)};
    j.confirmed = {named(row.text(6), Overall::missing), row.real(7), row.real(8)};
    j.immune_best = named(row.text(9), Immune::missing);
    j.has_benefit = row.integer(10) != 0;
    j.has_confirmed_benefit = row.integer(11) != 0;
    j.depth = row.real(12);
    return j;
}

Endpoint endpoint_of(const Statement& row) {
    return {row.real(4), row.integer(5) != 0, named(row.text(6), Reason::last_contact)};
}

void add_read(Course& course, const Statement& row) {
    const auto i = static_cast<std::size_t>(row.integer(2));
    if (i >= course.visits.size()) throw FileError("the store is damaged: table reads has rows of no visit");
    (row.integer(3) == review ? course.visits[i].review : course.visits[i].investigator) = read_of(row);
}

void add_endpoint(Course& course, const Statement& row) {
    auto& times = (row.integer(2) == review ? course.review : course.investigator).times;
    const std::pair entry(named(row.text(3), EndpointKind::pfs2), endpoint_of(row));
    const auto later = [&](const auto& other) { return other.first > entry.first; };
    times.insert(std::find_if(times.begin(), times.end(), later), entry);
}

}  // namespace

CauseOfDeath cause_named(std::string_view name) {
    return named(name, CauseOfDeath::toxicity);
}

void write_clinic(Database& database, const std::vector<Course>& courses) {
    write_reads(database, courses);
    write_lesions(database, courses);
    write_judgements(database, courses);
    write_events(database, courses);
}

void add_clinic_row(Course& course, std::string_view table, const Statement& row) {
    if (table == "reads")
        add_read(course, row);
    else if (table == "lesions")
        (row.integer(2) == review ? course.review_lesions : course.lesions)
            .push_back(
                {named(row.text(4), LesionRole::non_target), row.text(5), row.real(6), row.integer(7) != 0});
    else if (table == "judgements") {
        Judgement& judgement = row.integer(2) == review ? course.review : course.investigator;
        auto times = std::move(judgement.times);
        judgement = judgement_of(row);
        judgement.times = std::move(times);
    } else if (table == "endpoints")
        add_endpoint(course, row);
    else if (table == "adverse_events")
        course.adverse_events.push_back({static_cast<std::size_t>(row.integer(3)),
                                         static_cast<int>(row.integer(4)), row.real(5), row.real(6),
                                         row.text(7)});
    else if (table == "decisions")
        course.decisions.push_back(
            {row.real(3), row.is_null(4) ? Decision::built_in : static_cast<std::size_t>(row.integer(4))});
    else if (table == "doses")
        course.doses.push_back({row.real(3), row.real(4), row.text(5), row.text(6), row.real(7), row.text(8),
                                static_cast<DosePer>(row.integer(9)), row.real(10)});
}

}  // namespace abscopal
