// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "abscopal/spec.hpp"

namespace abscopal {

Spec switch_off(Spec spec, const std::vector<std::string>& reactions) {
    FaultList faults;
    std::vector<std::string> known;
    for (const auto& reaction : spec.reactions) known.push_back(reaction.id);
    for (const auto& id : reactions) {
        const auto found = std::find(known.begin(), known.end(), id);
        if (found == known.end())
            faults.add("unknown-reaction", "there is no reaction '" + id + "'" + did_you_mean(id, known),
                       {spec.origin});
        else
            spec.reactions[static_cast<std::size_t>(found - known.begin())].law = number(0.0);
    }
    faults.throw_if_any();
    return spec;
}

}  // namespace abscopal
