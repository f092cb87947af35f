// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/model_names.hpp"

namespace abscopal {
namespace {

template <class Infos>
std::vector<std::string> names_of(const Infos& infos) {
    std::vector<std::string> names;
    for (const auto& info : infos) {
        names.push_back(info.id);
        if (!info.name.empty() && info.name != info.id) names.push_back(info.name);
    }
    return names;
}

}  // namespace

std::vector<std::string> state_names(const Model& model) {
    return names_of(model.states);
}
std::vector<std::string> parameter_names(const Model& model) {
    return names_of(model.parameters);
}
std::vector<std::string> observable_names(const Model& model) {
    return names_of(model.observables);
}

std::vector<std::string> settable_names(const Model& model) {
    std::vector<std::string> names;
    for (const auto& settable : model.settables) names.push_back(settable.id);
    return names;
}

}  // namespace abscopal
