// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/comparison.hpp"

#include <algorithm>
#include <cmath>

#include "trial/allocation.hpp"
#include "trial/ties.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool has_strata(const TimeColumns& columns) {
    return std::adjacent_find(columns.stratum.begin(), columns.stratum.end(), std::not_equal_to<>()) !=
           columns.stratum.end();
}

/// With strata where there is more than one.
GroupedTimes as_planned(const TimeColumns& columns) {
    return has_strata(columns) ? columns.stratified() : columns.grouped();
}

ArmComparison compare(const FollowUp& data, EndpointKind kind, std::size_t arm) {
    const TimeColumns both = times_of(data, kind, 0, arm), first = times_of(data, kind, 0),
                      other = times_of(data, kind, arm);
    const GroupedTimes planned = as_planned(both);
    const std::vector<std::vector<double>> covariate{{both.group.begin(), both.group.end()}};
    const double horizon = common_horizon(std::vector{first.sample(), other.sample()});
    const Estimate mean = restricted_mean(other.sample(), horizon);
    return {arm,
            log_rank(planned),
            max_combo(both.grouped()).p_two_sided,
            hazard_ratio(planned),
            chi_square_p(cox(planned, covariate).proportional_global, 1.0),
            horizon,
            mean,
            difference(mean, restricted_mean(first.sample(), horizon))};
}

/// Responders and patients by weight, and the sum of squared weights.
struct Rate {
    double responders = 0.0, n = 0.0, squares = 0.0;
    std::size_t n_responders = 0, n_patients = 0;

    void add(const Followed& patient, bool responds) {
        const double weight = patient.weight;
        n += weight, squares += weight * weight, ++n_patients;
        if (responds) responders += weight, ++n_responders;
    }
    double share() const { return responders / n; }
    double n_effective() const { return n * n / squares; }
};

bool responds(const Trial& trial, const Followed& patient) {
    return is_response(trial.response.is_confirmed ? patient.seen.confirmed.response
                                                   : patient.seen.best.response);
}

bool is_weighted(const FollowUp& data) {
    return std::any_of(data.patients.begin(), data.patients.end(),
                       [&](const auto& patient) { return patient.weight != data.patients.front().weight; });
}

Interval difference_interval(const Rate& one, const Rate& other, bool is_weighted) {
    if (one.n_patients == 0 || other.n_patients == 0) return {nan, nan};
    if (!is_weighted)
        return miettinen_nurminen(one.n_responders, one.n_patients, other.n_responders, other.n_patients);
    const double p = one.share(), q = other.share();
    const double error = std::sqrt(p * (1.0 - p) / one.n_effective() + q * (1.0 - q) / other.n_effective());
    return normal_interval({p - q, error});
}

ResponseComparison compare_rates(const Trial& trial, const FollowUp& data, std::size_t arm) {
    std::size_t n_strata = 1;
    for (const auto& patient : data.patients) n_strata = std::max(n_strata, patient.stratum + 1);
    std::vector<Rate> ones(n_strata), others(n_strata);
    Rate one, other;
    for (const auto& patient : data.patients) {
        const bool is_responder = responds(trial, patient);
        if (patient.arm == arm)
            one.add(patient, is_responder), ones[patient.stratum].add(patient, is_responder);
        if (patient.arm == 0)
            other.add(patient, is_responder), others[patient.stratum].add(patient, is_responder);
    }
    std::vector<TwoByTwo> tables;
    for (std::size_t s = 0; s < n_strata; ++s)
        tables.push_back({ones[s].responders, ones[s].n, others[s].responders, others[s].n});
    return {arm, one.share() - other.share(), difference_interval(one, other, is_weighted(data)),
            mantel_haenszel(tables)};
}

/// The patients of two arms and the part of a factor each belongs to.
struct Parted {
    TimeColumns columns;
    std::vector<std::size_t> part;
};

constexpr std::size_t everybody = static_cast<std::size_t>(-1);

/// `factor`: index in Followed::parts, or everybody.
Parted parted(const FollowUp& data, EndpointKind kind, std::size_t arm, std::size_t factor) {
    Parted all;
    for (const auto& patient : data.patients) {
        if (patient.arm != 0 && patient.arm != arm) continue;
        if (!find(patient.seen, kind)) continue;
        all.columns.add(patient, kind, patient.arm == 0 ? 0 : 1);
        all.part.push_back(factor == everybody ? 0 : patient.parts[factor]);
    }
    return all;
}

SubgroupRow row_of(const Parted& all, std::size_t part, bool is_all) {
    SubgroupRow row;
    TimeColumns mine;
    for (std::size_t i = 0; i < all.part.size(); ++i) {
        if (!is_all && all.part[i] != part) continue;
        mine.times.push_back(all.columns.times[i]);
        mine.is_event.push_back(all.columns.is_event[i]);
        mine.weights.push_back(all.columns.weights[i]);
        mine.group.push_back(all.columns.group[i]);
        ++row.n[mine.group.back()];
        row.events[mine.group.back()] += mine.is_event.back() != 0;
    }
    mine.settle();
    const bool can_fit = row.n[0] > 0 && row.n[1] > 0;
    row.hazard = can_fit ? hazard_ratio(mine.grouped()) : HazardRatio{nan, {nan, nan}, nan, false};
    return row;
}

