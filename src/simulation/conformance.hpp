// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "abscopal/state.hpp"

/// The SBML test suite (sbmlteam/sbml-test-suite): time courses with known answers, and the stochastic one
/// (DSMTS: Evans, Gillespie & Wilkinson 2008, doi 10.1093/bioinformatics/btm566): means and standard
/// deviations with known answers.
namespace abscopal {

enum class Verdict { passed, failed, refused };

struct CaseResult {
    std::string id;  ///< folder name, "00001"
    Verdict verdict = Verdict::refused;
    std::string reason;   ///< why it was refused or failed; empty if passed
    std::string worst;    ///< column with the largest error over tolerance, or empty
    double excess = 0.0;  ///< that error over its tolerance: passed if ≤ 1
};

struct ConformanceOptions {
    std::string level;  ///< "l2v4": only files of that level and version; empty: Level 3 Version 2, else the
                        ///< highest there is
    bool in_lanes = false;           ///< by the ensemble's method instead of the reference
    Stochastic stochastic;           ///< how cases of the stochastic suite are run
    bool only_stochastic = false;    ///< cases of the semantic suite are refused
    std::size_t replicates = 10000;  ///< courses of each of them
    unsigned jobs = 1;
    std::function<void(std::size_t done, std::size_t total)>
        progress;  ///< may be empty; called from any thread, one at a time
};

/// One case in `folder` (NNNNN-model.m, -settings.txt, -results.csv, -sbml-lLvV.xml). A construct that is not
/// supported makes it refused, with its name; a wrong number, a missing column or a failed integration makes
/// it failed. Passed means that for every expected number e, |x − e| ≤ absolute + relative·|e|, with NaN and
/// INF taken literally.
CaseResult run_case(const std::string& folder, const std::string& level = {});

/// All cases below `folder`, in order of their names; those without a file of the level asked for are left
/// out. Throws FileError if there is none.
std::vector<CaseResult> run_suite(const std::string& folder, const ConformanceOptions& options);

/// "case,outcome,reason,worst column,error over tolerance" and a row for each case.
std::string to_csv(const std::vector<CaseResult>& results);

/// "N passed, N failed, N refused".
std::string summary(const std::vector<CaseResult>& results);

}  // namespace abscopal
