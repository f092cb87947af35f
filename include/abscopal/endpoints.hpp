// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What happened to a patient, by the rules of trials: pure functions of what was read at dated assessments.
/// Days count from randomisation, diameters are in mm, NaN says that there is no such day or number.
namespace abscopal {

// --- What is read ------------------------------------------------------------------------------------------

struct LesionRead {
    double diameter = 0.0;  ///< mm: longest, or short axis of a node; 0: gone
    bool is_nodal = false;
    bool is_assessed = true;
};

struct BaselineLesion {
    std::string organ;      ///< all nodes are one organ
    double diameter = 0.0;  ///< mm: longest, or short axis of a node
    bool is_nodal = false;
    bool is_irradiated = false;   ///< and has not progressed since
    bool is_well_defined = true;  ///< false: effusions, blastic bone and all else that cannot be measured
};
bool is_measurable(const BaselineLesion& lesion);  ///< ≥ 10 mm; a node ≥ 15 mm

/// Indices of the target lesions: the largest measurable, at most five, at most two an organ; equal ones as
/// given. The measured lesions that are left are non-target, but nodes below 10 mm are no disease.
std::vector<std::size_t> select_targets(std::span<const BaselineLesion> lesions);

enum class NonTarget : std::uint8_t { none, complete, present, progressive, not_evaluable };

/// New lesions since baseline, kept apart from the others (iRECIST).
struct NewLesions {
    std::size_t count = 0;              ///< seen so far
    bool are_present = false;           ///< any is seen now
    double sum = 0.0;                   ///< mm, of those followed as targets
    bool non_target_increased = false;  ///< the others, since progression was first suspected
};

struct Assessment {
    double day = 0.0;
    std::vector<LesionRead> targets;  ///< the same lesions at every visit; none: no measurable disease
    NonTarget non_target = NonTarget::none;
    bool non_target_increased = false;  ///< in any way, since progression was first suspected
    NewLesions new_lesions;
};

// --- RECIST 1.1 (Eisenhauer 2009, doi 10.1016/j.ejca.2008.10.026) ------------------------------------------

enum class Overall : std::uint8_t {
    complete,
    partial,
    stable,
    non_complete,
    progressive,
    not_evaluable,
    missing
};
std::string_view name_of(Overall response);  ///< "CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "MISSING"

/// Of target and non-target lesions together. `has_targets`: target disease at baseline; else `target` is not
/// read.
Overall overall_response(bool has_targets, Overall target, NonTarget non_target, bool has_new_lesion);

struct TimePoint {
    double day = 0.0;
    Overall response = Overall::not_evaluable;
    Overall target = Overall::not_evaluable;
    double sum = 0.0;    ///< of the targets that were assessed, mm
    double nadir = 0.0;  ///< least complete sum before, baseline included, mm
};
/// Responses at the visits after `baseline`, in order of time.
std::vector<TimePoint> recist(const Assessment& baseline, std::span<const Assessment> visits);

struct BestRules {
    double stable_from = 42.0;          ///< day; stable disease counts from then on
    bool is_confirmed = false;          ///< complete and partial responses must be seen again
    double confirm_after = 28.0;        ///< days between the two
    std::size_t max_not_evaluable = 1;  ///< visits between the two
    bool accept_stable = false;         ///< one stable visit between the two of a partial response
    double until = std::numeric_limits<double>::infinity();  ///< day of new therapy or cut-off; later visits
                                                             ///< do not count
};
struct BestOverall {
    Overall response = Overall::missing;
    double day = std::numeric_limits<double>::quiet_NaN();  ///< first of this response
    double response_day =
        std::numeric_limits<double>::quiet_NaN();  ///< first complete or partial one that counts
};
/// Up to the first progression. Confirmation as in package admiralonco (derive_param_confirmed_bor): a
/// response that is not confirmed counts as stable from `stable_from` on.
BestOverall best_overall(std::span<const TimePoint> visits, const BestRules& rules = {});

bool is_response(Overall best);         ///< CR, PR
bool is_disease_control(Overall best);  ///< and SD
/// Response, or no progression with a visit on or behind `from` (24 weeks).
bool has_clinical_benefit(const BestOverall& best, std::span<const TimePoint> visits, double from = 168.0);
/// Least change of the complete sum from baseline up to first progression, %. NaN without one.
double depth_of_response(double baseline_sum, std::span<const TimePoint> visits);

// --- iRECIST (Seymour 2017, doi 10.1016/S1470-2045(17)30074-8) ---------------------------------------------

enum class Immune : std::uint8_t {
    complete,
    partial,
    stable,
    non_complete,
    unconfirmed,
    confirmed,
    not_evaluable,
    missing
};
std::string_view name_of(
    Immune response);  ///< "iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "iUPD", "iCPD", "NE", "MISSING"

struct ImmuneRules {
    double confirm_after =
        28.0;  ///< days from the first unconfirmed progression; earlier scans cannot confirm
    bool is_from_last_visit =
        false;  ///< growth is counted from the last visit instead of the first unconfirmed one
};
struct ImmunePoint {
    double day = 0.0;
    Immune response = Immune::not_evaluable;
};
/// An unconfirmed progression is undone by a visit at which no category progresses; targets that have shrunk
/// since it are compared with baseline for that, others with nadir as well. All visits behind a confirmed one
/// are confirmed.
std::vector<ImmunePoint> irecist(const Assessment& baseline, std::span<const Assessment> visits,
                                 const ImmuneRules& rules = {});

/// Best response up to confirmation. Without response or stability from `stable_from` on: iCPD if confirmed,
/// else iUPD.
Immune best_immune(std::span<const ImmunePoint> visits, double stable_from = 42.0);

// --- Time to event -----------------------------------------------------------------------------------------

enum class Reason : std::uint8_t {
    death,
    progression,
    new_therapy,
    discontinuation,
    last_assessment,
    no_baseline,
    no_assessment,
    missed_assessments,
    last_contact
};
std::string_view name_of(Reason reason);  ///< words for EVNTDESC

struct Endpoint {
    double day = 0.0;
    bool is_event = false;  ///< false: censored
    Reason reason = Reason::last_assessment;
};

/// What is known of a patient. All after `cut_off` is unknown.
struct PatientRecord {
    bool has_baseline = true;
    std::vector<TimePoint> assessments;  ///< in order of time; CR to PD are adequate, NE and MISSING are not
    std::vector<double> schedule;        ///< planned days of assessments, ascending
    std::optional<double> death, new_therapy, discontinuation;  ///< days
    std::optional<double> next_progression;                     ///< progression on the next line
    double last_contact = 0.0;                                  ///< day last known alive
    double cut_off = std::numeric_limits<double>::infinity();
    double scan_window = 7.0;  ///< days either side in which a planned assessment counts
};

/// Censoring of PFS by FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs (new therapy and two
/// missed assessments censor), or by EMA/CHMP/205/95 appendix 1 (progression and death count whatever came
/// before).
enum class CensoringRules : std::uint8_t { fda, ema };
std::optional<CensoringRules> censoring_rules(std::string_view name);  ///< "fda", "ema"

Endpoint progression_free_survival(const PatientRecord& patient, CensoringRules rules);
Endpoint overall_survival(const PatientRecord& patient);
/// Death without progression is censored at the last adequate assessment.
Endpoint time_to_progression(const PatientRecord& patient, CensoringRules rules);
/// Endpoint-free, relapse-free or disease-free survival: a PD of the record is the recurrence, whatever came
/// before.
Endpoint event_free_survival(const PatientRecord& patient);
/// From `response_day` on; `day` counts from there. For responders only.
Endpoint duration_of_response(const PatientRecord& patient, double response_day, CensoringRules rules);
Endpoint time_to_next_treatment(const PatientRecord& patient);
Endpoint time_to_discontinuation(const PatientRecord& patient);
Endpoint second_progression_free_survival(const PatientRecord& patient);  ///< PFS2

/// The first unconfirmed progression that was confirmed, or not undone by a later visit; or death; else
/// censored at the last adequate assessment.
Endpoint immune_progression_free_survival(std::span<const ImmunePoint> visits, const PatientRecord& patient);

}  // namespace abscopal
