// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "abscopal/endpoints.hpp"
#include "trial/recist.hpp"

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

/// What further growth is counted from.
struct Mark {
    double sum = 0.0, new_sum = 0.0;  ///< mm
    bool is_complete = false;         ///< that sum is of all targets
    std::size_t n_new = 0;
};

/// A progression that waits for confirmation.
struct Suspicion {
    bool is_open = false;
    double day = 0.0;
    Categories categories{};
    Mark first, last;  ///< visits that show it
};

Suspicion suspect(const Assessment& visit, const TimePoint& point) {
    const Mark mark{point.sum, visit.new_lesions.sum, are_all_assessed(visit.targets),
                    visit.new_lesions.count};
    return {true, visit.day, progressing(visit, point), mark, mark};
}

bool grows(double now, double before) {
    return now - before >= 5.0 * (1.0 - rounding);
}

/// Further growth in a category that was suspected, or progression in another.
bool confirms(const Assessment& visit, const TimePoint& point, const Categories& before, const Mark& mark) {
    const Categories now = progressing(visit, point);
    const auto& fresh = visit.new_lesions;
    if (before.target ? mark.is_complete && grows(point.sum, mark.sum) : now.target) return true;
    if (before.non_target ? visit.non_target_increased : now.non_target) return true;
    if (!before.new_lesions) return now.new_lesions;
    return grows(fresh.sum, mark.new_sum) || fresh.non_target_increased || fresh.count > mark.n_new;
}

/// Response of a visit that does not confirm. Targets that have shrunk since are compared with baseline, not
/// with nadir.
Immune while_suspected(const Assessment& baseline, const Assessment& visit, const TimePoint& point,
                       const Mark& first) {
    const bool has_shrunk =
        first.is_complete && are_all_assessed(visit.targets) && point.sum < first.sum * (1.0 - rounding);
    if (visit.targets.empty() || !has_shrunk) return as_immune(point.response);
    const double sum = sum_of_diameters(baseline.targets);
    const Overall target = target_response(visit.targets, sum, sum);
    return as_immune(overall_response(true, target, visit.non_target, visit.new_lesions.are_present));
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
        if (suspicion.is_open) {
            const Mark& mark = rules.is_from_last_visit ? suspicion.last : suspicion.first;
            const bool is_late = visits[i].day - suspicion.day >= rules.confirm_after;
            is_confirmed =
                is_confirmed || (is_late && confirms(visits[i], points[i], suspicion.categories, mark));
            now = is_confirmed ? Immune::confirmed
                               : while_suspected(baseline, visits[i], points[i], suspicion.first);
        }
        if (now == Immune::unconfirmed) {
            const Suspicion here = suspect(visits[i], points[i]);
            if (!suspicion.is_open) suspicion = here;
            suspicion.last = here.last;
        } else if (now != Immune::not_evaluable && now != Immune::confirmed) {
            suspicion = {};
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
