// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "abscopal/statistics.hpp"
#include "base/random.hpp"

namespace abscopal {
namespace {

constexpr double forever = std::numeric_limits<double>::infinity();

/// What would become of a patient if the trial never ended. Days; `time` from her entry.
struct Subject {
    double entry = 0.0, time = 0.0;
    bool is_event = false;
    std::size_t group = 0;
};

/// Day at which the cumulative hazard reaches `target`.
double day_of_hazard(const ArmTimes& law, double target) {
    for (std::size_t k = 0; k < law.hazard.size(); ++k) {
        const double width = k + 1 < law.from.size() ? law.from[k + 1] - law.from[k] : forever;
        if (law.hazard[k] * width >= target && law.hazard[k] > 0.0)
            return law.from[k] + target / law.hazard[k];
        if (law.hazard[k] > 0.0) target -= law.hazard[k] * width;
    }
    return forever;
}

/// Numbers of one patient of one simulated trial.
class Draws {
  public:
    Draws(std::uint64_t seed, std::size_t trial, std::size_t patient)
        : seed_(seed), trial_(trial), patient_(static_cast<std::uint32_t>(patient)) {}
    double next() { return uniform(seed_, Purpose::plan, trial_, patient_, n_++); }

  private:
    std::uint64_t seed_, trial_;
    std::uint32_t patient_, n_ = 0;
};

void draw_event(const ArmTimes& law, Draws& draws, Subject& subject) {
    const double u = draws.next(), v = draws.next();
    if (!law.times.empty()) {
        const auto i = static_cast<std::size_t>(u * static_cast<double>(law.times.size()));
        subject.time = law.times[i], subject.is_event = law.is_event[i] != 0;
        return;
    }
    subject.time = v < law.cured ? forever : day_of_hazard(law, -std::log(u));
    subject.is_event = subject.time < forever;
}

/// Sizes of a permuted block: the fewest patients that keep the share, four at least.
std::pair<std::size_t, std::size_t> block_sizes(double share) {
    for (std::size_t n = 2; n <= 12; ++n) {
        const double ones = share * static_cast<double>(n);
        if (std::abs(ones - std::round(ones)) > 1e-9) continue;
        const std::size_t factor = n < 4 ? 2 : 1;
        return {factor * n, factor * static_cast<std::size_t>(std::lround(ones))};
    }
    return {100, static_cast<std::size_t>(std::lround(100.0 * share))};
}

std::vector<Subject> subjects_of(const ComparisonPlan& plan, std::size_t trial, std::uint64_t seed) {
    const auto [block, n_ones] = block_sizes(plan.share);
    std::vector<Subject> subjects(plan.n_patients);
    std::vector<double> entries;
    std::size_t ones_left = 0;
    for (std::size_t i = 0; i < plan.n_patients; ++i) {
        Draws draws(seed, trial, i);
        entries.push_back(entry_day(plan.enrolment, draws.next()));
        Subject& subject = subjects[i];
        // A permuted block gives each of its places in turn to one of the patients it still has.
        if (i % block == 0) ones_left = n_ones;
        subject.group =
            draws.next() * static_cast<double>(block - i % block) < static_cast<double>(ones_left);
        ones_left -= subject.group;
        const double dropout = -std::log(draws.next()) / plan.enrolment.dropout;
        draw_event(plan.arms[subject.group], draws, subject);
        if (plan.enrolment.dropout > 0.0 && dropout < subject.time)
            subject.time = dropout, subject.is_event = false;
    }
    // Blocks follow the order of entry.
    std::sort(entries.begin(), entries.end());
    for (std::size_t i = 0; i < subjects.size(); ++i) subjects[i].entry = entries[i];
    return subjects;
}

/// Calendar days of the events, ascending.
std::vector<double> event_days(const std::vector<Subject>& subjects) {
    std::vector<double> days;
    for (const auto& subject : subjects)
        if (subject.is_event) days.push_back(subject.entry + subject.time);
    std::sort(days.begin(), days.end());
    return days;
}

/// The trial as it stands on a day, in order of time.
struct Snapshot {
    struct Row {
        double time;
        bool is_event;
        std::size_t group;
    };
    std::vector<Row> rows;
};

Snapshot on_day(const std::vector<Subject>& subjects, double day) {
    Snapshot snapshot;
    for (const auto& subject : subjects) {
        if (subject.entry > day) continue;
        const bool is_over = subject.entry + subject.time <= day;
        snapshot.rows.push_back(
            {is_over ? subject.time : day - subject.entry, is_over && subject.is_event, subject.group});
    }
    std::sort(snapshot.rows.begin(), snapshot.rows.end(),
              [](const auto& a, const auto& b) { return a.time < b.time; });
    return snapshot;
}

/// The log-rank test of two groups in one pass over sorted rows: what log_rank() says, for many trials.
struct Comparison {
    double z = std::numeric_limits<double>::quiet_NaN();  ///< negative if group 1 has fewer events
    std::array<double, 2> observed{}, expected{};
};

Comparison compare(const std::vector<Snapshot::Row>& rows) {
    Comparison result;
    std::array<double, 2> at_risk{};
    for (const auto& row : rows) at_risk[row.group] += 1.0;
    double variance = 0.0;
    for (std::size_t i = 0; i < rows.size();) {
        std::array<double, 2> events{}, leaving{};
        const double time = rows[i].time;
        for (; i < rows.size() && rows[i].time == time; ++i)
            leaving[rows[i].group] += 1.0, events[rows[i].group] += rows[i].is_event;
        const double n = at_risk[0] + at_risk[1], d = events[0] + events[1];
        for (const std::size_t g : {0, 1}) {
            result.observed[g] += events[g], result.expected[g] += d * at_risk[g] / n;
            at_risk[g] -= leaving[g];
        }
        if (n > 1.0)
            variance +=
                (at_risk[0] + leaving[0]) * (at_risk[1] + leaving[1]) * d * (n - d) / (n * n * (n - 1.0));
    }
    if (variance > 0.0) result.z = (result.observed[1] - result.expected[1]) / std::sqrt(variance);
    return result;
}

/// How one trial ended.
struct End {
    std::size_t look = 0;
    bool is_effective = false, is_short = false;
    double day = 0.0, events = 0.0, enrolled = 0.0, log_hazard_ratio = 0.0;
};

class TrialSimulation {
  public:
    TrialSimulation(const ComparisonPlan& plan, Operating& sum) : plan_(plan), sum_(sum) {}

