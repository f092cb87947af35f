// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/radiology.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.hpp"
#include "trial/normal_score.hpp"
#include "trial/recist.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Draws of a visit: the first for its day and attendance, then some for each lesion and reader.
constexpr std::uint32_t day_draw = 0, missed_draw = 1, first_lesion_draw = 8, draws_a_lesion = 4;

double draw(const Trial& trial, std::size_t candidate, std::size_t step, std::uint32_t what) {
    return uniform(trial.seed, Purpose::measurement, candidate, static_cast<std::uint32_t>(step), what);
}

double cubed(double x) {
    return x * x * x;
}

}  // namespace

std::vector<double> diameters_now(const Trial& trial, const Clinic& clinic, const std::vector<double>& row,
                                  const Simulation& simulation) {
    std::vector<double> diameters(trial.lesions.size());
    for (std::size_t i = 0; i < diameters.size(); ++i)
        if (clinic.lesions[i].presence.of(row, simulation) > 0.0)
            diameters[i] = simulation.value(clinic.lesions[i].observable) * trial.lesions[i].scale;
    return diameters;
}

std::vector<LesionKind> lesion_kinds(const Protocol& protocol, const std::vector<double>& row,
                                     const Simulation& simulation) {
    std::vector<LesionKind> kinds;
    for (std::size_t i = 0; i < protocol.trial->lesions.size(); ++i) {
        const auto& lesion = protocol.trial->lesions[i];
        const auto& looked_up = protocol.clinic.lesions[i];
        LesionKind kind{lesion.organ, lesion.is_nodal || looked_up.node.of(row, simulation) > 0.0};
        if (!lesion.organ_attribute.empty()) {
            const double code = std::round(looked_up.organ.of(row, simulation));
            const double last = static_cast<double>(lesion.organs.size()) - 1.0;
            kind.organ = lesion.organs[static_cast<std::size_t>(std::clamp(code, 0.0, last))];
        }
        kind.is_nodal |= kind.organ == "lymph node";
        kinds.push_back(std::move(kind));
    }
    return kinds;
}

std::vector<Appointment> appointments(const Trial& trial, std::size_t candidate) {
    std::vector<Appointment> all;
    const auto& m = trial.measurement;
    for (std::size_t i = 0; i < trial.visits.size(); ++i) {
        Appointment visit{trial.visits[i], trial.visits[i], false};
        if (m.window > 0.0) {
            const double shift = m.window * (2.0 * draw(trial, candidate, i + 1, day_draw) - 1.0);
            visit.day = std::min(trial.follow_up, visit.planned + std::round(shift));
        }
        if (m.missed > 0.0) visit.is_missed = draw(trial, candidate, i + 1, missed_draw) < m.missed;
        all.push_back(visit);
    }
    return all;
}

Radiologist::Radiologist(const Trial& trial, std::vector<LesionKind> kinds, std::size_t candidate,
                         Reader reader)
    : trial_(trial), kinds_(std::move(kinds)), candidate_(candidate), reader_(reader) {
    const std::size_t n = kinds_.size();
    lesions_.resize(n);
    is_new_.assign(n, 0);
    is_new_target_.assign(n, 0);
}

double Radiologist::read(std::size_t lesion, double truth, std::size_t step) const {
    const auto& m = trial_.measurement;
    const auto first = first_lesion_draw + static_cast<std::uint32_t>(lesion) * draws_a_lesion;
    const bool is_review = reader_ == Reader::review;
    // Whether a lesion can be assessed is a matter of the scan: the same for both readers.
    if (m.not_evaluable > 0.0 && step > 0 && draw(trial_, candidate_, step, first) < m.not_evaluable)
        return nan;
    const double error = is_review ? m.review_error : m.error;
    double seen = truth;
    if (error > 0.0)
        seen *= std::exp(error * normal_score(draw(trial_, candidate_, step, first + 1 + is_review)));
    if (m.resolution > 0.0) seen = m.resolution * std::round(seen / m.resolution);
    return seen_diameter(seen, trial_.response);
}

bool Radiologist::is_gone(std::size_t lesion, double diameter) const {
    return kinds_[lesion].is_nodal ? diameter < 10.0 : diameter == 0.0;
}

