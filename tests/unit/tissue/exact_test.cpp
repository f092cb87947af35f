// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "lanes/tissue_kernels.hpp"
#include "tissue/model.hpp"
#include "tissue/population.hpp"
#include "tissue_project.hpp"

/// The same bits for any number of threads, after a stop and a start, and in every instruction set.
namespace abscopal::tissue {
namespace {

using test::ProjectText;

/// A busy piece of tissue: two types that move, divide, die, attack, eat and attach, on a rule each.
std::shared_ptr<const Project> busy(bool flat) {
    ProjectText text;
    if (flat)
        text.domain =
            "<x_min>-150</x_min><x_max>150</x_max><y_min>-150</y_min><y_max>150</y_max><z_min>-10</"
            "z_min><z_max>10</z_max><dx>20</dx><dy>20</dy><dz>20</dz><use_2D>true</use_2D>";
    text.life =
        "<cycle code=\"5\" name=\"live\"><phase_transition_rates><rate start_index=\"0\" "
        "end_index=\"0\">0.005</rate></phase_transition_rates></cycle>"
        "<death><model code=\"100\" name=\"apoptosis\"><death_rate>0.0005</death_rate></model><model "
        "code=\"101\" name=\"necrosis\"><death_rate>0</death_rate></model></death>";
    text.acts =
        "<mechanics><attachment_rate>0.05</attachment_rate><detachment_rate>0.05</detachment_rate></"
        "mechanics>"
        "<secretion><substrate "
        "name=\"oxygen\"><secretion_rate>0</secretion_rate><uptake_rate>5</uptake_rate></substrate></"
        "secretion>";
    text.custom = "<custom_data><load conserved=\"true\">4</load></custom_data>";
    text.more_types =
        "<cell_definition name=\"killer\" ID=\"1\"><phenotype><cycle code=\"0\" name=\"Ki67\"/><death><model "
        "code=\"100\" name=\"apoptosis\"><death_rate>0</death_rate></model></death>"
        "<motility><speed>2</speed><persistence_time>3</persistence_time><migration_bias>0.5</"
        "migration_bias><options><enabled>true</enabled>"
        "<chemotaxis><enabled>true</enabled><substrate>oxygen</substrate><direction>-1</direction></"
        "chemotaxis></options></motility>"
        "<cell_interactions><apoptotic_phagocytosis_rate>0.2</"
        "apoptotic_phagocytosis_rate><attack_rates><attack_rate "
        "name=\"tumor\">0.5</attack_rate></attack_rates>"
        "<attack_damage_rate>1</attack_damage_rate><attack_duration>10</attack_duration></"
        "cell_interactions></phenotype></cell_definition>";
    std::string cells = "x,y,z,type\n";
    for (int k = 0; k < 120; ++k) {
        const double angle = 2.4 * k, r = 6 * std::sqrt(k);
        cells += std::to_string(r * std::cos(angle)) + "," + std::to_string(r * std::sin(angle)) + "," +
                 (flat ? "0" : std::to_string(5 * std::sin(k))) + (k % 5 == 4 ? ",killer\n" : ",tumor\n");
    }
    return text.shared(cells,
                       "tumor,damage,increases,apoptosis,0.1,5,4,0\nkiller,contact with "
                       "tumor,decreases,migration speed,0.1,0.5,4,0\n"
                       "tumor,contact with dead cell,increases,damage repair rate,0.1,1,2,0\n");
}

/// Largest difference of positions, volumes and fields, cells matched by id; infinity where the cells are not
/// the same.
double difference(const State& a, const State& b) {
    if (a.cells.size() != b.cells.size()) return INFINITY;
    const auto rows_a = rows_by_id(a.cells), rows_b = rows_by_id(b.cells);
    double largest = 0;
    for (std::size_t n = 0; n < rows_a.size(); ++n) {
        const auto i = rows_a[n], j = rows_b[n];
        if (a.cells.id[i] != b.cells.id[j] || a.cells.type[i] != b.cells.type[j] ||
            a.cells.death[i] != b.cells.death[j])
            return INFINITY;
        largest =
            std::max({largest, std::abs(a.cells.x[i] - b.cells.x[j]), std::abs(a.cells.y[i] - b.cells.y[j]),
                      std::abs(a.cells.z[i] - b.cells.z[j]), std::abs(a.cells.total[i] - b.cells.total[j]),
                      std::abs(a.cells.damage[i] - b.cells.damage[j])});
    }
    for (std::size_t k = 0; k < a.fields.size(); ++k) {
        for (std::size_t v = 0; v < a.fields[k].size(); ++v)
            largest = std::max(largest, std::abs(a.fields[k][v] - b.fields[k][v]));
    }
    return largest;
}

bool same_bits(State a, State b) {
    bool same = a.step == b.step && a.springs == b.springs && a.fields == b.fields &&
                a.contacts == b.contacts && a.cells.varied == b.cells.varied;
    std::vector<std::string> bytes[2];
    int which = 0;
    for (State* state : {&a, &b}) {
        each_column(state->cells, [&](const auto& column) {
            bytes[which].emplace_back(reinterpret_cast<const char*>(column.data()),
                                      column.size() * sizeof column[0]);
        });
        ++which;
    }
    return same && bytes[0] == bytes[1];
}

State run(const std::shared_ptr<const Project>& project, double minute, RunOptions options) {
    Simulation simulation(project, options);
    State state = simulation.start(7);
    simulation.advance(state, minute);
    return state;
}

class Exact : public testing::TestWithParam<bool> {};

TEST_P(Exact, threads_change_no_bit) {
    const auto project = busy(GetParam());
    const State one = run(project, 120, {Stepper::fast, 1});
    EXPECT_GT(one.births, 5u);
    EXPECT_GT(one.deaths, 5u);
    EXPECT_GT(one.removals, 5u);
    EXPECT_TRUE(same_bits(one, run(project, 120, {Stepper::fast, 2})));
    EXPECT_TRUE(same_bits(one, run(project, 120, {Stepper::fast, 5})));
}

TEST_P(Exact, the_fast_stepper_follows_the_reference) {
    const auto project = busy(GetParam());
    EXPECT_LT(difference(run(project, 60, {Stepper::fast, 1}), run(project, 60, {Stepper::reference, 1})),
              1e-8);
}

TEST_P(Exact, with_compat_the_fast_stepper_follows_the_reference) {
    Project as_physicell = *busy(GetParam());
    as_physicell.compat = true;
    const auto project = std::make_shared<const Project>(as_physicell);
    const State fast = run(project, 60, {Stepper::fast, 2});
    EXPECT_LT(difference(fast, run(project, 60, {Stepper::reference, 1})), 1e-8);
    EXPECT_GT(difference(fast, run(busy(GetParam()), 60, {Stepper::fast, 2})), 1e-3);
}

TEST_P(Exact, stop_save_load_and_go_on_is_never_stopped) {
    const auto project = busy(GetParam());
    const test::Folder folder;
    const State whole = run(project, 90, {Stepper::fast, 1});
    for (const double minute : {0.0, 0.05, 17.37, 41.9, 42.0, 77.77}) {
        save_state(*project, run(project, minute, {Stepper::fast, 1}), folder.file("state.sqlite"));
        State state = load_state(*project, folder.file("state.sqlite"));
        Simulation simulation(project, {Stepper::fast, 2});
        simulation.advance(state, 90);
        EXPECT_TRUE(same_bits(whole, state)) << minute;
    }
}

INSTANTIATE_TEST_SUITE_P(Dimensions, Exact, testing::Bool(),
                         [](const auto& instance) { return instance.param ? "flat" : "deep"; });

TEST(Snapshot, a_damaged_generation_gives_way_to_the_one_before) {
    const auto project = busy(true);
    const test::Folder folder;
    const std::string path = folder.file("state.sqlite");
    save_state(*project, run(project, 1, {}), path);
    save_state(*project, run(project, 2, {}), path);
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    sqlite3_exec(
        db,
        "UPDATE snapshot SET state = zeroblob(100) WHERE generation = (SELECT max(generation) FROM snapshot)",
        nullptr, nullptr, nullptr);
    sqlite3_close(db);
    EXPECT_EQ(load_state(*project, path).step, 100u);
}

TEST(Snapshot, another_projects_state_is_refused) {
    const test::Folder folder;
    const std::string path = folder.file("state.sqlite");
    save_state(*busy(true), run(busy(true), 0, {}), path);
    EXPECT_THROW(load_state(*busy(false), path), InputError);
}

TEST(Kernels, every_target_gives_the_bits_of_the_scalar_one) {
    std::vector<lanes::PairCell> cells(101);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const double t = static_cast<double>(i);
        cells[i] = {9 * std::sin(t),
                    9 * std::cos(1.7 * t),
                    9 * std::sin(2.3 * t + 1),
                    8 + std::sin(t),
                    10.5,
                    3.1,
                    0.6,
                    i % 2};
    }
    std::vector<std::uint32_t> list;
    for (std::uint32_t i = 1; i < cells.size(); ++i) list.push_back(i);
    const std::vector<double> affinity{1.0, 0.3};
    for (const auto target : lanes::supported_targets()) {
        for (const std::size_t count : {0u, 1u, 7u, 8u, 64u, 65u, 100u}) {
            double wanted[4], found[4];
            lanes::tissue_kernels(lanes::Target::scalar)
                .pair_sum(cells.data(), 0, list.data(), count, affinity.data(), wanted);
            lanes::tissue_kernels(target).pair_sum(cells.data(), 0, list.data(), count, affinity.data(),
                                                   found);
            EXPECT_EQ(std::memcmp(wanted, found, sizeof wanted), 0) << lanes::name_of(target) << count;
        }
    }
}

}  // namespace
}  // namespace abscopal::tissue