    End run(std::size_t trial, std::uint64_t seed) {
        const auto subjects = subjects_of(plan_, trial, seed);
        const auto days = event_days(subjects);
        for (std::size_t look = 0;; ++look) {
            const bool is_last = look + 1 == sum_.looks.size();
            End end = at(look, day_of(look, subjects, days), subjects, days);
            const double z = log_rank_z_;
            auto& row = sum_.looks[look];
            row.day += end.day, row.events += end.events, row.enrolled += end.enrolled, ++row.n_trials;
            // A trial that has run out of events ends with this look, at the limit of the last.
            const double critical = end.is_short ? sum_.looks.back().critical : row.critical;
            end.is_effective = z >= critical;
            if (end.is_effective)
                row.efficacy += 1.0;
            else if (!is_last && z <= row.futility)
                row.stopped += 1.0;
            else if (!is_last && !end.is_short)
                continue;
            return end;
        }
    }

  private:
    double day_of(std::size_t look, const std::vector<Subject>& subjects,
                  const std::vector<double>& days) const {
        if (plan_.events == 0) return plan_.cut_off;
        const auto wanted = static_cast<std::size_t>(
            std::ceil(sum_.looks[look].information * static_cast<double>(plan_.events) - 1e-9));
        const double reached = wanted <= days.size() && wanted > 0 ? days[wanted - 1] : last_day(subjects);
        return std::min(reached, plan_.cut_off);
    }

    static double last_day(const std::vector<Subject>& subjects) {
        double last = 0.0;
        for (const auto& subject : subjects)
            if (subject.time < forever) last = std::max(last, subject.entry + subject.time);
        return last;
    }

    End at(std::size_t look, double day, const std::vector<Subject>& subjects,
           const std::vector<double>& days) {
        const Snapshot snapshot = on_day(subjects, day);
        const Comparison test = compare(snapshot.rows);
        log_rank_z_ = std::isfinite(test.z) ? -test.z : -forever;
        End end;
        end.look = look, end.day = day, end.enrolled = static_cast<double>(snapshot.rows.size());
        end.events = static_cast<double>(std::upper_bound(days.begin(), days.end(), day) - days.begin());
        end.is_short = plan_.events > 0 &&
                       end.events + 1e-9 < sum_.looks[look].information * static_cast<double>(plan_.events);
        end.log_hazard_ratio =
            std::log(test.observed[1] / test.expected[1] * test.expected[0] / test.observed[0]);
        return end;
    }

    const ComparisonPlan& plan_;
    Operating& sum_;
    double log_rank_z_ = 0.0;
};

std::vector<Operating::Look> planned_looks(const ComparisonPlan& plan) {
    std::vector<double> information = plan.looks;
    information.push_back(1.0);
    const auto limits = group_sequential(information, plan.alpha, plan.spending, plan.spending_parameter);
    std::vector<Operating::Look> looks(information.size());
    for (std::size_t i = 0; i < looks.size(); ++i) {
        looks[i].information = information[i];
        looks[i].critical = limits.critical[i];
        looks[i].futility = i < plan.futility.size() && i + 1 < looks.size() ? plan.futility[i] : -forever;
    }
    return looks;
}

void to_means(Operating& result) {
    const auto n = static_cast<double>(result.n_trials);
    for (auto& look : result.looks) {
        const auto here = static_cast<double>(std::max<std::size_t>(1, look.n_trials));
        look.day /= here, look.events /= here, look.enrolled /= here;
        look.efficacy /= n, look.stopped /= n;
    }
    for (double* sum :
         {&result.power, &result.day, &result.events, &result.enrolled, &result.short_of_events})
        *sum /= n;
    result.hazard_ratio = std::exp(result.hazard_ratio / n);
    result.standard_error = std::sqrt(result.power * (1.0 - result.power) / n);
}

}  // namespace

double entry_day(const Enrolment& enrolment, double u) {
    const double ramp = std::min(enrolment.ramp, enrolment.period),
                 enrolled = u * (enrolment.period - 0.5 * ramp);
    return enrolled < 0.5 * ramp ? std::sqrt(2.0 * enrolled * ramp) : enrolled + 0.5 * ramp;
}

Operating simulate_trials(const ComparisonPlan& plan, std::size_t n_trials, std::uint64_t seed) {
    assert(plan.events > 0 || std::isfinite(plan.cut_off));
    Operating result;
    result.n_trials = n_trials;
    result.looks = planned_looks(plan);
    TrialSimulation simulation(plan, result);
    for (std::size_t i = 0; i < n_trials; ++i) {
        const End end = simulation.run(i, seed);
        result.power += end.is_effective;
        result.day += end.day, result.events += end.events, result.enrolled += end.enrolled;
        result.short_of_events += end.is_short;
        if (std::isfinite(end.log_hazard_ratio)) result.hazard_ratio += end.log_hazard_ratio;
    }
    if (n_trials > 0) to_means(result);
    return result;
}

}  // namespace abscopal
