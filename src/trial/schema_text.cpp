// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/trial.hpp"

namespace abscopal {
namespace embedded {
// Texts of schema/*.json, put in by the build.
extern const std::string_view schema_trial, schema_events, schema_result, schema_calibration;
}  // namespace embedded

std::string_view schema_text(std::string_view format) {
    if (format == "trial") return embedded::schema_trial;
    if (format == "events") return embedded::schema_events;
    if (format == "result") return embedded::schema_result;
    if (format == "calibration") return embedded::schema_calibration;
    return {};
}

}  // namespace abscopal
