// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "base/digest.hpp"
#include "model/compile_parts.hpp"
namespace abscopal {
std::string digest_of(Network& network, const InitialNodes&, const std::vector<EventNodes>&) {
    return sha256(network.spec().id);
}
}  // namespace abscopal
