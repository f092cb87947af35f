// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abscopal/expression.hpp"

/// What an Antimony `model … end` says, before it is a Spec. The rules are those of libAntimony 3 (Smith,
/// Bergmann, Chandran & Sauro 2009, doi 10.1093/bioinformatics/btp401): statements act one after the other; a
/// submodel is a copy of its model whose things have dotted paths ("A.k") and may be changed, joined with
/// others, or deleted.
namespace abscopal::antimony {

enum class Kind {
    unknown,
    formula,
    species,
    compartment,
    reaction,
    interaction,
    event,
    submodel,
    unit,
    stoichiometry,
    algebraic,
    deleted
};
enum class Constness { by_default, constant, variable };
enum class FormulaKind { initial, assignment, rate, algebraic };
enum class Arrow { reversible, irreversible, activates, inhibits, influences };

/// A formula, and the path of the submodel whose text it stands in ("" for the model itself).
struct Formula {
    Expression math;  ///< null: not given
    std::string owner;
    explicit operator bool() const { return math != nullptr; }
};

struct Term {
    double count = 1.0;
    std::string count_symbol;  ///< path of a named stoichiometry, or empty
    std::string species;       ///< path
    Place place;
};

struct ReactionDraft {
    std::vector<Term> left, right;
    Arrow arrow = Arrow::reversible;
};

struct EventDraft {
    Formula trigger, delay, priority;
    bool initial_value = true, persistent = true, from_trigger = true;
    std::vector<std::pair<std::string, Formula>> assignments;
};

/// Anything that has a name.
struct Thing {
    std::string path;
    Kind kind = Kind::unknown;
    Constness constness = Constness::by_default;
    FormulaKind formula_kind = FormulaKind::initial;
    Formula formula;  ///< initial value, assignment or algebraic rule, kinetic law, unit definition
    Formula rate;
    ReactionDraft reaction;
    EventDraft event;
    std::string model;  ///< of a submodel: the model it copies
    std::string compartment, inherited_compartment;
    bool inherited_from_reaction = false;
    bool substance_only = false;
    Expression unit;
    std::string name, source, notes;
    Place place;
    std::string same_as;  ///< path of the thing that this one is, or empty
};

/// `inner is outer / factor`: inside the submodel, `inner` counts in another unit.
struct Conversion {
    std::string inner, factor;
};

/// Time or extent inside a submodel counts in another unit.
struct Scaling {
    std::string submodel, factor;
};

/// A thing that a constraint bounds.
struct Bounded {
    std::string path;
    Place place;
};

struct Draft {
    std::string id, name, notes;
    bool is_main = false;
    Place place;
    std::deque<Thing> things;  // references stay valid while it grows
    std::map<std::string, std::size_t, std::less<>> index;
    std::vector<std::string> ports;
    std::vector<Conversion> conversions;
    std::vector<Scaling> scalings;
    std::vector<Bounded> bounded;
    std::vector<Fault> refused;

    Thing* find(std::string_view path);
    const Thing* find(std::string_view path) const;
    /// The thing of that path; a simple name is created if it is new. Throws InputError ("unknown-name") for
    /// "A.x" without x in A.
    Thing& use(const std::string& path, const Place& place);
    Thing& add(Thing thing);
    /// A new thing `stem0`, `stem1`, … that does not exist yet.
    Thing& add_numbered(const std::string& stem, const Place& place);
    /// The thing that this one is the same as.
    Thing& root(Thing& thing);
    const Thing& root(const Thing& thing) const;
};

/// "species", "compartment", … for messages.
std::string_view name_of(Kind kind);

/// Uses every symbol of a formula, so that new names become known.
Expression use_symbols(Draft& draft, const Expression& formula);

/// Gives the thing a kind. Throws InputError ("kind-conflict") where it is already something else.
void set_kind(Draft& draft, Thing& thing, Kind kind, const Place& place);

void set_formula(Draft& draft, Thing& thing, Formula formula, const Place& place);
void set_assignment_rule(Draft& draft, Thing& thing, Formula formula, const Place& place);
void set_rate_rule(Draft& draft, Thing& thing, Formula formula, const Place& place);
void set_algebraic_rule(Draft& draft, Thing& thing, Formula formula);
void set_constant(Draft& draft, Thing& thing, Constness constness, const Place& place);
void set_compartment(Draft& draft, Thing& thing, Thing& compartment, const Place& place);
void set_reaction(Draft& draft, const std::string& path, ReactionDraft reaction, Formula law,
                  const Place& place);
void set_event(Draft& draft, const std::string& path, EventDraft event, const Place& place);

/// Makes `path` a copy of `model`.
void instantiate(Draft& draft, const std::string& path, const Draft& model, const Place& place);

/// `one is other`: from now on both are one thing. What only one of them knows, the result knows; where both
/// do, the outer model wins. `factor` is the path of a conversion factor or empty.
void join_things(Draft& draft, const std::string& one, const std::string& other, const std::string& factor,
                 const Place& place);

/// `delete A.x`: x and every formula of its submodel that needs it.
void delete_thing(Draft& draft, const std::string& path, const Place& place);

/// Inside the submodel time or extent counts in another unit (`timeconv`, `extentconv`).
void convert_time(Draft& draft, const std::string& submodel, const std::string& factor);
void convert_extent(Draft& draft, const std::string& submodel, const std::string& factor);

/// After the last statement: species learn their compartments from reactions and submodels, conversions are
/// applied.
void finish(Draft& draft);

bool is_constant(const Draft& draft, const Thing& thing);

}  // namespace abscopal::antimony
