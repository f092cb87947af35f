// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>

#include "tissue_project.hpp"

/// Broken projects: each says what is wrong, where, and what was meant. None runs on a silent zero.
namespace abscopal::tissue {
namespace {

using test::Folder;
using test::ProjectText;

/// A sound project whose settings file has one text replaced by another.
struct Broken {
    const char* name;
    const char* from;
    const char* to;
    const char* code;  ///< of the fault or the warning
    bool fatal = true;
    const char* says = "";  ///< part of the message
};

void PrintTo(const Broken& one, std::ostream* to) {
    *to << one.name;
}

/// One element a line, so that places mean something.
std::string lines_of(std::string xml) {
    for (std::size_t at = 0; (at = xml.find("><", at)) != std::string::npos; at += 2)
        xml.insert(at + 1, "\n");
    return xml;
}

ProjectText sound() {
    ProjectText text;
    text.life =
        "<cycle code=\"6\" name=\"flow\"><phase_transition_rates><rate start_index=\"0\" end_index=\"1\" "
        "fixed_duration=\"false\">0.003</rate></phase_transition_rates></cycle>"
        "<death><model code=\"100\" "
        "name=\"apoptosis\"><death_rate>0.001</death_rate><phase_durations><duration index=\"0\" "
        "fixed_duration=\"true\">516</duration></phase_durations></model></death>"
        "<volume><total>2494</total><fluid_fraction>0.75</fluid_fraction><nuclear>540</nuclear></volume>";
    text.acts =
        "<mechanics><cell_cell_adhesion_strength>0.4</cell_cell_adhesion_strength></mechanics>"
        "<motility><speed>1</speed><options><enabled>true</enabled><chemotaxis><enabled>true</"
        "enabled><substrate>oxygen</substrate><direction>1</direction></chemotaxis></options></motility>"
        "<secretion><substrate "
        "name=\"oxygen\"><secretion_rate>0</secretion_rate><uptake_rate>10</uptake_rate></substrate></"
        "secretion>"
        "<cell_interactions><attack_rates><attack_rate "
        "name=\"tumor\">0.1</attack_rate></attack_rates><attack_damage_rate>1</"
        "attack_damage_rate><attack_duration>30</attack_duration></cell_interactions>";
    text.custom +=
        "<initial_parameter_distributions><distribution type=\"Normal\" "
        "check_base=\"false\"><behavior>migration "
        "speed</behavior><mu>1</mu><sigma>0.1</sigma></distribution></initial_parameter_distributions>";
    text.user = "<number_of_cells type=\"int\">2</number_of_cells>";
    return text;
}

class BrokenSettings : public testing::TestWithParam<Broken> {};

TEST_P(BrokenSettings, is_reported_with_its_place) {
    const Broken& broken = GetParam();
    const Folder folder;
    std::string xml = lines_of(sound().xml());
    const auto at = xml.find(broken.from);
    ASSERT_NE(at, std::string::npos) << "the sound text lacks " << broken.from;
    xml.replace(at, std::string(broken.from).size(), broken.to);
    folder.write("config/PhysiCell_settings.xml", xml);
    std::vector<Fault> found;
    bool failed = false;
    try {
        found = read_project(folder.path()).warnings;
    } catch (const InputError& error) {
        failed = true;
        found = error.faults();
    }
    EXPECT_EQ(failed, broken.fatal);
    const auto fault = std::find_if(found.begin(), found.end(), [&](const Fault& f) {
        return f.code == broken.code && f.message.find(broken.says) != std::string::npos;
    });
    ASSERT_NE(fault, found.end()) << (found.empty() ? "nothing found" : describe(found[0]));
    EXPECT_GT(fault->place.line, 0) << describe(*fault);
    EXPECT_EQ(fault->place.file, folder.file("config/PhysiCell_settings.xml"));
}

constexpr Broken cases[] = {
    {"not_xml", "</domain>", "</domian>", "xml-syntax"},
    {"cut_short", "<user_parameters>", "<user_parameters", "xml-syntax"},
    {"document_type", "<PhysiCell_settings", "<!DOCTYPE a [<!ENTITY b \"c\">]><PhysiCell_settings",
     "xml-doctype"},
    {"other_root", "<PhysiCell_settings version=\"devel\">", "<Settings/><PhysiCell_setting>", "xml-syntax"},
    {"number_with_letters", "<x_min>-100</x_min>", "<x_min>-100a</x_min>", "bad-number", true, "-100a"},
    {"not_a_number", "<initial_condition>10</initial_condition>",
     "<initial_condition>nan</initial_condition>", "bad-number", true, "finite"},
    {"infinite", "<decay_rate>0.1</decay_rate>", "<decay_rate>inf</decay_rate>", "bad-number", true,
     "finite"},
    {"reversed_box", "<x_max>100</x_max>", "<x_max>-300</x_max>", "empty-domain"},
    {"flat_voxels", "<dy>20</dy>", "<dy>10</dy>", "voxels-not-cubic"},
    {"zero_voxel", "<dx>20</dx>", "<dx>0</dx>", "bad-spacing"},
    {"huge_box", "<y_max>100</y_max>", "<y_max>1e12</y_max>", "domain-too-large"},
    {"thin_box", "<z_max>100</z_max>", "<z_max>-90</z_max>", "domain-too-thin"},
    {"no_voxel_size", "<dz>20</dz>", "", "missing-element", false, "<dz>"},
    {"negative_step", "<dt_diffusion>0.01</dt_diffusion>", "<dt_diffusion>-1</dt_diffusion>", "bad-step"},
    {"steps_that_shrink", "<dt_mechanics>0.1</dt_mechanics>", "<dt_mechanics>0.001</dt_mechanics>",
     "bad-step"},
    {"no_step", "<dt_phenotype>6</dt_phenotype>", "", "missing-element", false, "6 is taken"},
    {"negative_end", "<max_time>60</max_time>", "<max_time>-1</max_time>", "bad-time"},
    {"misspelt_step", "<dt_mechanics>0.1</dt_mechanics>", "<dt_mechanic>0.1</dt_mechanic>", "unknown-element",
     false, "did you mean 'dt_mechanics'"},
    {"seed_of_words", "<random_seed>0</random_seed>", "<random_seed>seven</random_seed>", "bad-seed"},
    {"seed_of_clock", "<random_seed>0</random_seed>", "<random_seed>system_clock</random_seed>",
     "seed-of-clock", false},
    {"no_fields", "<microenvironment_setup>", "<microenvironment_setups>", "xml-syntax"},
    {"negative_diffusion", "<diffusion_coefficient>1000</diffusion_coefficient>",
     "<diffusion_coefficient>-5</diffusion_coefficient>", "negative-value"},
    {"no_decay", "<decay_rate>0.1</decay_rate>", "", "missing-element", false, "decay_rate"},
    {"empty_initial", "<initial_condition>10</initial_condition>", "<initial_condition></initial_condition>",
     "empty-element", false, "0 is taken"},
    {"nameless_substrate", "<variable name=\"oxygen\"", "<variable name=\"\"", "missing-name"},
    {"unknown_side", "<Dirichlet_boundary_condition enabled=\"false\">0</Dirichlet_boundary_condition>",
     "<Dirichlet_boundary_condition "
     "enabled=\"true\">0</Dirichlet_boundary_condition><Dirichlet_options><boundary_value ID=\"left\" "
     "enabled=\"true\">3</boundary_value></Dirichlet_options>",
     "unknown-side", true, "xmin"},
    {"side_without_switch",
     "<Dirichlet_boundary_condition enabled=\"false\">0</Dirichlet_boundary_condition>",
     "<Dirichlet_boundary_condition "
     "enabled=\"false\">0</Dirichlet_boundary_condition><Dirichlet_options><boundary_value ID=\"xmin\" "
     "enabled=\"true\">3</boundary_value></Dirichlet_options>",
     "boundary-off", false},
    {"no_types", "<cell_definition name=\"tumor\" ID=\"0\">", "<cell_definitio name=\"tumor\" ID=\"0\">",
     "xml-syntax"},
    {"nameless_type", "<cell_definition name=\"tumor\"", "<cell_definition name=\"\"", "missing-name"},
    {"type_without_id", "name=\"tumor\" ID=\"0\">", "name=\"tumor\">", "missing-id", false},
    {"unknown_parent", "name=\"tumor\" ID=\"0\">", "name=\"tumor\" ID=\"0\" parent_type=\"stem\">",
     "unknown-parent", false},
    {"unknown_cycle", "<cycle code=\"6\"", "<cycle code=\"9\"", "unknown-cycle"},
    {"cycle_by_name", "<cycle code=\"6\" name=\"flow\">", "<cycle name=\"Flow cytometry model (separated)\">",
     "missing-code", false},
    {"phase_too_far", "start_index=\"0\"", "start_index=\"7\"", "unknown-phase"},
    {"phase_that_jumps", "end_index=\"1\"", "end_index=\"3\"", "unknown-transition"},
    {"negative_rate", "fixed_duration=\"false\">0.003<", "fixed_duration=\"false\">-0.003<",
     "negative-value"},
    {"older_rates",
     "<phase_transition_rates>\n<rate start_index=\"0\" end_index=\"1\" "
     "fixed_duration=\"false\">0.003</rate>\n</phase_transition_rates>",
     "<transition_rates><rate start_index=\"0\" end_index=\"1\">0.003</rate></transition_rates>",
     "older-element", false, "phase_transition_rates"},
    {"unknown_death", "<model code=\"100\"", "<model code=\"102\"", "unknown-death"},
    {"negative_death", "<death_rate>0.001</death_rate>", "<death_rate>-1</death_rate>", "negative-value"},
    {"older_death", "<death_rate>0.001</death_rate>", "<rate>0.001</rate>", "older-element", false,
     "death_rate"},
    {"no_death_rate", "<death_rate>0.001</death_rate>", "", "missing-element", false, "death_rate"},
    {"no_volume", "<total>2494</total>", "<total>0</total>", "bad-volume"},
    {"nucleus_too_large", "<nuclear>540</nuclear>", "<nuclear>5400</nuclear>", "bad-volume"},
    {"fluid_above_one", "<fluid_fraction>0.75</fluid_fraction>", "<fluid_fraction>75</fluid_fraction>",
     "bad-volume"},
    {"misspelt_volume", "<nuclear>540</nuclear>", "<nucleus>540</nucleus>", "unknown-element", false,
     "<nucleus>"},
    {"negative_adhesion", "<cell_cell_adhesion_strength>0.4", "<cell_cell_adhesion_strength>-0.4",
     "negative-value"},
    {"misspelt_mechanics", "<mechanics>", "<mechanic>", "xml-syntax"},
    {"taxis_to_nothing", "<substrate>oxygen</substrate>", "<substrate>oxigen</substrate>", "unknown-name",
     true, "did you mean 'oxygen'"},
    {"secretes_nothing_known", "<substrate name=\"oxygen\">", "<substrate name=\"oxgen\">", "unknown-name",
     true, "did you mean 'oxygen'"},
    {"negative_uptake", "<uptake_rate>10</uptake_rate>", "<uptake_rate>-10</uptake_rate>", "negative-value"},
    {"attacks_nobody", "<attack_rate name=\"tumor\">", "<attack_rate name=\"tumour\">", "unknown-name", false,
     "did you mean 'tumor'"},
    {"older_damage", "<attack_damage_rate>1</attack_damage_rate>", "<damage_rate>1</damage_rate>",
     "older-element", false, "attack_damage_rate"},
    {"no_duration", "<attack_duration>30</attack_duration>", "", "missing-element", false, "30 is taken"},
    {"unknown_law", "distribution type=\"Normal\"", "distribution type=\"Gaussian\"", "unknown-distribution"},
    {"unknown_spread", "<behavior>migration speed</behavior>", "<behavior>migration sped</behavior>",
     "unknown-behaviour", true, "did you mean 'migration speed'"},
    {"no_spread_at_all", "<sigma>0.1</sigma>", "<sigma>0</sigma>", "bad-distribution"},
    {"bounds_out_of_reach", "<sigma>0.1</sigma>", "<sigma>0.1</sigma><lower_bound>50</lower_bound>",
     "bad-distribution"},
    {"base_outside", " check_base=\"false\"", "><extra/><!--", "xml-syntax"},
    {"negative_count", "<number_of_cells type=\"int\">2<", "<number_of_cells type=\"int\">-2<", "bad-number"},
    {"parameter_twice", "<user_parameters>", "<user_parameters><number_of_cells>1</number_of_cells>",
     "parameter-twice"},
    {"unknown_part", "<overall>", "<weather>sunny</weather><overall>", "unknown-element", false, "weather"},
    {"vector_of_words", "<sample conserved=\"false\">1</sample>",
     "<sample conserved=\"false\">1,two</sample>", "bad-number", true, "two"},
    {"intracellular", "<volume>",
     "<intracellular type=\"maboss\"><bnd_filename>a</bnd_filename></intracellular><volume>",
     "intracellular-model", false, "maboss"},
};

INSTANTIATE_TEST_SUITE_P(Cases, BrokenSettings, testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(SoundSettings, give_no_warning_but_for_what_they_leave_out) {
    const Folder folder;
    folder.write("config/PhysiCell_settings.xml", sound().xml());
    for (const auto& warning : read_project(folder.path()).warnings)
        EXPECT_EQ(warning.code, "missing-element") << describe(warning);
}

TEST(SoundSettings, strict_reading_turns_warnings_into_faults) {
    const Folder folder;
    folder.write("config/PhysiCell_settings.xml", sound().xml());
    EXPECT_THROW(read_project(folder.path(), {.strict = true, .settings = {}}), InputError);
}

TEST(SoundSettings, can_be_changed_by_name_and_say_when_they_cannot) {
    const Folder folder;
    folder.write("config/PhysiCell_settings.xml", sound().xml());
    const auto changed = read_project(
        folder.path(),
        {.settings = {{"overall/max_time", "90"},
                      {"number_of_cells", "7"},
                      {"cell_definitions/cell_definition[tumor]/phenotype/motility/speed", "3"}}});
    EXPECT_EQ(changed.max_time, 90);
    EXPECT_EQ(changed.cells_of_each_type, 7);
    EXPECT_EQ(changed.types[0]
                  .behaviours[static_cast<std::size_t>(changed.dictionary.behaviour("migration speed"))],
              3);
    EXPECT_THROW(read_project(folder.path(), {.settings = {{"number_of_sells", "7"}}}), InputError);
}

TEST(SoundSettings, a_missing_project_is_a_file_error) {
    EXPECT_THROW(read_project("/nonexistent/settings.xml"), FileError);
    const Folder folder;
    EXPECT_THROW(read_project(folder.path()), FileError);
}

/// First fault or warning of a rules file.
Fault rule_fault(const std::string& rules, const std::string& version = "3.0") {
    try {
        const auto project = sound().read("", rules, {}, version);
        for (const auto& warning : project.warnings) {
            if (warning.place.file.find("cell_rules") != std::string::npos) return warning;
        }
    } catch (const InputError& error) {
        return error.faults()[0];
    }
    return {"none", "", {}, {}};
}

TEST(BrokenRules, name_the_line_and_the_nearest_word) {
    const std::vector<std::array<const char*, 3>> broken{
        {"tumr,oxygen,increases,apoptosis,1,5,4,0", "unknown-name", "did you mean 'tumor'"},
        {"tumor,oxygn,increases,apoptosis,1,5,4,0", "unknown-signal", "did you mean 'oxygen'"},
        {"tumor,oxygen,increases,apoptosi,1,5,4,0", "unknown-behaviour", "did you mean 'apoptosis'"},
        {"tumor,oxygen,incrases,apoptosis,1,5,4,0", "unknown-direction", "did you mean 'increases'"},
        {"tumor,oxygen,increases,apoptosis,much,5,4,0", "bad-number", "response"},
        {"tumor,oxygen,increases,apoptosis,1,5,4,maybe", "bad-flag", "0 is taken"},
        {"tumor,oxygen,increases,apoptosis,1,5,4", "rule-length", "expected 8"},
        {"tumor,oxygen,increases,,1,5,4,0", "rule-length", "empty field"},
        {"tumor,oxygen,increases,apoptosis,1,0,4,0", "zero-half-max", ""},
        {"tumor,pressure,increases,apoptosis,1,5,4,0\ntumor,pressure,increases,apoptosis,1,5,4,0",
         "rule-twice", "line 2"},
    };
    for (const auto& [lines, code, says] : broken) {
        const Fault fault = rule_fault(std::string("// a comment\n") + lines + "\n");
        EXPECT_EQ(fault.code, code) << lines << ": " << fault.message;
        EXPECT_NE(fault.message.find(says), std::string::npos) << fault.message;
        EXPECT_GE(fault.place.line, 2);
    }
}

TEST(BrokenRules, of_an_unknown_version_are_refused) {
    EXPECT_EQ(rule_fault("tumor,oxygen,increases,apoptosis,1,5,4,0\n", "4.2").code, "unknown-version");
}

TEST(Rules, of_every_version_say_the_same) {
    const auto newest = sound().read("", "tumor,oxygen,increases,migration speed,5,10,4,1\n");
    const auto second = sound().read("", "tumor,oxygen,increases,migration speed,1,5,10,4,1\n", {}, "1.0");
    const auto first = sound().read("", "tumor,migration speed,0,1,5,oxygen,increases,10,4,1\n", {}, "0.0");
    for (const auto* project : {&newest, &second, &first}) {
        ASSERT_EQ(project->rules.size(), 1u);
        const Rule& rule = project->rules[0];
        EXPECT_EQ(rule.response, 5);
        EXPECT_EQ(rule.half_max, 10);
        EXPECT_EQ(rule.power, 4);
        EXPECT_TRUE(rule.increases && rule.applies_to_dead);
        EXPECT_EQ(rule.behaviour, project->dictionary.behaviour("migration speed"));
    }
    EXPECT_THROW(sound().read("", "tumor,oxygen,increases,migration speed,2,5,10,4,1\n", {}, "1.0"),
                 InputError);
}

TEST(Rules, blanks_tabs_and_older_names_are_understood) {
    const auto project =
        sound().read("",
                     "tumor , oxygen,increases,phagocytose dead "
                     "cell,1,5,4,0\r\ntumor\tpressure\tdecreases\tcycle entry\t0\t1\t4\t0\n");
    EXPECT_EQ(project.rules.size(), 4u);
}

TEST(StartCells, of_both_versions_are_read) {
    const auto first = sound().read("1,2,3,0\n4,5,6,9\n");
    ASSERT_EQ(first.cells.size(), 1u);
    EXPECT_EQ(first.cells[0].y, 2);
    const auto second = sound().read(
        "x,y,z,type,volume,migration speed,nonsense\n1,2,3,tumor,1000,skip,1\n4,5,6,tumor\n7,8,9,tumour\n");
    ASSERT_EQ(second.cells.size(), 2u);
    ASSERT_EQ(second.cells[0].settings.size(), 1u);
    EXPECT_EQ(second.cells[0].settings[0], (std::pair<int, double>(-1, 1000)));
    const auto warned = [&](const char* code, int line) {
        return std::any_of(second.warnings.begin(), second.warnings.end(),
                           [&](const Fault& w) { return w.code == code && w.place.line == line; });
    };
    EXPECT_TRUE(warned("unknown-behaviour", 1));
    EXPECT_TRUE(warned("unknown-name", 4));
}

TEST(StartCells, broken_rows_are_faults_in_their_line) {
    for (const char* rows : {"x,y,z,type\n1,2,tumor\n", "x,y,z,type\n1,two,3,tumor\n",
                             "x,y,z,type\n1,nan,3,tumor\n", "x,y,z,type,volume\n1,2,3,tumor,-5\n"}) {
        try {
            sound().read(rows);
            ADD_FAILURE() << rows;
        } catch (const InputError& error) {
            EXPECT_EQ(error.faults()[0].place.line, 2) << rows;
        }
    }
}

}  // namespace
}  // namespace abscopal::tissue
