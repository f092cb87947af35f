// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/dose_amount.hpp"

#include <array>
#include <cctype>
#include <cmath>

#include "base/text.hpp"
#include "model/unit_table.hpp"
#include "trial/model_names.hpp"

namespace abscopal {
namespace {

constexpr double avogadro_constant = 6.02214076e23;  // 1/mol, exact (SI 2019)
constexpr Dimensions mass{0, 1}, amount{0, 0, 0, 0, 0, 1}, time{0, 0, 1}, mass_per_amount{0, 1, 0, 0, 0, -1};

bool has(const Unit& unit, const Dimensions& dimensions) {
    return same_dimensions(unit, Unit{1.0, dimensions});
}

Fault fault(const DoseRow& row, std::string code, std::string message, std::vector<std::string> notes = {}) {
    return {std::move(code), std::move(message), row.place, std::move(notes)};
}

/// Factor between two units, through the molar mass where one counts mass and the other moles.
std::variant<double, Fault> unit_factor(const DoseRow& row, const Drug* drug, const Unit& from,
                                        const StateInfo& state, const Model& model) {
    const UnitTable units(model.unit_definitions);
    const auto to = units.find(state.unit);
    const std::string own = units.readable(state.unit);
    if (!to || state.unit.empty()) {
        return fault(row, "target-without-unit",
                     "dose in '" + row.unit + "' cannot be given: target '" + state.id + "' carries " +
                         (state.unit.empty() ? "no unit" : "the unit '" + own + "', which is not known"),
                     {"write the dose as a plain number in the model's own unit: amt = 200"});
    }
    if (same_dimensions(from, *to)) return from.factor / to->factor;
    const bool to_moles = has(from, mass) && has(*to, amount), to_mass = has(from, amount) && has(*to, mass);
    if (!to_moles && !to_mass) {
        return fault(row, "unit-mismatch",
                     "dose in '" + row.unit + "' does not fit target '" + state.id + "', which carries '" +
                         state.unit + "'");
    }
    if (!drug || !drug->molar_mass) {
        return fault(row, "molar-mass-missing",
                     "dose in '" + row.unit + "' needs a molar mass: target '" + state.id + "' carries '" +
                         state.unit + "'",
                     {"give the drug a molar_mass, such as \"149 kDa\""});
    }
    const double kg_per_mol = *drug->molar_mass * 1e-3;
    return to_moles ? from.factor / kg_per_mol / to->factor : from.factor * kg_per_mol / to->factor;
}

/// "5 mg" or, as areas under the curve are written, "AUC 5"; no unit of mass goes first.
std::optional<WrittenQuantity> number_last(std::string_view text) {
    text = trim(text);
    const auto gap = text.rfind(' ');
    const bool is_word_first = !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0;
    if (!is_word_first || gap == std::string_view::npos) return parse_quantity(text);
    const auto number = parse_quantity(text.substr(gap + 1));
    const std::string word(trim(text.substr(0, gap)));
    if (!number || !number->unit.empty() || parse_unit(word)) return std::nullopt;
    return WrittenQuantity{number->value, word};
}

/// How much of the target's unit one of a drug's own words is.
std::optional<double> own_unit(const Drug* drug, const std::string& word) {
    if (!drug) return std::nullopt;
    for (const auto& [name, factor] : drug->units)
        if (name == word) return factor;
    return std::nullopt;
}

/// The words a dose may be written in, for a note.
std::vector<std::string> known_units(const Drug* drug) {
    std::string words = "such as mg, g, nmol, ng";
    if (drug && !drug->units.empty()) {
        words = "doses of " + drug->name + " may also be in ";
        for (std::size_t i = 0; i < drug->units.size(); ++i)
            words += (i == 0 ? "" : ", ") + drug->units[i].first;
    }
    return {words};
}

}  // namespace

std::optional<WrittenDose> parse_dose(std::string_view text) {
    const auto quantity = number_last(text);
    if (!quantity) return std::nullopt;
    WrittenDose dose{quantity->value, quantity->unit, DosePer::patient};
    constexpr std::array<std::pair<std::string_view, DosePer>, 7> endings{{{"kg", DosePer::kilogram},
                                                                           {"m2", DosePer::square_metre},
                                                                           {"m^2", DosePer::square_metre},
                                                                           {"m**2", DosePer::square_metre},
                                                                           {"m\u00b2", DosePer::square_metre},
                                                                           {"sqm", DosePer::square_metre},
                                                                           {"patient", DosePer::patient}}};
    const auto slash = dose.unit.rfind('/');
    if (slash == std::string::npos) return dose;
    const std::string ending(trim(std::string_view(dose.unit).substr(slash + 1)));
    for (const auto& [name, per] : endings) {
        if (ending != name) continue;
        dose.unit = std::string(trim(std::string_view(dose.unit).substr(0, slash)));
        dose.per = per;
        return dose;
    }
    return dose;
}

std::variant<DoseTarget, Fault> dose_target(const DoseRow& row, const Drug* drug, const Model& model) {
    const std::string& name = row.target.empty() && drug ? drug->target : row.target;
    const auto index = find_state(model, name);
    if (!index) {
        return fault(row, "unknown-target",
                     "dose target '" + name + "' is not a state of the model" +
                         did_you_mean(name, state_names(model)));
    }
    const StateInfo& state = model.states[*index];
    if (row.unit.empty()) return DoseTarget{state.slot, 1.0};
    if (const auto own = own_unit(drug, row.unit)) return DoseTarget{state.slot, *own};
    const auto unit = parse_unit(row.unit);
    if (!unit)
        return fault(row, "unknown-unit", "'" + row.unit + "' is not a unit of amount", known_units(drug));
    auto factor = unit_factor(row, drug, *unit, state, model);
    if (auto* wrong = std::get_if<Fault>(&factor)) return std::move(*wrong);
    return DoseTarget{state.slot, std::get<double>(factor)};
}

std::optional<double> parse_molar_mass(std::string_view text) {
    const auto quantity = parse_quantity(text);
    const auto unit = quantity ? parse_unit(quantity->unit) : std::nullopt;
    if (!unit || !(quantity->value > 0)) return std::nullopt;
    if (has(*unit, mass_per_amount)) return quantity->value * (unit->factor * 1e3);
    if (has(*unit, mass)) return quantity->value * (unit->factor * avogadro_constant * 1e3);
    return std::nullopt;
}

std::optional<double> model_time_per_day(const Model& model) {
    if (model.time_unit.empty()) return 1.0;
    const auto unit = UnitTable(model.unit_definitions).find(model.time_unit);
    if (!unit || !has(*unit, time)) return std::nullopt;
    return 86400.0 / unit->factor;
}

}  // namespace abscopal
