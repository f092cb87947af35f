// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.hpp"
#include "tissue/layout.hpp"
#include "tissue/settings.hpp"

/// <mechanics>, <motility>, <secretion>, <cell_interactions>, <cell_transformations>, <cell_integrity>.
namespace abscopal::tissue {
namespace {

/// Reads into one type, by behaviour index.
class ActReader {
  public:
    ActReader(bool warn_missing, Project& project, CellType& type)
        : at(project.dictionary),
          project_(project),
          type_(type),
          warn_missing_(warn_missing),
          types_(type_names(project)),
          substrates_(substrate_names(project)) {}

    double& value(int index) { return type_.behaviours[static_cast<std::size_t>(index)]; }

    void rate(const Element& element, const std::string& name, int index) {
        const Element inner = element.child(name);
        if (inner) value(index) = inner.non_negative();
        if (!inner && element && warn_missing_) {
            element.warn("missing-element", "<" + element.name() + "> has no <" + name + ">; " +
                                                to_text(value(index)) + " is taken");
        }
    }

    void optional_rate(const Element& element, const std::string& name, int index) {
        value(index) = element.rate(name, value(index));
    }

    /// A list of values by cell type; a name that is no type is warned about and left out, as in PhysiCell.
    void by_type(const Element& list, const std::string& item, int first) {
        for (const auto& entry : list.children(item)) {
            const std::string name = entry.attribute("name");
            const auto found = std::find(types_.begin(), types_.end(), name);
            const double number = entry.non_negative();
            if (found != types_.end()) {
                value(first + static_cast<int>(found - types_.begin())) = number;
            } else {
                entry.warn("unknown-name", "<" + item + "> names the unknown cell type '" + name +
                                               "' and is left out" + did_you_mean(name, types_));
            }
        }
    }

    const std::vector<std::string>& substrates() const { return substrates_; }
    const std::vector<std::string>& types() const { return types_; }
    CellType& type() { return type_; }
    const Project& project() const { return project_; }

    const BehaviourLayout at;

