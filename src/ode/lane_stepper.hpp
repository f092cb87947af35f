// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>

#include "ode/lane_group.hpp"
#include "ode/stepper.hpp"

namespace abscopal {

/// One lane of a group as a Stepper: a Rosenbrock method with its own step size, error test and tolerances.
/// Each trial step is asked of the group; `wait` returns when the group has taken it.
class LaneStepper : public Stepper {
  public:
    LaneStepper(Workbench& bench, const Numerics& numerics, LaneGroup& group, int lane,
                std::function<void()> wait);
    ~LaneStepper() override { group_.carry(lane_, nullptr); }
    LaneStepper(const LaneStepper&) = delete;
    LaneStepper& operator=(const LaneStepper&) = delete;

    void forget() override;
    void begin(const Stretch& stretch, const std::vector<double>& y,
               const std::vector<double>& input) override;
    Status step() override;
    double time() const override { return end_; }
    double step_begin() const override { return begin_; }
    double last_step() const override { return end_ - begin_; }
    void interpolate(double time, std::vector<double>& y) const override;
    void look_at(double time, std::vector<double>& y) override;
    void interpolate_some(double time, std::span<const std::size_t> states,
                          std::vector<double>& values) const override;
    const std::vector<double>& solution() const override;
    std::size_t worst() const override { return worst_; }
    std::int64_t rhs_calls() const override { return rhs_calls_; }
    std::int64_t rejected() const override { return rejected_; }

  private:
    void load(std::uint32_t first_row, const std::vector<double>& column);
    void find_moving(const std::vector<double>& y, const std::vector<double>& input);
    void set_tolerances(const std::vector<double>& y, const std::vector<double>& input);
    double weight(std::size_t i, double size) const;
    double first_step(const std::vector<double>& y) const;
    double try_step(double step);
    bool outgrows(double step);
    void find_worst();
    bool correct(double time, std::vector<double>& y);
    void fetch(std::size_t state) const;
    double at_time(double time, const LaneGroup::Dense& dense) const;
    std::uint32_t row(std::uint32_t first, std::size_t i) const {
        return first + static_cast<std::uint32_t>(i);
    }

    Workbench& bench_;
    const Numerics& numerics_;
    LaneGroup& group_;
    const int lane_;
    const std::function<void()> wait_;

    Stretch stretch_;
    const StateMarks* moving_ = nullptr;  ///< states that may leave zero in this stretch
    StateMarks seed_;
    std::vector<double> rates_;       ///< where a stretch begins
    double begin_ = 0.0, end_ = 0.0;  ///< of the last accepted step
    double next_ = 0.0;               ///< step to try next
    bool accepted_ = false;           ///< y_new is the solution, y still where the step began
    std::vector<double> largest_;     ///< |y| of this patient when a stretch began
    std::vector<double> guess_;       ///< what states that have been zero so far may rise to
    /// Polynomials of the last step, made when first looked at.
    mutable std::vector<LaneGroup::Dense> dense_;
    mutable std::vector<std::int64_t> fetched_;  ///< step for which each was made
    std::int64_t n_steps_ = 0;
    mutable std::vector<double> solution_;
    std::vector<double> defect_, slow_;  ///< of the polynomial, then what it is off by; its slow share
    std::size_t worst_ = 0;
    std::int64_t rhs_calls_ = 0, rejected_ = 0;
};

}  // namespace abscopal
