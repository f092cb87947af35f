// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/regimen.hpp"

#include <algorithm>

namespace abscopal {
namespace {

void sort_by_time(std::vector<DoseRow>& rows) {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const DoseRow& a, const DoseRow& b) { return a.time < b.time; });
}

}  // namespace

Regimen Regimen::expanded(double until) const {
    Regimen single;
    for (const auto& row : rows) {
        for (int k = 0; k <= row.additional; ++k) {
            DoseRow dose = row;
            dose.time = row.time + k * row.interval;
            dose.interval = 0.0;
            dose.additional = 0;
            if (dose.time > until) break;
            single.rows.push_back(std::move(dose));
        }
    }
    sort_by_time(single.rows);
    return single;
}

Regimen Regimen::shifted(double days) const {
    Regimen result = *this;
    for (auto& row : result.rows) row.time += days;
    return result;
}

Regimen Regimen::then(const Regimen& other) const {
    Regimen result = *this;
    result.rows.insert(result.rows.end(), other.rows.begin(), other.rows.end());
    sort_by_time(result.rows);
    return result;
}

Regimen Regimen::repeated(double every, int additional) const {
    Regimen result;
    for (int k = 0; k <= additional; ++k) {
        for (auto row : rows) {
            row.time += k * every;
            result.rows.push_back(std::move(row));
        }
    }
    sort_by_time(result.rows);
    return result;
}

}  // namespace abscopal