  private:
    Project& project_;
    CellType& type_;
    bool warn_missing_;
    std::vector<std::string> types_, substrates_;
};

double radius_of(double volume) {
    return std::cbrt(volume / (4.0 / 3.0 * std::numbers::pi));
}

/// The adhesion at which two cells rest `e` radii apart: repulsion and adhesion balance there.
void set_equilibrium(const Element& option, double e, ActReader& r) {
    if (e > 2) option.warn("equilibrium-too-far", "an equilibrium distance above two radii is taken as two");
    e = std::min(e, 2.0);
    const double ratio = (1 - e / 2) / (1 - e / (2 * r.value(r.at.reach())));
    r.value(r.at.adhesion()) = r.value(r.at.repulsion()) * ratio * ratio;
}

void read_mechanics(const Element& mechanics, ActReader& r) {
    r.rate(mechanics, "cell_cell_adhesion_strength", r.at.adhesion());
    r.rate(mechanics, "cell_cell_repulsion_strength", r.at.repulsion());
    r.optional_rate(mechanics, "cell_BM_adhesion_strength", r.at.membrane_adhesion());
    r.optional_rate(mechanics, "cell_BM_repulsion_strength", r.at.membrane_repulsion());
    r.rate(mechanics, "relative_maximum_adhesion_distance", r.at.reach());
    r.by_type(mechanics.child("cell_adhesion_affinities"), "cell_adhesion_affinity", r.at.affinity());
    const Element options = mechanics.child("options");
    if (const Element e = options.child("set_relative_equilibrium_distance"); e.flag("enabled", false))
        set_equilibrium(e, e.non_negative(), r);
    if (const Element e = options.child("set_absolute_equilibrium_distance"); e.flag("enabled", false)) {
        set_equilibrium(e, e.non_negative() / radius_of(r.type().volumes.total), r);
    }
    r.optional_rate(mechanics, "attachment_elastic_constant", r.at.elasticity());
    r.optional_rate(mechanics, "attachment_rate", r.at.attachment());
    r.optional_rate(mechanics, "detachment_rate", r.at.detachment());
    r.optional_rate(mechanics, "maximum_number_of_attachments", r.at.max_attachments());
}

void read_simple_taxis(const Element& taxis, ActReader& r) {
    const bool enabled = taxis.truth("enabled", false);
    if (enabled) r.type().taxis = Taxis::one_gradient;
    const Element substrate = taxis.child("substrate");
    const bool says_nothing = !enabled && substrate.text().empty();
    if (substrate && !says_nothing)
        r.type().taxis_substrate = std::max(0, substrate.index_of_text(r.substrates(), "substrate"));
    if (enabled && !substrate)
        taxis.fault("missing-element", "<chemotaxis> is enabled and has no <substrate>");
    const double direction = taxis.optional_number("direction", 1);
    r.type().taxis_direction = static_cast<int>(std::clamp(direction, -1e6, 1e6));
}

void read_weighted_taxis(const Element& taxis, ActReader& r) {
    const bool unit = taxis.truth("normalize_each_gradient", false);
    if (taxis.truth("enabled", false)) {
        if (r.type().taxis == Taxis::one_gradient)
            taxis.warn("two-chemotaxes", "both chemotaxis forms are enabled; <advanced_chemotaxis> is taken");
        r.type().taxis = unit ? Taxis::weighted_unit : Taxis::weighted;
    }
    for (const auto& entry : taxis.child("chemotactic_sensitivities").children("chemotactic_sensitivity")) {
        const std::string name = entry.attribute("substrate");
        const auto found = std::find(r.substrates().begin(), r.substrates().end(), name);
        const double number = entry.value();
        if (found != r.substrates().end()) {
            r.value(r.at.sensitivity(static_cast<int>(found - r.substrates().begin()))) = number;
        } else {
            entry.warn("unknown-name", "<chemotactic_sensitivity> names the unknown substrate '" + name +
                                           "' and is left out" + did_you_mean(name, r.substrates()));
        }
    }
}

void read_motility(const Element& motility, ActReader& r) {
    r.rate(motility, "speed", r.at.speed());
    r.rate(motility, "persistence_time", r.at.persistence());
    r.rate(motility, "migration_bias", r.at.bias());
    const Element options = motility.child("options");
    r.type().motile = options.truth("enabled", r.type().motile);
    r.type().motility_flat = options.truth("use_2D", r.type().motility_flat) || r.project().grid.flat;
    if (const Element taxis = options.child("chemotaxis")) read_simple_taxis(taxis, r);
    if (const Element taxis = options.child("advanced_chemotaxis")) read_weighted_taxis(taxis, r);
}

void read_secretion(const Element& secretion, ActReader& r) {
    for (const auto& substrate : secretion.children("substrate")) {
        const int k = substrate.index_of("name", r.substrates(), "substrate");
        if (k < 0) continue;
        r.rate(substrate, "secretion_rate", r.at.secretion(k));
        r.optional_rate(substrate, "secretion_target", r.at.target(k));
        r.rate(substrate, "uptake_rate", r.at.uptake(k));
        r.value(r.at.net_export(k)) =
            substrate.optional_number("net_export_rate", r.value(r.at.net_export(k)));
    }
}

/// Before 1.14 the damage of an attack was called <damage_rate>.
void read_attack(const Element& acts, ActReader& r) {
    const Element newer = acts.child("attack_damage_rate"), older = acts.child("damage_rate"),
                  duration = acts.child("attack_duration");
    if (older && !newer) {
        older.warn("older-element",
                   r.project().compat ? "<damage_rate> is not read by PhysiCell 1.14.2: attacks do no damage"
                                      : "<damage_rate> is an older spelling of <attack_damage_rate>");
    }
    if (r.project().compat) {
        r.value(r.at.attack_damage()) = newer ? newer.non_negative() : 0;
        r.value(r.at.attack_duration()) = duration ? duration.non_negative() : 0;
        return;
    }
    const Element& taken = newer ? newer : older;
    if (taken) r.value(r.at.attack_damage()) = taken.non_negative();
    if (!taken) r.rate(acts, "attack_damage_rate", r.at.attack_damage());
    r.rate(acts, "attack_duration", r.at.attack_duration());
}

void read_interactions(const Element& acts, ActReader& r) {
    if (!acts) return;
    const double dead = acts.rate("dead_phagocytosis_rate", 0);
    r.value(r.at.eat_apoptotic()) = acts.rate("apoptotic_phagocytosis_rate", dead);
    r.value(r.at.eat_necrotic()) = acts.rate("necrotic_phagocytosis_rate", dead);
    r.value(r.at.eat_other_dead()) = acts.rate("other_dead_phagocytosis_rate", dead);
    r.by_type(acts.child("live_phagocytosis_rates"), "phagocytosis_rate", r.at.eat());
    r.by_type(acts.child("attack_rates"), "attack_rate", r.at.attack());
    r.by_type(acts.child("fusion_rates"), "fusion_rate", r.at.fuse());
    read_attack(acts, r);
}

void read_transformations(const Element& list, ActReader& r) {
    r.by_type(list.child("transformation_rates"), "transformation_rate", r.at.transform());
    for (std::size_t k = 0; k < r.types().size(); ++k) {
        if (r.types()[k] != r.type().name || r.value(r.at.transform(static_cast<int>(k))) <= 1e-16) continue;
        list.warn("transforms-to-itself",
                  "'" + r.type().name + "' would turn into itself; that rate is left out");
        r.value(r.at.transform(static_cast<int>(k))) = 0;
    }
}

}  // namespace

void read_cell_acts(const Element& phenotype, bool warn_missing, Project& project, CellType& type) {
    ActReader r(warn_missing, project, type);
    read_mechanics(phenotype.child("mechanics"), r);
    read_motility(phenotype.child("motility"), r);
    read_secretion(phenotype.child("secretion"), r);
    read_interactions(phenotype.child("cell_interactions"), r);
    read_transformations(phenotype.child("cell_transformations"), r);
    const Element integrity = phenotype.child("cell_integrity");
    r.optional_rate(integrity, "damage_rate", r.at.damage_rate());
    r.optional_rate(integrity, "damage_repair_rate", r.at.repair_rate());
}

}  // namespace abscopal::tissue
