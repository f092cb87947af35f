// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cmath>

#include "trial_fixture.hpp"

namespace abscopal {
namespace {

using test::replaced;
using test::valid_trial;

class TrialFile : public test::TrialFolder {
  protected:
    /// Times of the doses that a treatment of the second arm gives within 400 days.
    std::vector<double> times(const std::string& schedule) {
        const Trial trial =
            trial_of(replaced(valid_trial, "every = \"3 weeks\"\nuntil = \"progression\"\n", schedule));
        std::vector<double> result;
        for (const auto& dose : trial.arms[1].regimen.expanded(400).rows) result.push_back(dose.time);
        return result;
    }

    std::vector<Action> actions(const std::string& from, const std::string& to, double weight = 80,
                                double area = 1.9) {
        const Trial trial = trial_of(replaced(valid_trial, from, to));
        return actions_for(trial, trial.arms[1], *load_model(trial), weight, area, 100.0);
    }
};

TEST_F(TrialFile, says_everything_that_decides_the_numbers) {
    const Trial trial = trial_of(valid_trial);
    EXPECT_EQ(trial.title, "trial");
    EXPECT_EQ(trial.n_patients, 3u);
    EXPECT_EQ(trial.max_draws, 30u);
    ASSERT_EQ(trial.lesions.size(), 1U);
    EXPECT_EQ(trial.lesions[0].observable, "diameter");
    EXPECT_DOUBLE_EQ(trial.lesions[0].scale, 10.0);
    EXPECT_EQ(trial.follow_up, 400.0);
    EXPECT_EQ(trial.visits, (std::vector<double>{56, 112, 168, 224, 280, 336, 392}));
    EXPECT_EQ(trial.weight, 80.0);
    EXPECT_EQ(trial.area, 1.9);
    ASSERT_EQ(trial.population.priors.size(), 1u);
    EXPECT_EQ(trial.population.priors[0].law, Law::lognormal);
    ASSERT_EQ(trial.arms.size(), 2u);
    EXPECT_TRUE(trial.arms[0].regimen.rows.empty());
    ASSERT_EQ(trial.arms[1].regimen.rows.size(), 1u);
    const DoseRow& row = trial.arms[1].regimen.rows[0];
    EXPECT_EQ(row.additional, 19);
    EXPECT_EQ(row.interval, 21.0);
    EXPECT_TRUE(row.while_on_treatment);
    EXPECT_EQ(row.place.line, 29);
    EXPECT_FALSE(trial.model_digest.empty());
}

TEST_F(TrialFile, a_dose_becomes_the_amount_the_model_carries) {
    const auto flat = actions("dose = \"200 mg\"", "dose = \"200 mg\"");
    ASSERT_EQ(flat.size(), 20u);
    EXPECT_EQ(flat[1].time, 121.0);
    EXPECT_EQ(flat[0].kind, ActionKind::add);
    EXPECT_NEAR(flat[0].value, 200e-3 / 149e3 * 1e9, 1e-6);  // 1342.28 nmol
    const auto per_kg = actions("dose = \"200 mg\"", "dose = \"2.5 mg/kg\"");
    EXPECT_DOUBLE_EQ(per_kg[0].value, flat[0].value);
    const auto moles = actions("dose = \"200 mg\"", "dose = \"3 umol\"");
    EXPECT_DOUBLE_EQ(moles[0].value, 3000.0);
    const auto own = actions("dose = \"200 mg\"", "amt = 7");
    EXPECT_DOUBLE_EQ(own[0].value, 7.0);
}

TEST_F(TrialFile, doses_per_square_metre_are_infused_as_the_drug_says) {
    for (const char* unit : {"mg/m2", "mg/m^2", "mg/m\u00b2"}) {
        const auto chemo = actions("drug = \"mab\"\ndose = \"200 mg\"",
                                   std::string("drug = \"taxane\"\ndose = \"100 ") + unit + "\"");
        EXPECT_EQ(chemo[0].kind, ActionKind::infuse);
        EXPECT_DOUBLE_EQ(chemo[0].value, 190e3);  // µg
        EXPECT_DOUBLE_EQ(chemo[0].duration, 30.0 / 1440);
    }
}

TEST_F(TrialFile, schedules_read_as_a_clinician_writes_them) {
    using Times = std::vector<double>;
    EXPECT_EQ(times(""), Times{0});
    EXPECT_EQ(times("start = \"1 week\"\n"), Times{7});
    EXPECT_EQ(times("days = [14, 0, 7]\n"), (Times{0, 7, 14}));
    EXPECT_EQ(times("every = \"100 days\"\n"), (Times{0, 100, 200, 300, 400}));
    EXPECT_EQ(times("every = \"100 days\"\nuntil = \"end\"\n"), (Times{0, 100, 200, 300, 400}));
    EXPECT_EQ(times("every = \"100 days\"\nuntil = \"300 days\"\n"), (Times{0, 100, 200}));
    EXPECT_EQ(times("every = \"100 days\"\nuntil = [\"progression\", \"201 days\"]\n"), (Times{0, 100, 200}));
    EXPECT_EQ(times("every = \"3 weeks\"\ndoses = 3\n"), (Times{0, 21, 42}));
    EXPECT_EQ(times("ii = 21\naddl = 2\n"), (Times{0, 21, 42}));
    EXPECT_EQ(times("ii = \"3 weeks\"\ntotal = 3\ntime = 1\n"), (Times{1, 22, 43}));
    EXPECT_EQ(times("days = [0, 7, 14]\ncycle = \"28 days\"\ncycles = 2\n"), (Times{0, 7, 14, 28, 35, 42}));
    EXPECT_EQ(times("days = [0, 7, 14]\ncycle = \"28 days\"\ndoses = 5\n"), (Times{0, 7, 14, 28, 35}));
    EXPECT_EQ(times("days = [0, 7, 14]\ncycle = \"28 days\"\ndoses = 2\n"), (Times{0, 7}));
    EXPECT_EQ(times("days = [0, \"1 week\"]\ncycle = \"28 days\"\nuntil = \"29 days\"\n"), (Times{0, 7, 28}));
}

TEST_F(TrialFile, infusions_may_be_given_by_time_or_by_rate) {
    const auto duration = [&](const std::string& key) {
        return actions("until = \"progression\"", key)[0].duration;
    };
    EXPECT_DOUBLE_EQ(duration("infusion = \"1 h\""), 1.0 / 24);
    EXPECT_DOUBLE_EQ(duration("tinf = 0.5"), 0.5);
    EXPECT_DOUBLE_EQ(duration("rate = \"100 mg/h\""), 2.0 / 24);
    EXPECT_DOUBLE_EQ(duration("rate = \"0.1 g/h\""), 2.0 / 24);
}

TEST_F(TrialFile, numbers_are_brought_to_the_units_of_the_model) {
    const Trial trial = trial_of(valid_trial + "set = { CL = \"0.2 mL/min\", k_kill = 2 }\n");
    ASSERT_EQ(trial.arms[1].settings.size(), 2u);
    EXPECT_NEAR(trial.arms[1].settings[0].second, 0.288, 1e-15);
    EXPECT_EQ(trial.arms[1].settings[1], (std::pair<std::string, double>{"k_kill", 2.0}));
    const Trial other =
        trial_of(replaced(valid_trial, "median = 0.01", "median = 0.07\nunit = \"1/week\"\nupper = 0.7"));
    EXPECT_DOUBLE_EQ(other.population.priors[0].centre, 0.01);
    EXPECT_DOUBLE_EQ(other.population.priors[0].upper, 0.1);
    EXPECT_EQ(other.population.priors[0].spread, 0.5);
}

TEST_F(TrialFile, ids_or_display_names_are_accepted) {
    const Trial trial = trial_of(replaced(valid_trial, "target = \"A\"", "target = \"antibody in blood\""));
    EXPECT_EQ(trial.drugs[0].target, "A");
    const Trial watch =
        trial_of(valid_trial + "[[watch]]\nobservable = \"antibody in blood\"\nunit = \"uM\"\n");
    EXPECT_EQ(watch.watched[0].id, "A");
    EXPECT_DOUBLE_EQ(watch.watched[0].scale, 1e-3);
    EXPECT_EQ(watch.watched[0].label, "antibody in blood");
}

TEST_F(TrialFile, a_parameter_only_the_trial_uses_may_be_sampled) {
    const Trial trial =
        trial_of(replaced(valid_trial, "weight = \"80 kg\"", "weight_parameter = \"body\"") +
                 "[[cohort.parameter]]\nname = \"body\"\nlaw = \"normal\"\nmean = 80\nsd = 10\n");
    EXPECT_EQ(trial.weight_parameter, "body");
    EXPECT_EQ(trial.population.priors[1].parameter, "body");
}

TEST_F(TrialFile, diagnosis_reads_its_threshold_in_the_observables_unit) {
    const Trial trial =
        trial_of(valid_trial +
                 "[cohort.diagnosis]\nobservable = \"diameter\"\nthreshold = \"25 mm\"\nrestart = [\"B\"]\n");
    ASSERT_TRUE(trial.diagnosis);
    EXPECT_DOUBLE_EQ(trial.diagnosis->threshold, 2.5);
    EXPECT_EQ(trial.diagnosis->within, 8000.0);
    EXPECT_EQ(trial.diagnosis->restart, std::vector<std::string>{"B"});
}

TEST_F(TrialFile, includes_are_read_first_and_give_way) {
    write("parts/drugs.toml",
          "[[drug]]\nname = \"mab\"\ntarget = \"A\"\nmolar_mass = \"100 kDa\"\n"
          "[[drug]]\nname = \"other\"\ntarget = \"B\"\n[cohort]\nmax_draws = 99\npatients = 50\n"
          "[[cohort.parameter]]\nname = \"CL\"\nlaw = \"fixed\"\nvalue = 1.0\n"
          "[[cohort.parameter]]\nname = \"k_growth\"\nlaw = \"fixed\"\nvalue = 1.0\n");
    const Trial trial = trial_of("include = [\"parts/drugs.toml\"]\n" + valid_trial);
    EXPECT_EQ(trial.n_patients, 3u);
    EXPECT_EQ(trial.max_draws, 99u);
    ASSERT_EQ(trial.drugs.size(), 3u);
    for (const auto& drug : trial.drugs) {
        if (drug.name != "mab") continue;
        EXPECT_DOUBLE_EQ(*drug.molar_mass, 149e3);
    }
    ASSERT_EQ(trial.population.priors.size(), 2u);
    EXPECT_EQ(trial.population.priors[0].parameter, "CL");
    EXPECT_EQ(trial.population.priors[1].law, Law::lognormal);
    EXPECT_NE(trial.text.find("max_draws = 99"), std::string::npos);
}

TEST_F(TrialFile, circular_and_missing_includes_are_faults_with_their_place) {
    write("a.toml", "include = [\"trial.toml\"]\n");
    const auto faults = faults_of("include = [\"a.toml\",\n  \"gone.toml\"]\n" + valid_trial);
    ASSERT_EQ(faults.size(), 2u);
    EXPECT_EQ(faults[0].code, "circular-include");
    EXPECT_EQ(faults[0].place.line, 1);
    EXPECT_TRUE(faults[0].place.file.ends_with("a.toml"));
    EXPECT_EQ(faults[1].code, "file-missing");
    EXPECT_EQ(faults[1].place.line, 2);
}

TEST_F(TrialFile, an_included_file_gives_paths_as_seen_from_itself) {
    write("parts/draws.csv", "CL,weight\n0.2,1\n0.3,2\n0.4,1\n");
    write("parts/who.toml", "[cohort]\ndraws = \"draws.csv\"\n");
    const Trial trial = trial_of("include = [\"parts/who.toml\"]\n" + valid_trial);
    EXPECT_EQ(trial.population.draws.rows.size(), 3u);
    EXPECT_EQ(trial.max_draws, 3u);
}

TEST_F(TrialFile, drugs_set_their_parameters_and_the_arm_has_the_last_word) {
    const std::string with_set = replaced(valid_trial, "molar_mass = \"149 kDa\"",
                                          "molar_mass = \"149 kDa\"\nset = { CL = 0.1, k_kill = 3 }");
    const Trial trial = trial_of(with_set + "set = { CL = 0.7 }\n");
    EXPECT_EQ(trial.arms[1].settings,
              (std::vector<std::pair<std::string, double>>{{"k_kill", 3.0}, {"CL", 0.7}}));
    EXPECT_TRUE(trial.arms[0].settings.empty());
}

TEST_F(TrialFile, an_arm_may_follow_an_event_table) {
    write("events.csv", "ID,TIME,AMT,CMT,CL\n1,0,5,A,0.2\n1,7,6,B,0.2\n");
    const Trial trial = trial_of(valid_trial + "[[arm]]\nname = \"table\"\nevents = \"events.csv\"\n");
    const auto actions = actions_for(trial, trial.arms[2], *load_model(trial), 1, 1, 50);
    ASSERT_EQ(actions.size(), 2u);
    EXPECT_EQ(actions[1].time, 57.0);
    EXPECT_EQ(actions[1].value, 6.0);
    EXPECT_EQ(trial.arms[2].settings, (std::vector<std::pair<std::string, double>>{{"CL", 0.2}}));
}

TEST_F(TrialFile, explain_names_arms_doses_laws_and_digests) {
    const std::string text = explain(trial_of(valid_trial));
    for (const char* words : {"mab 200 mg every 3 weeks, until progression", "no treatment",
                              "lognormal, median 0.01 per_day, sigma 0.5", "o..o..o..", "........v.......v",
                              "sha256", "Body weight: 80 kg"}) {
        EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
    }
}

}  // namespace
}  // namespace abscopal
