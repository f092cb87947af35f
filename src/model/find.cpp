// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "abscopal/model.hpp"

namespace abscopal {
namespace {

template <class Info>
std::optional<std::size_t> by_id(const std::vector<Info>& list, std::string_view id) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i].id == id) return i;
    }
    return std::nullopt;
}

template <class Info>
std::optional<std::size_t> by_id_or_name(const std::vector<Info>& list, std::string_view id) {
    if (const auto found = by_id(list, id)) return found;
    const auto has_name = [&](const Info& info) { return info.name == id; };
    const auto first = std::find_if(list.begin(), list.end(), has_name);
    if (first == list.end() || id.empty() || std::find_if(first + 1, list.end(), has_name) != list.end())
        return std::nullopt;
    return static_cast<std::size_t>(first - list.begin());
}

}  // namespace

std::optional<std::size_t> find_state(const Model& model, std::string_view id) {
    return by_id_or_name(model.states, id);
}

std::optional<std::size_t> find_parameter(const Model& model, std::string_view id) {
    return by_id_or_name(model.parameters, id);
}

std::optional<std::size_t> find_observable(const Model& model, std::string_view id) {
    return by_id_or_name(model.observables, id);
}

// Settables have no names of their own: those of the observables serve.
std::optional<std::size_t> find_settable(const Model& model, std::string_view id) {
    if (const auto found = by_id(model.settables, id)) return found;
    const auto observable = find_observable(model, id);
    return observable ? by_id(model.settables, model.observables[*observable].id) : std::nullopt;
}

}  // namespace abscopal
