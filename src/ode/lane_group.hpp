// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <cstdlib>
#include <memory>

#include "lanes/kernels.hpp"
#include "ode/lane_variant.hpp"
#include "ode/rosenbrock.hpp"

namespace abscopal {

/// One trial step of a Rosenbrock method for all lanes of a group at once, each with its own time and step
/// size; no Newton iteration. A lane's numbers do not depend on the others.
class LaneGroup {
  public:
    static constexpr int size = lanes::group_lanes;

    /// Where a variant has no machine code, the interpreter runs its programs, with the same bits.
    LaneGroup(LaneVariants& variants, const Rosenbrock& method);

    /// What a lane asks of the next step.
    struct Request {
        double time = 0.0, step = 1.0;
        double earliest = 0.0, latest = 0.0;  ///< rates are evaluated at times within
        double relative = 1e-6;               ///< tolerance
        bool accepts = false;                 ///< the last step counts: first move on to its end
        double tracking = 0.0;  ///< absolute tolerances follow this share of the largest value of each state
    };
    void ask(int lane, const Request& request);
    /// The states that a lane's patient has; none once nobody is there. Others are zero and stay zero.
    void carry(int lane, const StateMarks* moving);

    /// Steps every lane from its row `y` to `y_new`.
    void step();

    /// Error of a lane's trial step, in units of its tolerances (root mean square over states).
    double error(int lane) const { return error_[static_cast<std::size_t>(lane)]; }

    /// Whether a pivot of the matrix I/(hγ) − J of a lane's trial step tells of a growth λ with hλ above
    /// `most_growth`, which the method does not follow. Never with a mass matrix.
    bool may_outgrow(int lane) const { return outgrown_[static_cast<std::size_t>(lane)] != 0.0; }
    /// hλ by the pivot of a state; infinite beyond the pole of the method.
    double growth_of(std::size_t state, int lane);
    static constexpr double most_growth = 2.0;

    double& at(std::uint32_t row, int lane) {
        return workspace_[std::size_t{row} * size + static_cast<std::size_t>(lane)];
    }

    /// One state of a lane within the step last tried, as a polynomial of the share `theta` in [0, 1] of the
    /// step.
    struct Dense {
        double begin, end;
        std::array<double, 3> bend;
        double at(double theta) const;
        double slope(double theta) const;  ///< by theta
    };
    Dense dense(std::size_t state, int lane);

    /// Solves with the factors of the step last tried, in one lane.
    void solve(int lane, std::vector<double>& vector);

    const LaneModel& model() const { return model_; }
    LaneVariants& variants() { return variants_; }
    const Rosenbrock& method() const { return method_; }
    /// What the first stage adds to a state, in a lane's trial step.
    double first_stage_of(std::size_t state, int lane) {
        return stage(0)[state * size + static_cast<std::size_t>(lane)];
    }
    /// Share of a state in the error of a lane's trial step, in the state's unit.
    double error_of(std::size_t state, int lane) const {
        return error_rows()[state * size + static_cast<std::size_t>(lane)];
    }

  private:
    double* row(std::uint32_t index) { return workspace_.get() + std::size_t{index} * size; }
    double* stage(int k) {
        return row(model_.stages + static_cast<std::uint32_t>(k) * static_cast<std::uint32_t>(model_.n));
    }
    const double* error_rows() const {
        return workspace_.get() +
               (model_.stages + static_cast<std::size_t>(method_.n_stages - 1) * model_.n) * size;
    }
    enum Part : std::size_t { linearise_part, stage_part };
    void run(Part part, double* results);
    void choose_variant();
    lanes::Kernels::Rows rows() const { return {variant_->rows.data(), variant_->rows.size()}; }
    void set_time(double share);
    void find_outgrown();
    void place_stage(int k);
    void evaluate_stage(int k);

    LaneVariants& variants_;
    const LaneModel& model_;
    const Rosenbrock& method_;
    const lanes::Kernels& kernels_;
    const LaneVariant* variant_;  ///< that serves all lanes
    std::array<const StateMarks*, size> carried_{};
    bool carries_others_ = false;  ///< than when the variant was chosen
    int n_steps_ = 0;              ///< since the variant was chosen
    int patience_ = 0;             ///< steps until a leaner variant is looked for
    /// Rows begin at cache lines, so that no vector load touches two.
    struct Free {
        void operator()(double* memory) const { std::free(memory); }
    };
    std::unique_ptr<double[], Free> workspace_;
    std::array<double, size> time_{}, step_{}, earliest_{}, latest_{}, relative_{}, accepts_{}, tracking_{},
        error_{}, outgrown_{};
};

}  // namespace abscopal
