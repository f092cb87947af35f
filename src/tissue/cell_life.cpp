// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "base/text.hpp"
#include "tissue/cycles.hpp"
#include "tissue/layout.hpp"
#include "tissue/settings.hpp"

/// <cycle>, <death>, <volume> of a cell definition.
namespace abscopal::tissue {
namespace {

double& behaviour(CellType& type, int index) {
    return type.behaviours[static_cast<std::size_t>(index)];
}

/// The child's rate, or what is there already; says so where a type without a parent leaves it out.
double rate_or_warn(const Element& element, const std::string& name, double now, bool warn_missing) {
    const Element inner = element.child(name);
    if (inner) return inner.non_negative();
    if (element && warn_missing)
        element.warn("missing-element",
                     "<" + element.name() + "> has no <" + name + ">; " + to_text(now) + " is taken");
    return now;
}

std::optional<CycleModel> named_cycle(const Element& cycle) {
    const std::string code = cycle.attribute("code"), name = cycle.attribute("name");
    const auto number = to_integer(code);
    if (const auto model = number ? cycle_of_code(*number) : cycle_of_name(name)) {
        if (number && (*number == 3 || *number == 4))
            cycle.warn("older-cycle", "cycle code " + code + " is read as 5 (live)");
        if (!number) cycle.warn("missing-code", "<cycle> has no code; it is told by its name '" + name + "'");
        return model;
    }
    cycle.fault("unknown-cycle", "<cycle> has the code '" + code + "', expected 0, 1, 2, 5, 6 or 7");
    return std::nullopt;
}

/// A change of model brings that model's rates; the same model keeps the parent's.
void set_cycle(CycleModel model, const BehaviourLayout& at, CellType& type) {
    const auto& shape = shape_of(model);
    const bool same = model == type.cycle;
    type.cycle = model;
    type.phase_fixed.assign(static_cast<std::size_t>(shape.n_phases), false);
    for (int k = 0; k < BehaviourLayout::phases; ++k) {
        const bool there = k < shape.n_phases;
        if (there)
            type.phase_fixed[static_cast<std::size_t>(k)] = shape.phases()[static_cast<std::size_t>(k)].fixed;
        if (!same)
            behaviour(type, at.phase_exit(k)) = there ? shape.phases()[static_cast<std::size_t>(k)].rate : 0;
    }
}

std::optional<int> phase_index(const Element& element, const std::string& attribute, int n_phases) {
    const auto index = to_integer(element.attribute(attribute));
    if (index && *index >= 0 && *index < n_phases) return static_cast<int>(*index);
    element.fault("unknown-phase", "<" + element.name() + "> has " + attribute + " '" +
                                       element.attribute(attribute) + "', expected 0 to " +
                                       std::to_string(n_phases - 1));
    return std::nullopt;
}

/// Calls `set(phase, rate, fixed)` for each phase a <phase_durations> or <phase_transition_rates> (older:
/// <transition_rates>) gives.
template <class Set>
void read_phases(const Element& model, int n_phases, int n_states, Set set) {
    const Element older = model.child("transition_rates");
    if (older)
        older.warn("older-element", "<transition_rates> is an older spelling of <phase_transition_rates>");
    const Element newer = model.child("phase_transition_rates");
    for (const auto& rate : (newer ? newer : older).children("rate")) {
        const auto start = phase_index(rate, "start_index", n_phases),
                   end = phase_index(rate, "end_index", n_states);
        if (!start || !end) continue;
        if (*end != (*start + 1) % n_states)
            rate.fault("unknown-transition", "phase " + std::to_string(*start) + " leads to phase " +
                                                 std::to_string((*start + 1) % n_states) + " only");
        set(*start, rate.non_negative(), rate.flag("fixed_duration", false));
    }
    for (const auto& duration : model.child("phase_durations").children("duration")) {
        const auto phase = phase_index(duration, "index", n_phases);
        if (phase) set(*phase, 1 / (duration.non_negative() + 1e-16), duration.flag("fixed_duration", false));
    }
}

void read_asymmetry(const Element& cycle, const Project& project, CellType& type) {
    const Element division = cycle.child("standard_asymmetric_division");
    const BehaviourLayout at(project.dictionary);
    const bool enabled = division.flag("enabled", false);
    double total = 0;
    for (const auto& probability : division.children("asymmetric_division_probability")) {
        const int target = probability.index_of("name", type_names(project), "cell type");
        const double value = probability.non_negative();
        if (!enabled || target < 0) continue;
        behaviour(type, at.asymmetric(target)) = value;
        total += value;
    }
    if (!enabled) return;
    type.asymmetric = true;
    const auto self = std::find_if(project.types.begin(), project.types.end(),
                                   [&](const auto& other) { return other.name == type.name; });
    const double own = behaviour(type, at.asymmetric(static_cast<int>(self - project.types.begin())));
    if (own + 1 - total < 0)
        division.fault("bad-probability", "the probabilities of '" + type.name +
                                              "' to become other types sum to " + to_text(total - own) +
                                              ", more than 1");
}

void read_cycle(const Element& phenotype, const Project& project, CellType& type) {
    const Element cycle = phenotype.child("cycle");
    if (!cycle) return;
    const BehaviourLayout at(project.dictionary);
    const auto model = named_cycle(cycle);
    if (!model) return;
    set_cycle(*model, at, type);
    const int n = shape_of(*model).n_phases;
    read_phases(cycle, n, n, [&](int phase, double rate, bool fixed) {
        behaviour(type, at.phase_exit(phase)) = rate;
        type.phase_fixed[static_cast<std::size_t>(phase)] = fixed;
    });
    read_asymmetry(cycle, project, type);
}

/// 0 apoptosis, 1 necrosis, -1 neither.
int death_kind(const Element& model) {
    const std::string code = model.attribute("code"), name = lower_case(model.attribute("name"));
    if (code == "100" || (code.empty() && name == "apoptosis")) return 0;
    if (code == "101" || (code.empty() && name == "necrosis")) return 1;
    model.fault("unknown-death",
                "<model> has the code '" + code + "', expected 100 (apoptosis) or 101 (necrosis)");
    return -1;
}

void read_death_rates(const Element& parameters, bool warn_missing, DeathModel& death) {
    const auto read = [&](const char* name, double& value) {
        value = rate_or_warn(parameters, name, value, warn_missing);
    };
    read("unlysed_fluid_change_rate", death.unlysed_fluid_rate);
    read("lysed_fluid_change_rate", death.lysed_fluid_rate);
    read("cytoplasmic_biomass_change_rate", death.cytoplasmic_rate);
    read("nuclear_biomass_change_rate", death.nuclear_rate);
    read("calcification_rate", death.calcification_rate);
    read("relative_rupture_volume", death.rupture);
}

double death_rate(const Element& model, double now, bool warn_missing) {
    const Element older = model.child("rate");
    if (older) {
        older.warn("older-element", "<rate> is an older spelling of <death_rate>");
        return older.non_negative();
    }
    return rate_or_warn(model, "death_rate", now, warn_missing);
}

void read_death(const Element& model, bool warn_missing, const BehaviourLayout& at, CellType& type,
                std::array<DeathModel, 2>& shared) {
    const int kind = death_kind(model);
    if (kind < 0) return;
    DeathModel& death = type.deaths[static_cast<std::size_t>(kind)];
    double& rate = behaviour(type, kind == 0 ? at.apoptosis() : at.necrosis());
    rate = death_rate(model, rate, warn_missing);
    read_death_rates(model.child("parameters"), warn_missing, death);
    read_phases(model, kind + 1, kind + 2, [&](int phase, double value, bool fixed) {
        for (DeathModel* target : {&death, &shared[static_cast<std::size_t>(kind)]}) {
            target->exit_rate[static_cast<std::size_t>(phase)] = value;
            target->fixed[static_cast<std::size_t>(phase)] = fixed;
        }
    });
}

void read_volumes(const Element& phenotype, bool warn_missing, CellType& type) {
    const Element volume = phenotype.child("volume");
    const auto read = [&](const char* name, double& value) {
        value = rate_or_warn(volume, name, value, warn_missing);
    };
    Volumes& v = type.volumes;
    read("total", v.total);
    read("fluid_fraction", v.fluid_fraction);
    read("nuclear", v.nuclear);
    read("fluid_change_rate", v.fluid_rate);
    read("cytoplasmic_biomass_change_rate", v.cytoplasmic_rate);
    read("nuclear_biomass_change_rate", v.nuclear_rate);
    read("calcified_fraction", v.calcified_fraction);
    read("calcification_rate", v.calcification_rate);
    read("relative_rupture_volume", v.rupture);
    if (volume && v.total <= 0) volume.fault("bad-volume", "<total> volume must be above 0");
    if (volume && (v.fluid_fraction > 1 || v.nuclear > v.total))
        volume.fault("bad-volume", "<fluid_fraction> is above 1 or <nuclear> above <total>");
}

}  // namespace

void read_cell_life(const Element& phenotype, bool warn_missing, Project& project, CellType& type,
                    std::array<DeathModel, 2>& shared) {
    read_cycle(phenotype, project, type);
    const BehaviourLayout at(project.dictionary);
    const Element death = phenotype.child("death");
    for (const auto& model : death.children("model")) read_death(model, warn_missing, at, type, shared);
    read_volumes(phenotype, warn_missing, type);
    if (!warn_missing || !phenotype) return;
    for (const char* part : {"cycle", "death", "volume", "mechanics", "motility"}) phenotype.expected(part);
}

}  // namespace abscopal::tissue