void Radiologist::baseline(std::span<const double> truth) {
    std::vector<BaselineLesion> seen;
    std::vector<double> diameters;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const auto& lesion = trial_.lesions[i];
        const double diameter = diameters.emplace_back(read(i, truth[i], 0));
        lesions_[i] = {LesionRole::absent, kinds_[i].organ, diameter, kinds_[i].is_nodal};
        if (!is_gone(i, diameter)) lesions_[i].role = LesionRole::non_target;
        seen.push_back({kinds_[i].organ, diameter, kinds_[i].is_nodal, lesion.is_irradiated,
                        lesion.is_well_defined && !lesion.is_target});
        if (lesion.is_target) lesions_[i].role = LesionRole::target;
    }
    for (const auto i : select_targets(seen)) lesions_[i].role = LesionRole::target;
    has_targets_ = std::any_of(lesions_.begin(), lesions_.end(),
                               [](const auto& lesion) { return lesion.role == LesionRole::target; });
    baseline_.targets = targets(diameters);
    baseline_.non_target = non_target(diameters);
    least_non_target_ = diameters;
    nadir_ = baseline_sum();
}

double Radiologist::baseline_sum() const {
    double sum = 0.0;
    for (const auto& lesion : lesions_)
        if (lesion.role == LesionRole::target) sum += lesion.diameter;
    return sum;
}

std::vector<LesionRead> Radiologist::targets(const std::vector<double>& diameters) const {
    std::vector<LesionRead> reads;
    for (std::size_t i = 0; i < diameters.size(); ++i) {
        if (!has_role(i, LesionRole::target)) continue;
        const bool is_assessed = !std::isnan(diameters[i]);
        reads.push_back({is_assessed ? diameters[i] : 0.0, kinds_[i].is_nodal, is_assessed});
    }
    return reads;
}

/// New lesions big enough are followed like targets (iRECIST): at most five, at most two an organ.
bool Radiologist::is_followed(std::size_t lesion, double diameter) const {
    if (diameter < (kinds_[lesion].is_nodal ? 15.0 : 10.0)) return false;
    const auto place = [&](std::size_t i) {
        return kinds_[i].is_nodal ? std::string("lymph node") : kinds_[i].organ;
    };
    int n = 0, n_here = 0;
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        if (!is_new_target_[i]) continue;
        ++n;
        n_here += place(i) == place(lesion);
    }
    return n < 5 && n_here < 2;
}

void Radiologist::find_new(const std::vector<double>& diameters) {
    for (std::size_t i = 0; i < diameters.size(); ++i) {
        if (is_new_[i] || !has_role(i, LesionRole::absent) || std::isnan(diameters[i])) continue;
        if (is_gone(i, diameters[i])) continue;
        is_new_[i] = 1;
        is_new_target_[i] = is_followed(i, diameters[i]);
        ++n_new_;
    }
}

double Radiologist::sum_of(const std::vector<double>& diameters, LesionRole role) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < diameters.size(); ++i)
        if (has_role(i, role) && !std::isnan(diameters[i])) sum += diameters[i];
    return sum;
}

double Radiologist::sum_of_other_new(const std::vector<double>& diameters) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < diameters.size(); ++i)
        if (is_new_[i] && !is_new_target_[i] && !std::isnan(diameters[i])) sum += diameters[i];
    return sum;
}

/// With target disease: the volume of all grew by 73 % since it was least (20 % in diameter), in most sites,
/// and one by 5 mm. Without: the sum of diameters grew as that of targets would have to.
bool Radiologist::has_grown_unequivocally(const std::vector<double>& diameters) const {
    double volume = 0.0, least = 0.0, sum = 0.0, least_sum = 0.0, most = 0.0;
    int n = 0, n_grown = 0;
    for (std::size_t i = 0; i < diameters.size(); ++i) {
        if (!has_role(i, LesionRole::non_target) || std::isnan(diameters[i])) continue;
        const double now = diameters[i], then = least_non_target_[i];
        volume += cubed(now), least += cubed(then), sum += now, least_sum += then;
        most = std::max(most, now - then);
        ++n;
        n_grown += now > then;
    }
    if (!has_targets_) return sum >= 1.2 * least_sum && sum - least_sum >= 5.0;
    return volume >= 1.73 * least && 2 * n_grown > n && most >= 5.0;
}

