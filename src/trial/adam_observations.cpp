// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.hpp"
#include "trial/adam_parts.hpp"

namespace abscopal::adam {
namespace {

std::string dose_unit(const GivenDose& dose) {
    if (dose.per == DosePer::kilogram) return dose.unit + "/kg";
    return dose.per == DosePer::square_metre ? dose.unit + "/m2" : dose.unit;
}

std::string_view drug_of(const GivenDose& dose) {
    return dose.drug.empty() ? dose.target : dose.drug;
}

/// Doses planned in her time in the trial, to which what she got compares.
double planned_amount(const Subject& s, std::string_view drug) {
    double sum = 0.0;
    for (const auto& dose : s.arm().regimen.expanded(s.followed.until).rows)
        if ((dose.drug.empty() ? dose.target : dose.drug) == drug) sum += dose.amount;
    return sum;
}

struct ExposureRow {
    std::string treatment, unit, param, code;
    double dose, from, to, duration, value;
};

void add_exposure(DataSet& data, const Subject& s, double sequence, const ExposureRow& row) {
    add_row(data, s,
            {sequence, row.treatment, row.dose, row.unit, s.date_of(row.from), s.date_of(row.to),
             std::floor(row.from) + 1.0, row.duration, row.param, row.code, row.value});
}

/// Every dose, then for each drug the number of doses, their sum and the relative intensity.
void add_exposures(DataSet& data, const Subject& s) {
    double sequence = 0.0;
    std::map<std::string, std::vector<const GivenDose*>> by_drug;
    for (const auto& dose : s.doses) {
        const std::string drug(drug_of(dose));
        by_drug[drug].push_back(&dose);
        add_exposure(data, s, ++sequence,
                     {drug, dose_unit(dose), "Dose Administered", "DOSE", dose.amount, dose.day,
                      dose.day + dose.duration, dose.duration, dose.amount});
    }
    for (const auto& [drug, doses] : by_drug) {
        double sum = 0.0;
        for (const auto* dose : doses) sum += dose->amount;
        const auto add = [&, &drug = drug, &doses = doses](const char* param, const char* code,
                                                           double value) {
            add_exposure(data, s, ++sequence,
                         {drug, dose_unit(*doses.front()), param, code, nan, doses.front()->day,
                          doses.back()->day + doses.back()->duration, nan, value});
        };
        add("Number of Doses", "NDOSE", static_cast<double>(doses.size()));
        add("Total Dose Administered", "TDOSE", sum);
        const double planned = planned_amount(s, drug);
        add("Relative Dose to Planned (%)", "RDI", planned > 0.0 ? 100.0 * sum / planned : nan);
    }
}

bool is_first_of(std::set<std::string>& seen, const std::string& key) {
    return seen.insert(key).second;
}

void add_adverse_events(DataSet& data, const Subject& s) {
    std::set<std::string> terms;
    double sequence = 0.0;
    for (const auto& event : s.course().adverse_events) {
        if (event.onset > s.followed.until) continue;
        const Toxicity& kind = s.result.trial.toxicities[event.toxicity];
        if (kind.is_outcome) continue;
        const bool is_over = !std::isnan(event.end) && event.end <= s.followed.until,
                   is_fatal = event.grade >= 5;
        const bool is_late = !s.doses.empty() && event.onset > s.doses.back().day + 90.0;
        add_row(data, s,
                {++sequence, kind.name, kind.term.empty() ? kind.name : kind.term, kind.organ_class,
                 std::to_string(event.grade), std::string("5.0"),
                 yes_or(is_fatal || (kind.is_serious && event.grade >= 3), "N"), yes_or(is_fatal, "N"),
                 std::string(kind.drug.empty() ? "NOT RELATED" : "RELATED"), event.action,
                 std::string(is_fatal  ? "FATAL"
                             : is_over ? "RECOVERED/RESOLVED"
                                       : "NOT RECOVERED/NOT RESOLVED"),
                 s.date_of(event.onset), is_over ? s.date_of(event.end) : nan, std::floor(event.onset) + 1.0,
                 is_over ? std::floor(event.end) + 1.0 : nan,
                 is_over ? std::floor(event.end) - std::floor(event.onset) + 1.0 : nan,
                 yes_or(!s.doses.empty() && event.onset >= s.doses.front().day && !is_late, ""),
                 yes_or(is_first_of(terms, kind.term), ""), yes_or(kind.is_immune, "")});
    }
}

/// A code of at most eight letters and digits, unlike those before it.
std::string code_of(const std::string& id, std::set<std::string>& taken) {
    std::string code;
    for (const char c : upper_case(id))
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) code += c;
    code = code.substr(0, 8);
    for (int n = 2; code.empty() || !taken.insert(code).second; ++n)
        code = code.substr(0, 8 - std::to_string(n).size()) + std::to_string(n);
    return code;
}

bool is_dosed(const Trial& trial, const std::string& id) {
    for (const auto& drug : trial.drugs)
        if (drug.target == id) return true;
    return std::any_of(trial.arms.begin(), trial.arms.end(), [&](const auto& arm) {
        return std::any_of(arm.regimen.rows.begin(), arm.regimen.rows.end(),
                           [&](const auto& row) { return row.target == id; });
    });
}

/// Recorded time courses of the watched observables that are (not) targets of doses.
void add_recorded(DataSet& data, const std::vector<Subject>& subjects, bool of_drugs) {
    if (subjects.empty()) return;
    const Trial& trial = subjects.front().result.trial;
    std::set<std::string> taken;
    std::vector<std::string> codes;
    for (const auto& watched : trial.watched) codes.push_back(code_of(watched.id, taken));
    for (const auto& s : subjects) {
        for (std::size_t k = 0; k < trial.watched.size() && k < s.course().recorded.size(); ++k) {
            const auto& watched = trial.watched[k];
            if (is_dosed(trial, watched.id) != of_drugs) continue;
            const auto& values = s.course().recorded[k];
            for (std::size_t i = 0; i < values.size() && s.result.record_days[i] <= s.followed.until; ++i) {
                if (std::isnan(values[i])) continue;
                const double day = s.result.record_days[i];
                const std::string param =
                    watched.label + (watched.unit.empty() ? "" : " (" + watched.unit + ")");
                add_row(data, s,
                        {param, codes[k], s.date_of(day), std::floor(day) + 1.0, day, values[i], watched.unit,
                         values[0], i == 0 ? nan : values[i] - values[0], yes_or(i == 0, "")});
            }
        }
    }
}

std::vector<DataColumn> recorded_columns() {
    return with_head(
        {text("PARAM", "Parameter"), text("PARAMCD", "Parameter Code", "from the model's name"),
         date("ADT", "Analysis Date"), number("ADY", "Analysis Relative Day"),
         number("ATPTN", "Analysis Timepoint (Days)", "days since start of treatment, not rounded"),
         number("AVAL", "Analysis Value"), text("AVALU", "Analysis Value Unit"),
         number("BASE", "Baseline Value"), number("CHG", "Change from Baseline"),
         text("ABLFL", "Baseline Record Flag")});
}

}  // namespace

