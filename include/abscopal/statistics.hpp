// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

/// Statistics of trials, as pure functions of numbers. Two arms are compared as independent samples, as
/// trials do; groups are numbered from 0, the control. NaN says that a number is undefined or not reached.
/// Weights are sampling weights (how many subjects of the population one stands for): estimates are weighted,
/// variances are the infinitesimal jackknife's. Empty weights: every subject counts once.
namespace abscopal {

struct Interval {
    double lower, upper;
};

// --- Proportions -------------------------------------------------------------------------------------------

/// Exact binomial interval (Clopper & Pearson 1934, doi 10.1093/biomet/26.4.404).
Interval clopper_pearson(std::size_t successes, std::size_t n, double level = 0.95);

/// Score interval (Wilson 1927, doi 10.1080/01621459.1927.10502953), without continuity correction. `n` may
/// be an effective number.
Interval wilson(double successes, double n, double level = 0.95);

/// Score interval of the difference of two proportions, first minus second (Miettinen & Nurminen 1985,
/// doi 10.1002/sim.4780040211), with their factor n / (n − 1).
Interval miettinen_nurminen(std::size_t successes, std::size_t n, std::size_t other_successes,
                            std::size_t other_n, double level = 0.95);

struct WeightedProportion {
    double estimate, n_effective;  ///< (Σw)² / Σw² (Kish 1965)
    Interval interval;             ///< Wilson's at the effective number
};
WeightedProportion weighted_proportion(std::span<const char> is_success, std::span<const double> weights,
                                       double level = 0.95);

/// A stratum of a comparison of two proportions: the first group against the other. Weighted counts are
/// allowed.
struct TwoByTwo {
    double successes, n, other_successes, other_n;
};
/// Odds ratio of the first group against the other over strata (Mantel & Haenszel 1959,
/// doi 10.1093/jnci/22.4.719) with the variance of Robins, Breslow & Greenland 1986 (doi 10.2307/2531052),
/// and the test of Cochran, Mantel and Haenszel without continuity correction. NaN where no stratum tells
/// anything.
struct OddsRatio {
    double ratio;
    Interval interval;
    double chi_square, p;
};
OddsRatio mantel_haenszel(std::span<const TwoByTwo> strata, double level = 0.95);

// --- One sample of times to event --------------------------------------------------------------------------

/// One entry a subject; who is censored at a time is still at risk then. Weights positive, or none.
struct EventTimes {
    std::span<const double> times;
    std::span<const char> is_event;
    std::span<const double> weights = {};
};

enum class SurvivalInterval { plain, log, log_log, logit, arcsin };

struct SurvivalStep {
    double time;
    std::size_t at_risk, events, censored;  ///< subjects just before `time`; at `time`
    double survival, lower, upper;          ///< limits are NaN where undefined
    double log_variance = 0.0;              ///< variance of log survival; infinite where survival is 0
};

/// Kaplan & Meier 1958 (doi 10.1080/01621459.1958.10501452), Greenwood variance; median with the interval of
/// Brookmeyer & Crowley 1982 (doi 10.2307/2530286). NaN: not reached.
struct SurvivalCurve {
    std::vector<SurvivalStep> steps;  ///< one for each distinct time
    double median, median_lower, median_upper;
};
SurvivalCurve kaplan_meier(std::span<const double> times, std::span<const char> is_event,
                           SurvivalInterval kind = SurvivalInterval::log_log, double level = 0.95);
SurvivalCurve kaplan_meier(const EventTimes& sample, SurvivalInterval kind = SurvivalInterval::log_log,
                           double level = 0.95);

/// Follow-up by reverse Kaplan–Meier (Schemper & Smith 1996, doi 10.1016/0197-2456(96)00075-X): the curve of
/// the time to censoring.
SurvivalCurve follow_up(const EventTimes& sample, SurvivalInterval kind = SurvivalInterval::log_log,
                        double level = 0.95);

/// An estimate with its standard error.
struct Estimate {
    double value, standard_error;
};
Interval normal_interval(const Estimate& estimate, double level = 0.95);
double two_sided_p(const Estimate& estimate);               ///< of value ≠ 0
Estimate difference(const Estimate& a, const Estimate& b);  ///< a − b of independent samples
Estimate log_ratio(const Estimate& a, const Estimate& b);   ///< log(a / b), delta method

/// Mean time within [0, horizon] (Royston & Parmar 2013, doi 10.1186/1471-2288-13-152). NaN if subjects are
/// still at risk beyond the last time and the horizon lies behind it.
Estimate restricted_mean(const EventTimes& sample, double horizon);

/// Largest time that is observed in every group, the usual horizon; 0 if a group is empty.
double common_horizon(std::span<const EventTimes> groups);

/// Survival at `time` with its interval; NaN behind the last time unless the curve has come to 0.
SurvivalStep milestone(const SurvivalCurve& curve, double time);
/// z of equal survival at a time, by complementary log-log (Klein et al. 2007, doi 10.1002/sim.2864);
/// positive if `a` survives better.
double milestone_z(const SurvivalStep& a, const SurvivalStep& b);

/// Cumulative incidence of competing causes (Aalen & Johansen 1978).
struct IncidenceStep {
    double time;
    std::vector<double> incidence;       ///< of cause 1, 2, …
    std::vector<double> standard_error;  ///< infinitesimal jackknife
    double event_free;
};
/// `cause` of each subject: 0 censored, 1 … n_causes. One step for each distinct time.
std::vector<IncidenceStep> aalen_johansen(std::span<const double> times, std::span<const std::size_t> cause,
                                          std::size_t n_causes, std::span<const double> weights = {});

// --- Groups compared ---------------------------------------------------------------------------------------

struct GroupedTimes {
    EventTimes sample;
    std::span<const std::size_t> group;         ///< 0, 1, …
    std::span<const std::size_t> stratum = {};  ///< any numbers, or none
};

/// Weights S(t−)^rho (1 − S(t−))^gamma with the pooled curve of the stratum (Fleming & Harrington 1991).
struct FlemingHarrington {
    double rho = 0.0, gamma = 0.0;
};

struct LogRank {
    std::vector<double> observed, expected;  ///< by group, weighted
    double chi_square, p;
    std::size_t degrees;
    double z;  ///< of two groups: negative if group 1 has fewer events than expected; else NaN
};
/// Mantel 1966, Peto & Peto 1972 (doi 10.2307/2344317); stratified if there are strata.
LogRank log_rank(const GroupedTimes& data, FlemingHarrington weights = {});

/// Largest of the log-rank tests FH(0,0), (0,1), (1,1), (1,0) of two groups, p by their joint normal law
/// (Lin et al. 2020, doi 10.1080/19466315.2019.1697738).
struct MaxCombo {
    std::array<double, 4> z;
    std::array<std::array<double, 4>, 4> correlation;
    double p_two_sided, p_one_sided;  ///< one-sided: group 1 has fewer events
};
MaxCombo max_combo(const GroupedTimes& data);

enum class Ties { efron, breslow };

/// Proportional hazards (Cox 1972, doi 10.1111/j.2517-6161.1972.tb00899.x) with tied times by Efron 1977
/// (doi 10.1080/01621459.1977.10480613) or Breslow 1974.
struct CoxFit {
    std::vector<double> coefficients, standard_errors;
    std::vector<std::vector<double>> covariance;  ///< with weights: sandwich of Lin & Wei 1989
    double log_likelihood_null, log_likelihood;   ///< at 0 and at the coefficients
    bool converged;  ///< false: no finite maximum, as when all events are in one group; numbers are NaN
    std::vector<double> proportional_chi_square;  ///< Grambsch & Therneau 1994 (doi 10.1093/biomet/81.3.515)
    double proportional_global;                   ///< for each covariate, and all; time scale 1 − S(t−)
};
/// `covariates[k][i]`: covariate k of subject i. A `group` is not read.
CoxFit cox(const GroupedTimes& data, std::span<const std::vector<double>> covariates,
           Ties ties = Ties::efron);

struct HazardRatio {
    double ratio;
    Interval interval;  ///< Wald
    double p;           ///< Wald, two-sided
    bool converged;
};
/// Of group 1 against group 0; below 1 favours group 1. Stratified if there are strata.
HazardRatio hazard_ratio(const GroupedTimes& data, Ties ties = Ties::efron, double level = 0.95);

/// Whether the hazard ratio of group 1 against 0 differs between the parts of a subgroup: likelihood-ratio
/// test of the interaction terms in a Cox model with group and parts. `part` of each subject: 0, 1, …
struct Interaction {
    double chi_square, p;  ///< NaN if a fit does not converge or one part is all there is
    std::size_t degrees;
};
Interaction interaction(const GroupedTimes& data, std::span<const std::size_t> part);

/// P(lower < X < upper) of a normal X with mean 0 and this correlation (which may be singular), by Genz 1992
/// (doi 10.1080/10618600.1992.10477010) over a fixed lattice: the same bits every time, accurate to about
/// 1e-5 up to five dimensions. Limits may be infinite.
struct NormalProbability {
    double value, error;  ///< three standard errors over lattice shifts
};
NormalProbability multivariate_normal(std::span<const double> lower, std::span<const double> upper,
                                      const std::vector<std::vector<double>>& correlation);

// --- Design ------------------------------------------------------------------------------------------------

/// Events for a log-rank test (Schoenfeld 1981, doi 10.1093/biomet/68.1.316), not rounded. `share`: of
/// subjects in group 1.
double events_needed(double hazard_ratio, double alpha_two_sided, double power, double share = 0.5);

/// How error is spent over interim looks. The first two are boundaries of constant shape c·t^(shape − 1/2)
/// (O'Brien & Fleming 1979: shape 0; Pocock 1977: shape 1/2), the others spending functions (Lan & DeMets
/// 1983, doi 10.1093/biomet/70.3.659; Kim & DeMets 1987; Hwang, Shih & DeCani 1990).
enum class Spending { obrien_fleming, pocock, lan_demets_obrien_fleming, lan_demets_pocock, power, gamma };

struct GroupSequential {
    std::vector<double> critical;  ///< z at each look: stop for efficacy at or above it
    std::vector<double> spent;     ///< one-sided error spent up to each look
};
/// `information`: fractions in (0, 1], ascending, the last 1. `parameter`: exponent of `power`, γ of `gamma`.
GroupSequential group_sequential(std::span<const double> information, double alpha_one_sided,
                                 Spending spending, double parameter = 1.0);

/// Probability to cross `upper` first at each look, and `lower` (futility; −∞: none), by numerical
/// integration (Armitage, McPherson & Rowe 1969), when z at full information has mean `drift`.
struct Crossing {
    std::vector<double> upper, lower;
};
Crossing crossing(std::span<const double> information, std::span<const double> upper,
                  std::span<const double> lower, double drift);

/// How patients come and go, in days. The rate of enrolment rises linearly from 0 over `ramp`, then stays.
struct Enrolment {
    double period = 0.0;   ///< from first to last; 0: all on one day
    double ramp = 0.0;     ///< at most `period`
    double dropout = 0.0;  ///< hazard, 1/day
};
/// Day of entry below which the share `u` of patients has entered.
double entry_day(const Enrolment& enrolment, double u);

/// Times to event of an arm: hazard[k] (1/day) from day from[k] on, but a share `cured` never has the event.
/// Or, where `times` is not empty, drawn with replacement from these (is_event false: seen without until
/// then).
struct ArmTimes {
    std::vector<double> from{0.0}, hazard;
    double cured = 0.0;
    std::vector<double> times = {};
    std::vector<char> is_event = {};
};

/// A randomised comparison of two arms by the log-rank test, one-sided: group 1 against group 0.
struct ComparisonPlan {
    std::array<ArmTimes, 2> arms;
    std::size_t n_patients = 0;
    double share = 0.5;  ///< randomised to group 1, in permuted blocks
    Enrolment enrolment;
    std::size_t events = 0;                                    ///< of the final analysis; 0: at cut_off
    double cut_off = std::numeric_limits<double>::infinity();  ///< day since the first entry, at the latest
    double alpha = 0.025;                                      ///< one-sided
    std::vector<double> looks = {};  ///< interim analyses: fractions of `events`, ascending, below 1
    Spending spending = Spending::lan_demets_obrien_fleming;
    double spending_parameter = 1.0;
    /// z of each interim analysis at or below which the trial stops for futility; fewer: no more of it. Not
    /// binding: efficacy limits do not count on it.
    std::vector<double> futility = {};
};

/// What simulated trials of a plan came to. Means are over all trials.
struct Operating {
    std::size_t n_trials = 0;
    double power = 0.0, standard_error = 0.0;  ///< share that found group 1 better
    struct Look {
        double information = 0.0;  ///< fraction planned
        double critical = 0.0, futility = 0.0;
        double efficacy = 0.0, stopped = 0.0;            ///< shares of trials that end here for either
        double day = 0.0, events = 0.0, enrolled = 0.0;  ///< means of the trials that come to this look
        std::size_t n_trials = 0;
    };
    std::vector<Look> looks;                         ///< the final one included
    double day = 0.0, events = 0.0, enrolled = 0.0;  ///< at the end of the trial
    double hazard_ratio = 0.0;  ///< geometric mean of the estimates (Pike: from observed and expected events)
    double short_of_events = 0.0;  ///< share of trials that ended before the planned number of events
};
/// Precondition: a plan that can end (events or a finite cut-off); both arms have a law.
Operating simulate_trials(const ComparisonPlan& plan, std::size_t n_trials, std::uint64_t seed);

}  // namespace abscopal
