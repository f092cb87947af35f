// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/dictionary.hpp"

#include <algorithm>

#include "tissue/layout.hpp"

namespace abscopal::tissue {
namespace {

/// Adds one index after another, each with its first name and its synonyms.
class Names {
  public:
    Names(std::vector<std::string>& names, std::vector<Dictionary::Entry>& entries)
        : names_(names), entries_(entries) {}

    void add(const std::string& name, std::initializer_list<std::string> synonyms = {}) {
        const int index = static_cast<int>(names_.size());
        names_.push_back(name);
        entries_.push_back({name, index});
        for (const auto& synonym : synonyms) entries_.push_back({synonym, index});
    }

  private:
    std::vector<std::string>& names_;
    std::vector<Dictionary::Entry>& entries_;
};

std::string cell_type(const TypeName& type) {
    return "cell type " + std::to_string(type.id);
}

void add_contacts(Names& out, std::span<const TypeName> types) {
    for (const auto& t : types) out.add("contact with " + t.name, {"contact with " + cell_type(t)});
    out.add("contact with live cell", {"contact with live cells"});
    out.add("contact with dead cell", {"contact with dead cells"});
    out.add("contact with apoptotic cell", {"contact with apoptotic cells"});
    out.add("contact with necrotic cell", {"contact with necrotic cells"});
    out.add("contact with other dead cell", {"contact with other dead cells"});
    out.add("contact with basement membrane", {"contact with BM"});
}

void add_customs(Names& out, std::span<const std::string> customs) {
    for (std::size_t k = 0; k < customs.size(); ++k) {
        out.add("custom:" + customs[k], {"custom: " + customs[k], "custom " + std::to_string(k)});
    }
}

void add_signals(Names& out, std::span<const std::string> substrates, std::span<const TypeName> types,
                 std::span<const std::string> customs) {
    for (const auto& s : substrates) out.add(s);
    for (const auto& s : substrates) out.add("intracellular " + s, {"internalized " + s});
    for (const auto& s : substrates) out.add(s + " gradient", {"grad(" + s + ")", "gradient of " + s});
    out.add("pressure");
    out.add("volume");
    add_contacts(out, types);
    out.add("damage");
    out.add("damage delivered", {"total damage delivered"});
    out.add("attacking", {"is attacking"});
    out.add("dead", {"is dead"});
    out.add("total attack time");
    out.add("time", {"current time", "global time"});
    add_customs(out, customs);
    out.add("apoptotic", {"is_apoptotic", "is apoptotic"});
    out.add("necrotic", {"is_necrotic", "is necrotic"});
}

void add_exchange(Names& out, std::span<const std::string> substrates) {
    for (const auto& s : substrates) out.add(s + " secretion");
    for (const auto& s : substrates) out.add(s + " secretion target", {s + " secretion saturation density"});
    for (const auto& s : substrates) out.add(s + " uptake");
    for (const auto& s : substrates) out.add(s + " export");
}

void add_fate(Names& out) {
    out.add("cycle entry", {"exit from cycle phase 0"});
    for (int phase = 1; phase < BehaviourLayout::phases; ++phase)
        out.add("exit from cycle phase " + std::to_string(phase));
    out.add("apoptosis");
    out.add("necrosis");
}

void add_motion(Names& out, std::span<const std::string> substrates, std::span<const TypeName> types) {
    out.add("migration speed");
    out.add("migration bias");
    out.add("migration persistence time");
    for (const auto& s : substrates)
        out.add("chemotactic response to " + s, {"chemotactic sensitivity to " + s});
    out.add("cell-cell adhesion");
    out.add("cell-cell adhesion elastic constant");
    for (const auto& t : types)
        out.add("adhesive affinity to " + t.name, {"adhesive affinity to " + cell_type(t)});
    out.add("relative maximum adhesion distance");
    out.add("cell-cell repulsion");
    out.add("cell-BM adhesion", {"cell-membrane adhesion"});
    out.add("cell-BM repulsion", {"cell-membrane repulsion"});
}

void add_meals(Names& out, std::span<const TypeName> types) {
    for (const std::string kind : {"apoptotic", "necrotic", "other dead"}) {
        out.add("phagocytose " + kind + " cell",
                {"phagocytosis of " + kind + " cell", "phagocytosis of " + kind + " cells"});
    }
    for (const auto& t : types) {
        out.add("phagocytose " + t.name,
                {"phagocytose " + cell_type(t), "phagocytosis of " + std::to_string(t.id),
                 "phagocytosis of " + t.name});
    }
}

void add_changes(Names& out, std::span<const TypeName> types) {
    for (const auto& t : types) out.add("attack " + t.name, {"attack " + cell_type(t)});
    for (const auto& t : types) out.add("fuse to " + t.name, {"fuse to " + cell_type(t)});
    for (const auto& t : types) {
        out.add("transition to " + t.name,
                {"transform to " + t.name, "transition to " + cell_type(t), "transform to " + cell_type(t)});
    }
    for (const auto& t : types)
        out.add("asymmetric division to " + t.name, {"asymmetric division to " + cell_type(t)});
}

void add_behaviours(Names& out, std::span<const std::string> substrates, std::span<const TypeName> types,
                    std::span<const std::string> customs) {
    add_exchange(out, substrates);
    add_fate(out);
    add_motion(out, substrates, types);
    add_meals(out, types);
    add_changes(out, types);
    add_customs(out, customs);
    out.add("is_movable", {"movable", "is movable"});
    for (const auto& t : types) out.add("immunogenicity to " + t.name, {"immunogenicity to " + cell_type(t)});
    out.add("cell attachment rate");
    out.add("cell detachment rate");
    out.add("maximum number of cell attachments");
    out.add("attack damage rate");
    out.add("attack duration");
    out.add("damage rate");
    out.add("damage repair rate");
}

int find(const std::vector<Dictionary::Entry>& entries, const std::string& name) {
    const auto at =
        std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.name == name; });
    return at == entries.end() ? -1 : at->index;
}

}  // namespace

int Dictionary::signal(const std::string& name) const {
    return find(signals, name);
}
int Dictionary::behaviour(const std::string& name) const {
    return find(behaviours, name);
}

Dictionary make_dictionary(std::span<const std::string> substrates, std::span<const TypeName> types,
                           std::span<const std::string> customs) {
    Dictionary d;
    d.substrates = static_cast<int>(substrates.size());
    d.types = static_cast<int>(types.size());
    d.customs = static_cast<int>(customs.size());
    Names signals(d.signal_names, d.signals), behaviours(d.behaviour_names, d.behaviours);
    add_signals(signals, substrates, types, customs);
    add_behaviours(behaviours, substrates, types, customs);
    return d;
}

std::vector<int> behaviours_named(const Dictionary& dictionary, const std::string& name) {
    const BehaviourLayout at(dictionary);
    if (name == "phagocytose dead cell") return {at.eat_apoptotic(), at.eat_necrotic(), at.eat_other_dead()};
    const int index = dictionary.behaviour(name);
    return index < 0 ? std::vector<int>{} : std::vector<int>{index};
}

}  // namespace abscopal::tissue
