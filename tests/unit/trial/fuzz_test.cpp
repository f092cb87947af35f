// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "base/random.hpp"
#include "trial/event_table.hpp"
#include "trial_fixture.hpp"

namespace abscopal {
namespace {

/// A number below `n` for step `step` of case `round`.
std::size_t pick(std::uint64_t round, std::uint32_t step, std::size_t n) {
    return n == 0 ? 0 : random_bits(2026, Purpose::cell, round, step, 0) % n;
}

/// One to four edits of a text: delete, double, swap or change characters, or move a piece of it.
std::string mutated(std::string text, std::uint64_t round) {
    static constexpr std::string_view odd = "\"'[]{}=#.,-+eE0\n\t\\\xff\x01 _";
    const std::size_t n_edits = 1 + pick(round, 0, 4);
    for (std::uint32_t edit = 0; edit < n_edits && !text.empty(); ++edit) {
        const std::uint32_t step = 10 * (edit + 1);
        const std::size_t at = pick(round, step, text.size()), length = 1 + pick(round, step + 1, 12);
        const std::string piece = text.substr(at, length);
        switch (pick(round, step + 2, 5)) {
            case 0:
                text.erase(at, length);
                break;
            case 1:
                text.insert(at, piece);
                break;
            case 2:
                text[at] = odd[pick(round, step + 3, odd.size())];
                break;
            case 3:
                text.insert(at, 1, odd[pick(round, step + 3, odd.size())]);
                break;
            default:
                text.erase(at, length);
                text.insert(pick(round, step + 3, text.size() + 1), piece);
        }
    }
    return text;
}

class Fuzz : public test::TrialFolder {};

TEST_F(Fuzz, mutated_trials_are_read_or_refused_and_never_crash) {
    const std::string base =
        test::valid_trial +
        "[[watch]]\nobservable = \"A\"\nunit = \"nM\"\n[cohort.diagnosis]\nobservable = \"diameter\"\n"
        "threshold = \"2.5 cm\"\n[numerics]\nrelative_tolerance = 1e-6\n";
    int n_refused = 0, n_read = 0;
    for (std::uint64_t round = 0; round < 400; ++round) {
        try {
            const Trial trial = trial_of(mutated(base, round));
            EXPECT_FALSE(explain(trial).empty());
            ++n_read;
        } catch (const InputError& error) {
            EXPECT_FALSE(error.faults().empty());
            for (const auto& fault : error.faults()) EXPECT_FALSE(fault.message.empty());
            ++n_refused;
        } catch (const FileError&) {
            ++n_refused;
        }
    }
    EXPECT_GT(n_refused, 150);
    EXPECT_GT(n_read, 0);
}

TEST_F(Fuzz, mutated_event_tables_are_read_or_refused_and_never_crash) {
    const auto model = compile(read_antimony(folder_ / "model.ant"));
    const std::string base =
        "ID,TIME,EVID,AMT,CMT,RATE,II,ADDL,CL\n1,0,1,100,A,0,21,3,0.3\n1,5,0,0,0,0,0,0,0.4\n2,0,1,50,B,-2,0,"
        "0,.\n2,1,3,0,0,0,0,0,0.2\n";
    int n_refused = 0;
    for (std::uint64_t round = 0; round < 3000; ++round) {
        try {
            EXPECT_FALSE(parse_event_table(mutated(base, round), "events.csv", *model).subjects.empty());
        } catch (const InputError& error) {
            EXPECT_FALSE(error.faults().empty());
            ++n_refused;
        }
    }
    EXPECT_GT(n_refused, 1000);
}

}  // namespace
}  // namespace abscopal
