// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <tuple>

#include "abscopal/error.hpp"
#include "base/csv.hpp"
#include "base/digest.hpp"
#include "base/random.hpp"
#include "base/text.hpp"

namespace abscopal {
namespace {

// Known answers of the Random123 distribution (kat_vectors, philox4x32 10 rounds).
TEST(Random, PhiloxGivesTheKnownAnswers) {
    EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
              (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// FIPS 180-4 examples.
TEST(Digest, Sha256GivesThePublishedValues) {
    EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Text, NumbersReadBackToTheSameBits) {
    for (const double value : {0.1, 1e-300, -0.0, 6.02214076e23, 5e-324, 1.0 / 3.0})
        EXPECT_EQ(to_double(to_text(value)), value);
    EXPECT_TRUE(std::isnan(*to_double("NaN")));
    EXPECT_EQ(to_double("-INF"), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(to_double("1e999"), std::numeric_limits<double>::infinity());
    EXPECT_EQ(to_double("1e-999"), 0.0);
    for (const char* text : {"", "1.2.3", "12abc", "0x10", "--1", "1,5", "+-1"})
        EXPECT_FALSE(to_double(text)) << text;
}

TEST(Text, Utf8IsCheckedStrictly) {
    EXPECT_TRUE(is_valid_utf8("µm – ok"));
    EXPECT_FALSE(is_valid_utf8("\xC0\x80"));
    EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));
    EXPECT_FALSE(is_valid_utf8("\xF8\x88\x80\x80\x80"));
    EXPECT_FALSE(is_valid_utf8("abc\xE2\x82"));
}

TEST(Error, NearestNameForgivesTwoEdits) {
    const std::vector<std::string> names{"dose", "every", "until", "infusion"};
    EXPECT_EQ(nearest_name("dosse", names), "dose");
    EXPECT_EQ(nearest_name("evrey", names), "every");
    EXPECT_EQ(nearest_name("Dose", names), "dose");
    EXPECT_EQ(nearest_name("biomarker", names), "");
    EXPECT_EQ(nearest_name("x", names), "");
}

TEST(Csv, KeepsPlacesAndQuotes) {
    const auto table = parse_csv("# note\nID,TIME,CMT\r\n1,0,\"a,b\"\n\n2,1.5,\"say \"\"hi\"\"\"\n", "t.csv");
    ASSERT_EQ(table.rows.size(), 2u);
    EXPECT_EQ(table.rows[0][2], "a,b");
    EXPECT_EQ(table.rows[1][2], "say \"hi\"");
    EXPECT_EQ(table.place(1, 1).line, 5);
    EXPECT_EQ(table.place(1, 1).column, 3);
}

TEST(Csv, ReportsEveryBadRowAtOnce) {
    try {
        (void)parse_csv("a,b\n1\n1,2\n1,2,3\n", "t.csv");
        FAIL();
    } catch (const InputError& error) {
        ASSERT_EQ(error.faults().size(), 2u);
        EXPECT_EQ(error.faults()[0].place.line, 2);
        EXPECT_EQ(error.faults()[1].place.line, 4);
    }
}

TEST(Csv, PlacesWhatIsNoText) {
    for (const auto& [text, code, column] : {std::tuple("a,b\n\u00e4,\xff\n", "not-utf8", 3),
                                             std::tuple("a,b\n\u00e4,\u00e4\x01\n", "not-text", 4)}) {
        try {
            (void)parse_csv(text, "t.csv");
            FAIL();
        } catch (const InputError& error) {
            EXPECT_EQ(error.faults().at(0).code, code);
            EXPECT_EQ(error.faults().at(0).place.line, 2);
            EXPECT_EQ(error.faults().at(0).place.column, column);
        }
    }
}

TEST(Fault, ShowsControlCharactersInsteadOfSendingThem) {
    EXPECT_EQ(describe({"code", std::string("found '\x1b[2J\0'", 12), {"t.toml", 0, 0, 0}, {}}),
              "t.toml: found '\\x1b[2J\\x00");
}

TEST(Csv, CellsRoundTrip) {
    for (const std::string text :
         {"plain", "a,b", "say \"hi\"", " padded ", "#not a comment", "line\nbreak"}) {
        EXPECT_EQ(parse_csv("x,y\n" + csv_cell(text) + ",1\n").rows.at(0).at(0), text);
    }
}

}  // namespace
}  // namespace abscopal