void add_factor(std::vector<SubgroupRow>& rows, const FollowUp& data, EndpointKind kind, std::size_t arm,
                const Split& split, std::size_t factor) {
    const Parted all = parted(data, kind, arm, factor);
    const double p = interaction(all.columns.grouped(), all.part).p;
    for (std::size_t part = 0; part < n_parts(split); ++part) {
        SubgroupRow row = row_of(all, part, false);
        row.factor = split.label, row.part = part_name(split, part);
        row.arm = arm, row.interaction_p = p;
        rows.push_back(std::move(row));
    }
}

LookRow look_at(const Result& result, double information, double day) {
    LookRow row;
    row.information = information, row.day = day;
    const FollowUp data = follow_up_on(result, day);
    const TimeColumns both = times_of(data, primary_endpoint(result.trial), 0, 1);
    row.enrolled = data.patients.size();
    row.events = static_cast<std::size_t>(std::count(both.is_event.begin(), both.is_event.end(), 1));
    row.z = -log_rank(as_planned(both)).z;
    row.hazard = hazard_ratio(as_planned(both));
    return row;
}

std::string decision(const LookRow& row, bool is_last) {
    if (!std::isfinite(row.day)) return "not reached";
    if (row.z >= row.critical) return is_last ? "superior" : "stop for efficacy";
    if (is_last) return "not superior";
    return row.z <= row.futility ? "stop for futility" : "go on";
}

}  // namespace

std::vector<ArmComparison> compare_with_first(const Trial& trial, const FollowUp& data, EndpointKind kind) {
    std::vector<ArmComparison> comparisons;
    for (std::size_t arm = 1; arm < trial.arms.size(); ++arm) comparisons.push_back(compare(data, kind, arm));
    return comparisons;
}

std::vector<ArmComparison> compare_with_first(const Result& result) {
    return compare_with_first(result.trial, follow_up(result), endpoints_of(result.trial).front());
}

std::vector<ResponseComparison> compare_responses(const Trial& trial, const FollowUp& data) {
    std::vector<ResponseComparison> rows;
    for (std::size_t arm = 1; arm < trial.arms.size(); ++arm) rows.push_back(compare_rates(trial, data, arm));
    return rows;
}

std::vector<SubgroupRow> subgroups(const Result& result, const FollowUp& data, EndpointKind kind,
                                   std::size_t arm) {
    const Design& design = result.trial.design;
    std::vector<SubgroupRow> rows{row_of(parted(data, kind, arm, everybody), 0, true)};
    rows[0].part = "All patients", rows[0].arm = arm, rows[0].interaction_p = nan;
    std::size_t factor = 0;
    for (const auto* splits : {&design.strata, &design.subgroups})
        for (const auto& split : *splits) add_factor(rows, data, kind, arm, split, factor++);
    return rows;
}

std::vector<LookRow> look_rows(const Result& result) {
    const Design& design = result.trial.design;
    std::vector<LookRow> rows;
    if (design.looks.empty() || result.trial.arms.size() < 2) return rows;
    std::vector<double> information = design.looks;
    information.push_back(1.0);
    const auto limits =
        group_sequential(information, design.alpha, design.spending, design.spending_parameter);
    for (std::size_t i = 0; i < information.size(); ++i) {
        const auto wanted = static_cast<std::size_t>(
            std::ceil(information[i] * static_cast<double>(design.cut_off_events) - 1e-9));
        const double day = day_of_event(result, wanted);
        LookRow row;
        if (day <= design.cut_off && std::isfinite(day))
            row = look_at(result, information[i], day);
        else
            row.information = information[i], row.day = nan;
        row.critical = limits.critical[i];
        row.futility = i < design.futility.size() ? design.futility[i] : -INFINITY;
        row.decision = decision(row, i + 1 == information.size());
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string short_name(EndpointKind kind) {
    switch (kind) {
        case EndpointKind::pfs:
            return "PFS";
        case EndpointKind::pfs_ema:
            return "PFSEMA";
        case EndpointKind::immune_pfs:
            return "IPFS";
        case EndpointKind::os:
            return "OS";
        case EndpointKind::ttp:
            return "TTP";
        case EndpointKind::efs:
            return "EFS";
        case EndpointKind::duration_of_response:
            return "RSD";
        case EndpointKind::duration_of_confirmed_response:
            return "CRSD";
        case EndpointKind::time_to_response:
            return "TTR";
        case EndpointKind::time_to_confirmed_response:
            return "CTTR";
        case EndpointKind::time_to_next_treatment:
            return "TTNT";
        case EndpointKind::time_to_discontinuation:
            return "TTD";
        case EndpointKind::pfs2:
            return "PFS2";
    }
    return "";
}

std::string long_name(EndpointKind kind) {
    switch (kind) {
        case EndpointKind::pfs:
            return "progression-free survival";
        case EndpointKind::pfs_ema:
            return "progression-free survival (EMA)";
        case EndpointKind::immune_pfs:
            return "immune progression-free survival";
        case EndpointKind::os:
            return "overall survival";
        case EndpointKind::ttp:
            return "time to progression";
        case EndpointKind::efs:
            return "event-free survival";
        case EndpointKind::duration_of_response:
            return "duration of response";
        case EndpointKind::duration_of_confirmed_response:
            return "duration of confirmed response";
        case EndpointKind::time_to_response:
            return "time to response";
        case EndpointKind::time_to_confirmed_response:
            return "time to confirmed response";
        case EndpointKind::time_to_next_treatment:
            return "time to next treatment";
        case EndpointKind::time_to_discontinuation:
            return "time to discontinuation";
        case EndpointKind::pfs2:
            return "progression-free survival 2";
    }
    return "";
}

}  // namespace abscopal
