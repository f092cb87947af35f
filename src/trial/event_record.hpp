// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "abscopal/model.hpp"
#include "base/csv.hpp"

/// The rows of an event table, each checked on its own and against the row above.
namespace abscopal {

struct EventRecord {
    std::size_t row = 0;  ///< of the table, from 0
    long long id = 0;
    double time = 0.0;
    int evid = 0;
    double amount = 0.0;
    std::size_t state = 0;  ///< index in Model::states, where the record is about one
    double rate = 0.0;
    double infusion = 0.0;  ///< TINF or DUR
    double interval = 0.0;
    int additional = 0;
    std::vector<std::optional<double>> covariates;  ///< in the order of EventRecords::covariates

    bool is_dose() const { return evid == 1 || evid == 4; }
    bool is_reset() const { return evid == 3 || evid == 4; }
    bool has_target() const { return is_dose() || evid == 5 || evid == 6 || evid == 8; }
};

struct EventRecords {
    std::vector<EventRecord> records;
    std::vector<std::size_t> covariates;  ///< index in Model::parameters
    std::vector<std::string> carried;     ///< columns that are not used
};

/// Adds a fault for everything conventions forbid; faulty rows are left out. With a model that has no states
/// any CMT is taken.
EventRecords read_event_records(const CsvTable& table, const Model& model, FaultList& faults);

}  // namespace abscopal
