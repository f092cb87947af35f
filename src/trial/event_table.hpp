// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/state.hpp"

/// NONMEM-style event tables (ID, TIME, EVID, AMT, CMT, RATE, II, ADDL, SS, TINF/DUR, MDV, DV), as mrgsolve
/// and rxode2 read them.
///
/// At one time things happen in this order: covariates, reset, dose, other, observation; then in the order of
/// the file. Doses that ADDL adds count as doses of their row.
namespace abscopal {

/// What a time-varying column holds between its rows: the last value (locf) or the next one (nocb). Before
/// the first row it holds the first value, from the start.
enum class CovariateCarry { locf, nocb };

struct EventTableOptions {
    CovariateCarry carry = CovariateCarry::locf;
    /// 0: the order above. mrgsolve's recsort otherwise: rows of the file keep their order at one time, and
    /// doses that ADDL adds come before (1, 3) or after (2, 4) observations.
    int recsort = 0;
    /// Parameters changed by the caller, in the model's units: seen by RATE −1 and −2, bioavailability and
    /// lag.
    std::vector<std::pair<std::string, double>> settings;
};

struct ObservationTime {
    double time = 0.0;
    /// When to look: `time`, or a representable number or two later where actions at `time` come first.
    /// Actions that follow an observation at one time are moved on like this.
    double look_at = 0.0;
    std::size_t row = 0;  ///< of the table, from 0
};

struct EventSubject {
    long long id = 0;
    std::vector<std::pair<std::string, double>>
        initial;                  ///< first values of the covariates: to be set before the start
    std::vector<Action> actions;  ///< sorted
    std::vector<ObservationTime> observations;  ///< sorted
};

struct EventTable {
    std::vector<EventSubject> subjects;   ///< in the order of the file
    std::vector<std::string> covariates;  ///< ids of the parameters that vary
    std::vector<std::string> carried;     ///< columns that are neither known nor parameters, and MDV and DV
};

/// Times and amounts are in the model's units; amounts as the target carries them. A model parameter F_<id>
/// scales doses into state <id>, ALAG_<id> delays them; RATE −1 takes the rate from R_<id>, −2 the duration
/// from D_<id>. Throws InputError with every fault, naming file, row, column and ID; FileError.
EventTable read_event_table(const std::string& path, const Model& model,
                            const EventTableOptions& options = {});
EventTable parse_event_table(const std::string& text, const std::string& file, const Model& model,
                             const EventTableOptions& options = {});

/// The subject with this ID, or the only one where none is asked for. Throws InputError, naming the IDs there
/// are.
const EventSubject& subject_of(const EventTable& table, std::optional<long long> id, const std::string& file);

/// Checks a table without a model, as far as that goes: any CMT and any other column is accepted. The number
/// of rows.
std::size_t check_event_table(const std::string& path);

}  // namespace abscopal