DataSet exposure(const std::vector<Subject>& subjects) {
    DataSet data{"ADEX", "Exposure Analysis Dataset", {"STUDYID", "USUBJID", "PARAMCD", "ASEQ"}, {}, {}};
    data.columns =
        with_head({number("ASEQ", "Analysis Sequence Number"), text("EXTRT", "Name of Treatment"),
                   number("EXDOSE", "Dose", "as written, after reductions"), text("EXDOSU", "Dose Units"),
                   date("ASTDT", "Analysis Start Date"), date("AENDT", "Analysis End Date"),
                   number("ASTDY", "Analysis Start Relative Day"),
                   number("EXDURD", "Infusion Duration (Days)", "0: bolus"), text("PARAM", "Parameter"),
                   text("PARAMCD", "Parameter Code"),
                   number("AVAL", "Analysis Value", "doses of event tables are not listed")});
    for (const auto& s : subjects) add_exposures(data, s);
    return data;
}

DataSet adverse_events(const std::vector<Subject>& subjects) {
    DataSet data{"ADAE", "Adverse Event Analysis Dataset", {"STUDYID", "USUBJID", "AESEQ"}, {}, {}};
    data.columns = with_head(
        {number("AESEQ", "Sequence Number"), text("AETERM", "Reported Term", "name in the trial"),
         text("AEDECOD", "Dictionary-Derived Term", "CTCAE term"),
         text("AEBODSYS", "Body System or Organ Class"),
         text("AETOXGR", "Standard Toxicity Grade", "worst grade"),
         text("AETOXVER", "Toxicity Grade Version", "CTCAE"),
         text("AESER", "Serious Event", "Y: fatal, or of grade 3 or more where such events are serious"),
         text("AESDTH", "Results in Death"),
         text("AREL", "Analysis Causality", "RELATED: the trial names a drug for it"),
         text("AEACN", "Action Taken with Study Treatment"), text("AEOUT", "Outcome of Adverse Event"),
         date("ASTDT", "Analysis Start Date"), date("AENDT", "Analysis End Date", "day of grade 1 or less"),
         number("ASTDY", "Analysis Start Relative Day"), number("AENDY", "Analysis End Relative Day"),
         number("ADURN", "Analysis Duration (Days)"),
         text("TRTEMFL", "Treatment Emergent Flag", "from first dose to 90 days after the last"),
         text("AOCCIFL", "First Occurrence of Term Flag"), text("IRAEFL", "Immune-Related Event Flag")});
    for (const auto& s : subjects) add_adverse_events(data, s);
    return data;
}

DataSet concentrations(const std::vector<Subject>& subjects) {
    DataSet data{
        "ADPC", "Pharmacokinetic Concentrations", {"STUDYID", "USUBJID", "PARAMCD", "ATPTN"}, {}, {}};
    data.columns = recorded_columns();
    add_recorded(data, subjects, true);
    return data;
}

DataSet laboratory(const std::vector<Subject>& subjects) {
    DataSet data{
        "ADLB", "Laboratory and Biomarker Results", {"STUDYID", "USUBJID", "PARAMCD", "ATPTN"}, {}, {}};
    data.columns = recorded_columns();
    add_recorded(data, subjects, false);
    return data;
}

}  // namespace abscopal::adam
