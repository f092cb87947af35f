// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "abscopal/endpoints.hpp"

/// RECIST 1.1 and iRECIST read a second time, slowly and word by word, by someone who had not seen the first
/// implementation. Whole millimetres only, so that every limit is exact in integers.
namespace abscopal::slow {

inline bool is_complete(const Assessment& a) {
    return std::all_of(a.targets.begin(), a.targets.end(), [](const auto& t) { return t.is_assessed; });
}

inline long sum_of(const Assessment& a) {
    long sum = 0;
    for (const auto& target : a.targets)
        if (target.is_assessed) sum += std::lround(target.diameter);
    return sum;
}

/// Progression: at least a fifth and 5 mm more.
inline bool has_grown(long sum, long from) {
    return 10 * sum >= 12 * from && sum - from >= 5;
}

inline bool has_shrunk(long sum, long baseline) {
    return 10 * sum <= 7 * baseline;
}

/// No target is left: what is no node has gone, and nodes are normal.
inline bool are_gone(const Assessment& a) {
    for (const auto& target : a.targets) {
        const long size = std::lround(target.diameter);
        if (target.is_nodal ? size >= 10 : size > 0) return false;
    }
    return true;
}

/// A whole history: `all[0]` is baseline.
using History = std::vector<Assessment>;

inline History history_of(const Assessment& baseline, const std::vector<Assessment>& visits) {
    History all{baseline};
    all.insert(all.end(), visits.begin(), visits.end());
    return all;
}

inline long nadir(const History& all, std::size_t visit) {
    long least = sum_of(all[0]);
    for (std::size_t i = 1; i < visit; ++i)
        if (is_complete(all[i])) least = std::min(least, sum_of(all[i]));
    return least;
}

inline Overall target_response(const History& all, std::size_t visit) {
    const Assessment& now = all[visit];
    const long sum = sum_of(now), least = nadir(all, visit);
    if (!is_complete(now)) return has_grown(sum, least) ? Overall::progressive : Overall::not_evaluable;
    if (are_gone(now)) return Overall::complete;
    if (has_grown(sum, least)) return Overall::progressive;
    return has_shrunk(sum, sum_of(all[0])) ? Overall::partial : Overall::stable;
}

/// The time-point table, row by row, for whatever the targets were found to be.
inline Overall time_point(bool has_targets, Overall target, NonTarget others, bool is_new) {
    if (is_new || others == NonTarget::progressive) return Overall::progressive;
    if (!has_targets) {
        if (others == NonTarget::complete) return Overall::complete;
        if (others == NonTarget::present) return Overall::non_complete;
        return Overall::not_evaluable;
    }
    if (target == Overall::complete && others != NonTarget::complete && others != NonTarget::none)
        return Overall::partial;
    return target;
}

inline Overall response(const History& all, std::size_t visit) {
    const bool has_targets = !all[0].targets.empty();
    return time_point(has_targets, has_targets ? target_response(all, visit) : Overall::not_evaluable,
                      all[visit].non_target, all[visit].new_lesions.are_present);
}

// --- Best overall response ---------------------------------------------------------------------------------

struct Record {
    double day;
    Overall response;
};

/// What counts: up to and including the first progression, and nothing behind `until`.
inline std::vector<Record> counted(const History& all, const BestRules& rules) {
    std::vector<Record> records;
    for (std::size_t i = 1; i < all.size() && all[i].day <= rules.until; ++i) {
        records.push_back({all[i].day, response(all, i)});
        if (records.back().response == Overall::progressive) break;
    }
    return records;
}

inline std::size_t n_between(const std::vector<Record>& r, std::size_t i, std::size_t j, Overall what) {
    return static_cast<std::size_t>(std::count_if(r.begin() + static_cast<long>(i) + 1,
                                                  r.begin() + static_cast<long>(j),
                                                  [&](const auto& x) { return x.response == what; }));
}

/// A complete response seen again, with only complete or not evaluable visits between.
inline bool confirms_complete(const std::vector<Record>& r, std::size_t i, std::size_t j,
                              const BestRules& rules) {
    const std::size_t n_missing = n_between(r, i, j, Overall::not_evaluable);
    return r[i].response == Overall::complete && r[j].response == Overall::complete &&
           r[j].day - r[i].day >= rules.confirm_after && n_missing <= rules.max_not_evaluable &&
           n_missing + n_between(r, i, j, Overall::complete) == j - i - 1;
}

/// A partial response seen again or become complete; never partial behind complete.
inline bool confirms_partial(const std::vector<Record>& r, std::size_t i, std::size_t j,
                             const BestRules& rules) {
    if (r[i].response != Overall::partial || r[j].day - r[i].day < rules.confirm_after) return false;
    if (r[j].response != Overall::partial && r[j].response != Overall::complete) return false;
    const std::size_t n_missing = n_between(r, i, j, Overall::not_evaluable),
                      n_stable = n_between(r, i, j, Overall::stable),
                      n_complete = n_between(r, i, j, Overall::complete),
                      n_partial = n_between(r, i, j, Overall::partial);
    if (n_missing + n_stable + n_complete + n_partial != j - i - 1) return false;
    for (std::size_t a = i; a <= j; ++a)
        for (std::size_t b = a + 1; b <= j; ++b)
            if (r[a].response == Overall::complete && r[b].response == Overall::partial) return false;
    return n_missing <= rules.max_not_evaluable && n_stable <= (rules.accept_stable ? 1U : 0U);
}

template <class Test>
std::optional<std::size_t> first_confirmed(const std::vector<Record>& r, const Test& confirms) {
    for (std::size_t i = 0; i < r.size(); ++i)
        for (std::size_t j = i + 1; j < r.size(); ++j)
            if (confirms(i, j)) return i;
    return std::nullopt;
}

template <class Test>
std::optional<std::size_t> first_that(const std::vector<Record>& r, const Test& test) {
    for (std::size_t i = 0; i < r.size(); ++i)
        if (test(r[i])) return i;
    return std::nullopt;
}

struct Best {
    Overall response = Overall::missing;
    double day = 0.0;
};

inline Best best(const History& all, const BestRules& rules) {
    const auto r = counted(all, rules);
    const auto is = [&](Overall what) {
        return first_that(r, [what](const Record& x) { return x.response == what; });
    };
    const auto complete =
        rules.is_confirmed
            ? first_confirmed(r, [&](auto i, auto j) { return confirms_complete(r, i, j, rules); })
            : is(Overall::complete);
    if (complete) return {Overall::complete, r[*complete].day};
    const auto partial =
        rules.is_confirmed
            ? first_confirmed(r, [&](auto i, auto j) { return confirms_partial(r, i, j, rules); })
            : is(Overall::partial);
    if (partial) return {Overall::partial, r[*partial].day};
    // A response that was not confirmed is at least a stable disease.
    const auto stable = first_that(r, [&](const Record& x) {
        return x.day >= rules.stable_from &&
               (x.response == Overall::complete || x.response == Overall::partial ||
                x.response == Overall::stable);
    });
    if (stable) return {Overall::stable, r[*stable].day};
    // The stable disease of those without targets counts from the same day on, as in admiralonco.
    const auto non_complete = first_that(r, [&](const Record& x) {
        return x.day >= rules.stable_from && x.response == Overall::non_complete;
    });
    if (const auto at = non_complete) return {Overall::non_complete, r[*at].day};
    if (const auto at = is(Overall::progressive)) return {Overall::progressive, r[*at].day};
    if (!r.empty()) return {Overall::not_evaluable, r[0].day};
    return {};
}

// --- iRECIST -----------------------------------------------------------------------------------------------

/// What each of the three categories shows at a visit by RECIST 1.1.
struct Categories {
    bool targets = false, others = false, lesions = false;
    bool any() const { return targets || others || lesions; }
};

inline Categories progressing(const History& all, std::size_t visit) {
    return {!all[0].targets.empty() && target_response(all, visit) == Overall::progressive,
            all[visit].non_target == NonTarget::progressive, all[visit].new_lesions.are_present};
}

/// The targets compared with baseline alone.
inline Overall against_baseline(const History& all, std::size_t visit) {
    const Assessment& now = all[visit];
    const long sum = sum_of(now), baseline = sum_of(all[0]);
    if (!is_complete(now)) return Overall::not_evaluable;
    if (are_gone(now)) return Overall::complete;
    if (has_grown(sum, baseline)) return Overall::progressive;
    return has_shrunk(sum, baseline) ? Overall::partial : Overall::stable;
}

inline Immune relabelled(Overall response) {
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

/// A suspicion that has neither been confirmed nor undone.
struct Suspicion {
    std::size_t first = 0, last = 0;  ///< visits that show it
    Categories seen;                  ///< at the first
};

/// Whether a visit confirms: growth of what was suspected, or another category that progresses.
inline bool confirms(const History& all, std::size_t visit, const Suspicion& suspicion,
                     const ImmuneRules& rules) {
    if (all[visit].day - all[suspicion.first].day < rules.confirm_after) return false;
    const Assessment& now = all[visit];
    const Assessment& then = all[rules.is_from_last_visit ? suspicion.last : suspicion.first];
    const Categories progresses = progressing(all, visit);
    const bool targets_grew = suspicion.seen.targets && is_complete(then) && sum_of(now) - sum_of(then) >= 5;
    const bool others_grew = suspicion.seen.others && now.non_target_increased;
    const bool lesions_grew = suspicion.seen.lesions && (now.new_lesions.sum - then.new_lesions.sum >= 5.0 ||
                                                         now.new_lesions.non_target_increased ||
                                                         now.new_lesions.count > then.new_lesions.count);
    const bool another = (progresses.targets && !suspicion.seen.targets) ||
                         (progresses.others && !suspicion.seen.others) ||
                         (progresses.lesions && !suspicion.seen.lesions);
    return targets_grew || others_grew || lesions_grew || another;
}

/// A visit that does not confirm: without change the suspicion stays; targets that have shrunk since are
/// compared with baseline.
inline Immune while_suspected(const History& all, std::size_t visit, std::size_t first) {
    const Assessment& now = all[visit];
    const bool has_targets = !all[0].targets.empty();
    const bool has_shrunk_since =
        is_complete(now) && is_complete(all[first]) && sum_of(now) < sum_of(all[first]);
    const Overall target = !has_targets       ? Overall::not_evaluable
                           : has_shrunk_since ? against_baseline(all, visit)
                                              : target_response(all, visit);
    return relabelled(time_point(has_targets, target, now.non_target, now.new_lesions.are_present));
}

inline std::vector<Immune> immune(const History& all, const ImmuneRules& rules) {
    std::vector<Immune> responses;
    std::optional<Suspicion> suspicion;
    bool is_confirmed = false;
    for (std::size_t visit = 1; visit < all.size(); ++visit) {
        const Categories now = progressing(all, visit);
        if (!is_confirmed && !suspicion) {
            responses.push_back(relabelled(response(all, visit)));
            if (now.any()) suspicion = Suspicion{visit, visit, now};
            continue;
        }
        is_confirmed = is_confirmed || confirms(all, visit, *suspicion, rules);
        if (is_confirmed) {
            responses.push_back(Immune::confirmed);
            continue;
        }
        responses.push_back(while_suspected(all, visit, suspicion->first));
        if (responses.back() == Immune::unconfirmed)
            suspicion->last = visit;
        else if (responses.back() != Immune::not_evaluable)
            suspicion.reset();
    }
    return responses;
}

inline Immune best_immune(const History& all, const std::vector<Immune>& responses, double stable_from) {
    const auto has = [&](Immune what) {
        for (std::size_t i = 0; i < responses.size() && responses[i] != Immune::confirmed; ++i)
            if (responses[i] == what &&
                ((what != Immune::stable && what != Immune::non_complete) || all[i + 1].day >= stable_from))
                return true;
        return false;
    };
    for (const Immune what : {Immune::complete, Immune::partial, Immune::stable, Immune::non_complete})
        if (has(what)) return what;
    if (std::find(responses.begin(), responses.end(), Immune::confirmed) != responses.end())
        return Immune::confirmed;
    if (has(Immune::unconfirmed)) return Immune::unconfirmed;
    return responses.empty() ? Immune::missing : Immune::not_evaluable;
}

}  // namespace abscopal::slow
