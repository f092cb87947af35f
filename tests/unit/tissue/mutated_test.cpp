// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "tissue/matlab.hpp"
#include "tissue_project.hpp"

/// Damaged files: bytes changed, dropped, doubled. Each either reads or is an InputError; nothing else may
/// come out.
namespace abscopal::tissue {
namespace {

std::size_t draw(std::uint64_t round, std::uint32_t index, std::size_t below) {
    return static_cast<std::size_t>(uniform(11, Purpose::permutation, round, 0, index) *
                                    static_cast<double>(below));
}

/// One to four small changes.
std::string damaged(std::string text, std::uint64_t round) {
    const std::string letters = "<>/=\"\\,-.eE0919naif \n\t\0xyz";
    const std::size_t changes = 1 + draw(round, 0, 4);
    for (std::uint32_t k = 0; k < changes && !text.empty(); ++k) {
        const std::size_t at = draw(round, 4 * k + 1, text.size()), length = 1 + draw(round, 4 * k + 2, 20);
        switch (draw(round, 4 * k + 3, 4)) {
            case 0:
                text[at] = letters[draw(round, 4 * k + 4, letters.size())];
                break;
            case 1:
                text.erase(at, length);
                break;
            case 2:
                text.insert(at, text.substr(at, length));
                break;
            default:
                text.resize(at);
                break;
        }
    }
    return text;
}

const std::string rules =
    "// rules\ntumor,oxygen,increases,cycle entry,0.003,21.5,4,0\ntumor,pressure,decreases,cycle "
    "entry,0,1,4,0\n";
const std::string cells = "x,y,z,type,volume,cycle entry\n1,2,3,tumor,1000,skip\n-5,6,7,tumor,,0.01\n";

void read_or_refuse(const test::Folder& folder) {
    try {
        read_project(folder.path());
    } catch (const InputError&) {
    }
}

TEST(Mutated, settings_are_read_or_refused) {
    const test::ProjectText text;
    const test::Folder folder;
    text.write(folder, cells, rules);
    const std::string sound = text.xml();
    for (std::uint64_t round = 0; round < 300; ++round) {
        folder.write("config/PhysiCell_settings.xml", damaged(sound, round));
        read_or_refuse(folder);
    }
}

TEST(Mutated, rules_and_cells_are_read_or_refused) {
    const test::ProjectText text;
    const test::Folder folder;
    text.write(folder, cells, rules);
    for (std::uint64_t round = 0; round < 300; ++round) {
        folder.write("config/cell_rules.csv", damaged(rules, 2 * round));
        folder.write("config/cells.csv", damaged(cells, 2 * round + 1));
        read_or_refuse(folder);
    }
}

TEST(Mutated, matrices_are_read_or_refused) {
    const std::vector<double> values{1, 2, 3, 4, 5, 6};
    const std::string sound = write_matlab("cells", 2, 3, values);
    EXPECT_EQ(parse_matlab(sound, "a.mat").values, values);
    EXPECT_EQ(parse_matlab(sound, "a.mat").name, "cells");
    for (std::uint64_t round = 0; round < 2000; ++round) {
        try {
            parse_matlab(damaged(sound, round), "a.mat");
        } catch (const InputError&) {
        }
    }
}

TEST(StartFields, are_read_from_csv_with_and_without_header_and_from_matlab) {
    test::ProjectText text;
    text.domain =
        "<x_min>0</x_min><x_max>40</x_max><y_min>0</y_min><y_max>40</y_max><z_min>-10</z_min><z_max>10</"
        "z_max><dx>20</dx><dy>20</dy><dz>20</dz><use_2D>true</use_2D>";
    const auto with = [&](const std::string& type, const std::string& content) {
        const test::Folder folder;
        test::ProjectText now = text;
        now.field_options +=
            "<initial_condition type=\"" + type +
            "\" enabled=\"true\"><filename>./config/start.dat</filename></initial_condition>";
        now.write(folder);
        folder.write("config/start.dat", content);
        return read_project(folder.path()).start_fields;
    };
    const std::vector<std::vector<double>> wanted{{1, 2, 3, 4}};
    const std::string rows = "30,30,0,4\n10,10,0,1\n30,10,0,2\n10,30,0,3\n";
    EXPECT_EQ(with("csv", "x,y,z,oxygen\n" + rows), wanted);
    EXPECT_EQ(with("csv", rows), wanted);
    EXPECT_EQ(with("matlab",
                   write_matlab("m", 4, 4,
                                std::vector<double>{10, 30, 10, 30, 10, 10, 30, 30, 0, 0, 0, 0, 1, 2, 3, 4})),
              wanted);
    EXPECT_THROW(with("csv", "10,10,0,1\n"), InputError);
    EXPECT_THROW(with("csv", rows + "10,10,0,9\n"), InputError);
    EXPECT_THROW(with("csv", "x,y,z,oxigen\n" + rows), InputError);
    EXPECT_THROW(with("text", rows), InputError);
}

}  // namespace
}  // namespace abscopal::tissue
