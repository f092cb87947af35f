// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "abscopal/tissue.hpp"

/// Where each signal and behaviour stands: PhysiCell's order for m substrates, n cell types, c custom
/// scalars.
namespace abscopal::tissue {

struct SignalLayout {
    int m, n, c;
    explicit SignalLayout(const Dictionary& d) : m(d.substrates), n(d.types), c(d.customs) {}
    int density(int k = 0) const { return k; }
    int internal(int k = 0) const { return m + k; }
    int gradient(int k = 0) const { return 2 * m + k; }
    int pressure() const { return 3 * m; }
    int volume() const { return 3 * m + 1; }
    int contact(int type = 0) const { return 3 * m + 2 + type; }
    int contact_live() const { return contact(n); }
    int contact_dead() const { return contact(n) + 1; }
    int contact_apoptotic() const { return contact(n) + 2; }
    int contact_necrotic() const { return contact(n) + 3; }
    int contact_other_dead() const { return contact(n) + 4; }
    int contact_membrane() const { return contact(n) + 5; }
    int damage() const { return contact(n) + 6; }
    int damage_delivered() const { return contact(n) + 7; }
    int attacking() const { return contact(n) + 8; }
    int dead() const { return contact(n) + 9; }
    int attack_time() const { return contact(n) + 10; }
    int time() const { return contact(n) + 11; }
    int custom(int k = 0) const { return contact(n) + 12 + k; }
    int apoptotic() const { return custom(c); }
    int necrotic() const { return custom(c) + 1; }
    int count() const { return custom(c) + 2; }
};

struct BehaviourLayout {
    static constexpr int phases = 6;
    int m, n, c;
    explicit BehaviourLayout(const Dictionary& d) : m(d.substrates), n(d.types), c(d.customs) {}
    int secretion(int k = 0) const { return k; }
    int target(int k = 0) const { return m + k; }
    int uptake(int k = 0) const { return 2 * m + k; }
    int net_export(int k = 0) const { return 3 * m + k; }
    int phase_exit(int phase = 0) const { return 4 * m + phase; }
    int apoptosis() const { return phase_exit(phases); }
    int necrosis() const { return apoptosis() + 1; }
    int speed() const { return apoptosis() + 2; }
    int bias() const { return apoptosis() + 3; }
    int persistence() const { return apoptosis() + 4; }
    int sensitivity(int k = 0) const { return apoptosis() + 5 + k; }
    int adhesion() const { return sensitivity(m); }
    int elasticity() const { return adhesion() + 1; }
    int affinity(int type = 0) const { return adhesion() + 2 + type; }
    int reach() const { return affinity(n); }
    int repulsion() const { return reach() + 1; }
    int membrane_adhesion() const { return reach() + 2; }
    int membrane_repulsion() const { return reach() + 3; }
    int eat_apoptotic() const { return reach() + 4; }
    int eat_necrotic() const { return reach() + 5; }
    int eat_other_dead() const { return reach() + 6; }
    int eat(int type = 0) const { return reach() + 7 + type; }
    int attack(int type = 0) const { return eat(n) + type; }
    int fuse(int type = 0) const { return attack(n) + type; }
    int transform(int type = 0) const { return fuse(n) + type; }
    int asymmetric(int type = 0) const { return transform(n) + type; }
    int custom(int k = 0) const { return asymmetric(n) + k; }
    int movable() const { return custom(c); }
    int immunogenicity(int type = 0) const { return movable() + 1 + type; }
    int attachment() const { return immunogenicity(n); }
    int detachment() const { return attachment() + 1; }
    int max_attachments() const { return attachment() + 2; }
    int attack_damage() const { return attachment() + 3; }
    int attack_duration() const { return attachment() + 4; }
    int damage_rate() const { return attachment() + 5; }
    int repair_rate() const { return attachment() + 6; }
    int count() const { return attachment() + 7; }
};

}  // namespace abscopal::tissue
