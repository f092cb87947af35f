// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "abscopal/endpoints.hpp"

namespace abscopal {
namespace {

// Of sums of decimal readings.
constexpr double rounding = 1e-9;

Immune as_immune(Overall response) {
    switch (response) {
        case Overall::complete:
            return Immune::complete;
        case Overall::partial:
            return Immune::partial;
        case Overall::stable:
            return Immune::stable;
        case Overall::non_complete:
            return Immune::non_complete;
        case Overall::progressive:
            return Immune::unconfirmed;
        case Overall::not_evaluable:
            return Immune::not_evaluable;
        case Overall::missing:
            break;
    }
    return Immune::missing;
}

/// Which categories progress at a visit.
struct Categories {
    bool target, non_target, new_lesions;
};

Categories progressing(const Assessment& visit, const TimePoint& point) {
    return {point.target == Overall::progressive, visit.non_target == NonTarget::progressive,
            visit.new_lesions.are_present};
}

bool is_any(const Categories& categories) {
    return categories.target || categories.non_target || categories.new_lesions;
}

/// A progression that waits for confirmation.
struct Suspicion {
    bool is_open = false;
    double day = 0.0;
    Categories categories{};
    double sum = 0.0, new_sum = 0.0;  ///< mm, where further growth is counted from
    std::size_t n_new = 0;
};

Suspicion suspect(const Assessment& visit, const TimePoint& point) {
    return {true,
            visit.day,
            progressing(visit, point),
            point.sum,
            visit.new_lesions.sum,
            visit.new_lesions.count};
}

bool grows(double now, double before) {
    return now - before >= 5.0 * (1.0 - rounding);
}

/// Further growth in a category that was suspected, or progression in another.
bool confirms(const Assessment& visit, const TimePoint& point, const Suspicion& suspicion) {
    const Categories now = progressing(visit, point), &before = suspicion.categories;
    const auto& fresh = visit.new_lesions;
    if (before.target ? grows(point.sum, suspicion.sum) : now.target) return true;
    if (before.non_target ? visit.non_target_increased : now.non_target) return true;
    if (!before.new_lesions) return now.new_lesions;
    return grows(fresh.sum, suspicion.new_sum) || fresh.non_target_increased || fresh.count > suspicion.n_new;
}

}  // namespace

std::string_view name_of(Immune response) {
    constexpr std::string_view names[]{"iCR",  "iPR",  "iSD", "NON-iCR/NON-iUPD",
                                       "iUPD", "iCPD", "NE",  "MISSING"};
    return names[static_cast<std::size_t>(response)];
}

std::vector<ImmunePoint> irecist(const Assessment& baseline, std::span<const Assessment> visits,
                                 const ImmuneRules& rules) {
    const auto points = recist(baseline, visits);
    std::vector<ImmunePoint> result;
    Suspicion suspicion;
    bool is_confirmed = false;
    for (std::size_t i = 0; i < visits.size(); ++i) {
        Immune now = as_immune(points[i].response);
        if (suspicion.is_open && confirms(visits[i], points[i], suspicion)) {
            is_confirmed = is_confirmed || visits[i].day - suspicion.day >= rules.confirm_after;
            now = Immune::unconfirmed;
        } else if (suspicion.is_open && !is_any(progressing(visits[i], points[i])) &&
                   now != Immune::not_evaluable) {
            suspicion = {};
        }
        if (is_confirmed) now = Immune::confirmed;
        if (now == Immune::unconfirmed) {
            const double first_day = suspicion.is_open ? suspicion.day : visits[i].day;
            if (!suspicion.is_open || rules.is_from_last_visit) suspicion = suspect(visits[i], points[i]);
            suspicion.day = first_day;
        }
        result.push_back({visits[i].day, now});
    }
    return result;
}

Immune best_immune(std::span<const ImmunePoint> visits, double stable_from) {
    Immune best = Immune::missing;
    for (const auto& visit : visits) {
        if (visit.response == Immune::confirmed)
            return best <= Immune::non_complete ? best : Immune::confirmed;
        const bool is_stable = visit.response == Immune::stable || visit.response == Immune::non_complete;
        const Immune counts = is_stable && visit.day < stable_from ? Immune::not_evaluable : visit.response;
        best = std::min(best, counts);
    }
    return best;
}

}  // namespace abscopal