NonTarget Radiologist::non_target(const std::vector<double>& diameters) const {
    bool is_any = false, are_gone = true, are_assessed = true;
    for (std::size_t i = 0; i < diameters.size(); ++i) {
        if (!has_role(i, LesionRole::non_target)) continue;
        is_any = true;
        if (std::isnan(diameters[i]))
            are_assessed = false;
        else
            are_gone &= is_gone(i, diameters[i]);
    }
    if (!is_any) return NonTarget::none;
    if (!least_non_target_.empty() && has_grown_unequivocally(diameters)) return NonTarget::progressive;
    if (!are_assessed) return NonTarget::not_evaluable;
    return are_gone ? NonTarget::complete : NonTarget::present;
}

NewLesions Radiologist::new_lesions(const std::vector<double>& diameters) const {
    NewLesions fresh;
    fresh.count = n_new_;
    for (std::size_t i = 0; i < diameters.size(); ++i) {
        if (!is_new_[i] || std::isnan(diameters[i])) continue;
        fresh.are_present |= !is_gone(i, diameters[i]);
        if (is_new_target_[i]) fresh.sum += diameters[i];
    }
    return fresh;
}

Immune Radiologist::judge_immune(const TimePoint& point, const std::vector<double>& diameters) {
    has_progressed_ |= point.response == Overall::progressive;
    // Until RECIST sees a progression there is nothing to suspect.
    if (!has_progressed_) return irecist(baseline_, {&visits_.back(), 1}).back().response;
    const ImmuneRules rules{trial_.response.immune_confirm_after, trial_.response.immune_from_last_visit};
    const Immune now = irecist(baseline_, visits_, rules).back().response;
    if (now == Immune::unconfirmed) {
        if (!suspected_ || rules.is_from_last_visit) suspected_ = diameters;
    } else if (now != Immune::not_evaluable && now != Immune::confirmed) {
        suspected_.reset();
    }
    return now;
}

Read Radiologist::visit(std::size_t i_visit, double day, std::span<const double> truth) {
    constexpr double further = 1.1;  // growth that counts as further growth of what is not measured
    Read seen;
    for (std::size_t i = 0; i < truth.size(); ++i) seen.diameters.push_back(read(i, truth[i], i_visit + 1));
    find_new(seen.diameters);

    Assessment visit;
    visit.day = day;
    visit.targets = targets(seen.diameters);
    visit.non_target = non_target(seen.diameters);
    visit.new_lesions = new_lesions(seen.diameters);
    if (suspected_) {
        const auto grows = [&](double now, double then) { return now > 0.0 && now >= further * then; };
        visit.non_target_increased = grows(sum_of(seen.diameters, LesionRole::non_target),
                                           sum_of(*suspected_, LesionRole::non_target));
        visit.new_lesions.non_target_increased =
            grows(sum_of_other_new(seen.diameters), sum_of_other_new(*suspected_));
    }
    visits_.push_back(visit);

    TimePoint point{day, Overall::not_evaluable, Overall::not_evaluable, sum_of_diameters(visit.targets),
                    nadir_};
    point.target = target_response(visit.targets, baseline_sum(), nadir_);
    point.response =
        overall_response(has_targets_, point.target, visit.non_target, visit.new_lesions.are_present);
    points_.push_back(point);

    seen.sum = point.sum, seen.nadir = nadir_;
    seen.target = point.target, seen.overall = point.response;
    seen.non_target = visit.non_target;
    seen.n_new = n_new_;
    seen.immune = judge_immune(point, seen.diameters);
    if (are_all_assessed(visit.targets)) nadir_ = std::min(nadir_, point.sum);
    const bool are_read =
        std::none_of(seen.diameters.begin(), seen.diameters.end(), [](double d) { return std::isnan(d); });
    if (are_read &&
        sum_of(seen.diameters, LesionRole::non_target) < sum_of(least_non_target_, LesionRole::non_target))
        least_non_target_ = seen.diameters;
    return seen;
}

}  // namespace abscopal
