// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "abscopal/result.hpp"
#include "trial/protocol.hpp"

namespace abscopal {

/// What a lesion of the trial is in a patient, whoever reads it.
struct LesionKind {
    std::string organ;
    bool is_nodal = false;
};
std::vector<LesionKind> lesion_kinds(const Protocol& protocol, const std::vector<double>& row,
                                     const Simulation& simulation);

/// A planned visit as it comes about: its day, and whether it is missed.
struct Appointment {
    double planned = 0.0, day = 0.0;
    bool is_missed = false;
};
std::vector<Appointment> appointments(const Trial& trial, std::size_t candidate);

/// One reader of one patient: reads diameters with error, and judges visit after visit.
class Radiologist {
  public:
    Radiologist(const Trial& trial, std::vector<LesionKind> kinds, std::size_t candidate, Reader reader);

    /// Chooses targets from what is seen; `truth` by lesion, mm.
    void baseline(std::span<const double> truth);
    /// Reads visit `i_visit` (0 the first after baseline).
    Read visit(std::size_t i_visit, double day, std::span<const double> truth);

    const std::vector<LesionAtBaseline>& lesions() const { return lesions_; }
    double baseline_sum() const;
    const std::vector<TimePoint>& points() const { return points_; }
    std::size_t n_new() const { return n_new_; }

  private:
    double read(std::size_t lesion, double truth, std::size_t step) const;
    bool is_gone(std::size_t lesion, double diameter) const;
    bool has_role(std::size_t lesion, LesionRole role) const { return lesions_[lesion].role == role; }
    std::vector<LesionRead> targets(const std::vector<double>& diameters) const;
    void find_new(const std::vector<double>& diameters);
    bool is_followed(std::size_t lesion, double diameter) const;
    NonTarget non_target(const std::vector<double>& diameters) const;
    bool has_grown_unequivocally(const std::vector<double>& diameters) const;
    NewLesions new_lesions(const std::vector<double>& diameters) const;
    double sum_of(const std::vector<double>& diameters, LesionRole role) const;
    double sum_of_other_new(const std::vector<double>& diameters) const;
    Immune judge_immune(const TimePoint& point, const std::vector<double>& diameters);

    const Trial& trial_;
    std::vector<LesionKind> kinds_;
    std::size_t candidate_;
    Reader reader_;
    std::vector<LesionAtBaseline> lesions_;
    bool has_targets_ = false;
    std::vector<char> is_new_, is_new_target_;
    std::size_t n_new_ = 0;
    std::vector<double> least_non_target_;  ///< diameters at the least sum so far
    double nadir_ = 0.0;
    Assessment baseline_;
    std::vector<Assessment> visits_;
    std::vector<TimePoint> points_;
    bool has_progressed_ = false;
    std::optional<std::vector<double>> suspected_;  ///< diameters when progression was first suspected
};

}  // namespace abscopal
