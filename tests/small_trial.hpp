// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <unistd.h>

#include <filesystem>
#include <string>

#include "abscopal/result.hpp"
#include "base/file.hpp"

/// A trial that runs in milliseconds: a tumour that grows by Gompertz's law, a drug that kills, effector
/// cells that come and go (after Kuznetsov 1994). Two arms, a population with rejected candidates.
namespace abscopal::test {

/// A folder of this process and test, empty at first and gone at the end.
class ScratchFolder {
  public:
    explicit ScratchFolder(const std::string& name)
        : path_(std::filesystem::temp_directory_path() /
                ("abscopal-" + std::to_string(::getpid()) + "-" + name)) {
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

inline constexpr const char* small_model = R"(<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
 <model id="small">
  <listOfCompartments>
   <compartment id="body" size="5" spatialDimensions="3" constant="true"/>
  </listOfCompartments>
  <listOfSpecies>
   <species id="T" compartment="body" initialAmount="0.001" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/>
   <species id="D" compartment="body" initialConcentration="0" hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"/>
  </listOfSpecies>
  <listOfParameters>
   <parameter id="growth" value="0.02" constant="true"/>
   <parameter id="capacity" value="100" constant="true"/>
   <parameter id="kill" value="0.05" constant="true"/>
   <parameter id="clearance" value="0.05" constant="true"/>
   <parameter id="found_at" value="2" constant="true"/>
   <parameter id="diameter" constant="false"/>
  </listOfParameters>
  <listOfRules>
   <rateRule variable="T"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><minus/>
     <apply><times/><ci>growth</ci><ci>T</ci><apply><ln/><apply><divide/><ci>capacity</ci><apply><max/><ci>T</ci><cn>1e-9</cn></apply></apply></apply></apply>
     <apply><times/><ci>kill</ci><ci>D</ci><ci>T</ci></apply></apply></math></rateRule>
   <rateRule variable="D"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><minus/>
     <apply><times/><ci>clearance</ci><ci>D</ci></apply></apply></math></rateRule>
   <assignmentRule variable="diameter"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><cn>1.24</cn>
     <apply><root/><degree><cn>3</cn></degree><apply><max/><ci>T</ci><cn>0</cn></apply></apply></apply></math></assignmentRule>
  </listOfRules>
 </model>
</sbml>
)";

/// Kills, with doses every 21 days until progression, beside observation.
inline Trial small_trial(const ScratchFolder& folder) {
    Trial trial;
    trial.title = "small";
    trial.model_path = folder / "small.xml";
    if (!std::filesystem::exists(trial.model_path)) write_file(trial.model_path, small_model);
    trial.seed = 7;
    trial.n_patients = 20;
    trial.max_draws = 60;
    Prior growth, kill, weight;
    growth.parameter = "growth", growth.law = Law::lognormal, growth.centre = 0.02, growth.spread = 0.3;
    kill.parameter = "kill", kill.law = Law::loguniform, kill.lower = 0.005, kill.upper = 0.5;
    weight.parameter = "body_weight", weight.law = Law::normal, weight.centre = 75.0, weight.spread = 10.0;
    trial.population.priors = {growth, kill, weight};
    trial.weight_parameter = "body_weight";
    trial.diagnosis = Diagnosis{"diameter", "found_at", 0.0, 400.0, {}};
    trial.bounds.push_back({"growth", "growth", 0.0, 0.028, {}});
    trial.lesions.resize(1);
    trial.lesions[0].name = trial.lesions[0].observable = "diameter", trial.lesions[0].is_target = true;
    trial.follow_up = 200.0;
    trial.visits = {42.0, 84.0, 126.0, 168.0, 200.0};
    trial.record_every = 14.0;
    trial.watched = {{"diameter", "Diameter", "mm", 10.0, false}, {"D", "Drug", "a.u.", 1.0, true}};
    trial.arms.resize(2);
    trial.arms[0].name = "observation";
    trial.arms[1].name = "drug";
    DoseRow dose;
    dose.amount = 0.2, dose.per = DosePer::kilogram, dose.interval = 21.0, dose.additional = 9,
    dose.target = "D";
    trial.arms[1].regimen.rows.push_back(dose);
    return trial;
}

}  // namespace abscopal::test
