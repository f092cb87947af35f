// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <limits>
#include <string>
#include <vector>

#include "abscopal/result.hpp"
#include "trial/protocol.hpp"

namespace abscopal {

/// The doses a patient is still to be given, which treatment rules stop, hold, delay, reduce and add to. Days
/// count from her start of treatment. Rules name drugs; no names mean all. Doses of event tables are given as
/// they are written.
class DosePlan {
  public:
    DosePlan(const Protocol& protocol, double weight_kg, double area_m2, double start_model_time);

    /// Adds the doses of rows, `from` days later.
    void add(const std::vector<DoseRow>& rows, double from, bool is_planned);
    void add_events(const std::vector<Action>& events, double from);

    /// Drops what is left. `only_while_on_treatment`: of rows that end at progression.
    void stop(const std::vector<std::string>& drugs, double day, bool only_while_on_treatment = false);
    void reduce(const std::vector<std::string>& drugs, double factor);
    /// All doses left of the drug of the next one move by some days, or the next one is dropped.
    void delay(std::size_t next, double days);
    void skip(std::size_t next);

    /// Doses from `day` to `until` (without) as solver actions, noted as given.
    std::vector<Action> give(double day, double until, std::vector<GivenDose>& given);

    bool is_empty() const { return doses_.empty(); }
    /// Day of the next dose after `day`; infinity: none.
    double next_after(double day) const;
    /// The next dose due by `day` of a drug that matches, from place `from` on; size(): none.
    std::size_t due(const std::vector<std::string>& drugs, double day, std::size_t from) const;
    std::size_t size() const { return doses_.size(); }

  private:
    struct Dose {
        double day = 0.0, planned = 0.0;
        double factor = 1.0;
        std::size_t row = 0;  ///< in rows_
    };
    struct Row {
        DoseRow row;
        Action action;  ///< of its first dose
    };
    bool is_of(const Dose& dose, const std::vector<std::string>& drugs) const;
    double model_time(double day) const { return start_ + day * protocol_.per_day; }
    void sort();

    const Protocol& protocol_;
    double weight_, area_, start_;
    std::vector<Row> rows_;
    std::vector<Dose> doses_;     ///< by day
    std::vector<Action> events_;  ///< by time
};

}  // namespace abscopal
