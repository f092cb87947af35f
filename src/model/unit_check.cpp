// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/text.hpp"
#include "model/unit_quantities.hpp"

namespace abscopal {
namespace {

constexpr std::size_t max_shown = 100;
constexpr int max_calls = 64;

/// What is known of the dimensions of an expression.
struct Judgement {
    enum class Kind {
        unknown,  ///< touches a quantity without a unit: not judged
        literal,  ///< a bare number, which fits anything
        known
    };
    Kind kind = Kind::unknown;
    Dimensions dimensions{};
    std::optional<double> value{};  ///< of a constant number, for exponents

    bool known() const { return kind == Kind::known; }
    /// A bare number counts as dimensionless where it is multiplied.
    bool judged() const { return kind != Kind::unknown; }
};

bool equal(const Dimensions& a, const Dimensions& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::abs(a[i] - b[i]) > 1e-9) return false;
    return true;
}

Judgement known(const Dimensions& dimensions) {
    return {Judgement::Kind::known, dimensions, {}};
}
Judgement dimensionless() {
    return known({});
}
Judgement literal(double value) {
    return {Judgement::Kind::literal, {}, value};
}
Judgement from(const std::optional<Unit>& unit) {
    return unit ? known(unit->dimensions) : Judgement{};
}

/// "mole/metre^3", "1/second", "dimensionless".
std::string dimension_text(const Dimensions& dimensions) {
    constexpr std::array<const char*, 7> names = {"metre",  "kilogram", "second", "ampere",
                                                  "kelvin", "mole",     "candela"};
    std::string above, below;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (std::abs(dimensions[i]) < 1e-9) continue;
        std::string& side = dimensions[i] > 0 ? above : below;
        const double exponent = std::abs(dimensions[i]);
        side += (side.empty() ? "" : "*") + std::string(names[i]) +
                (exponent == 1.0 ? "" : "^" + significant(exponent, 4));
    }
    if (above.empty() && below.empty()) return "dimensionless";
    const bool many = below.find('*') != std::string::npos;
    return (above.empty() ? "1" : above) + (below.empty() ? "" : many ? "/(" + below + ")" : "/" + below);
}

std::string shown(const Expression& math) {
    const std::string text = to_text(math);
    return text.size() <= max_shown ? text : text.substr(0, max_shown) + "…";
}

using Names = std::map<std::string, Judgement>;

/// Walks all mathematics of a Spec and collects the mismatches.
class DimensionCheck {
  public:
    explicit DimensionCheck(const Spec& spec) : spec_(spec), units_(spec) {}

    std::vector<Fault> run() {
        for (const auto& e : spec_.initial_assignments)
            assignment("initial assignment of", e.symbol, e.math, from(units_.of(e.symbol)), e.place);
        for (const auto& e : spec_.rules) rule(e);
        for (const auto& e : spec_.reactions) law(e);
        for (const auto& e : spec_.events) event(e);
        return std::move(faults_);
    }

  private:
    void add(const std::string& message, const Place& place) {
        faults_.push_back({"unit-mismatch", message, place, {}});
    }

    void assignment(const std::string& what, const std::string& target, const Expression& math,
                    const Judgement& wanted, const Place& place) {
        if (!math) return;
        place_ = place;
        const Judgement found = judge(math, {});
        if (!found.known() || !wanted.known() || equal(found.dimensions, wanted.dimensions)) return;
        add(what + " '" + target + "' is " + dimension_text(found.dimensions) + ", expected " +
                dimension_text(wanted.dimensions),
            place);
    }

    static Judgement per(const Judgement& a, const Judgement& b) {
        if (!a.known() || !b.known()) return {};
        Dimensions result = a.dimensions;
        for (std::size_t i = 0; i < result.size(); ++i) result[i] -= b.dimensions[i];
        return known(result);
    }

    void rule(const Rule& e) {
        const Judgement value = from(units_.of(e.variable));
        if (e.kind == RuleKind::assignment) assignment("rule of", e.variable, e.math, value, e.place);
        if (e.kind == RuleKind::rate)
            assignment("rate of", e.variable, e.math, per(value, from(units_.time())), e.place);
        if (e.kind == RuleKind::algebraic) assignment("algebraic rule", "", e.math, {}, e.place);
    }

    void law(const Reaction& e) {
        reaction_ = &e;
        assignment("law of", e.id, e.law, per(from(units_.extent()), from(units_.time())), e.place);
        reaction_ = nullptr;
    }

    void event(const Event& e) {
        assignment("trigger of", e.id, e.trigger, {}, e.place);
        assignment("delay of", e.id, e.delay, from(units_.time()), e.place);
        assignment("priority of", e.id, e.priority, {}, e.place);
        for (const auto& a : e.assignments)
            assignment("event assignment of", a.variable, a.math, from(units_.of(a.variable)), a.place);
    }

    Judgement judge(const Expression& math, const Names& names) {
        std::vector<Judgement> args;
        for (const auto& arg : math->args) args.push_back(judge(arg, names));
        switch (math->op) {
            case Op::number:
                return math->unit.empty() ? literal(math->value) : from(units_.written(math->unit));
            case Op::symbol:
                return of_symbol(math->name, names);
            case Op::time:
                return from(units_.time());
            case Op::avogadro:
                return {};
            case Op::times:
            case Op::divide:
                return product(math->op, args);
            case Op::power:
                return power(args[0], args[1]);
            case Op::sqrt:
                return power(args[0], literal(0.5));
            case Op::root:
                return args[0].value ? power(args[1], literal(1.0 / *args[0].value)) : Judgement{};
            case Op::negate:
                return negated(args[0]);
            case Op::plus:
            case Op::minus:
            case Op::min:
            case Op::max:
            case Op::rem:
            case Op::abs:
            case Op::floor:
            case Op::ceil:
                return together(math, args);
            case Op::quotient:
                return together(math, args).known() ? dimensionless() : Judgement{};
            case Op::eq:
            case Op::ne:
            case Op::lt:
            case Op::le:
            case Op::gt:
            case Op::ge:
                together(math, args);
                return dimensionless();
            case Op::and_:
            case Op::or_:
            case Op::xor_:
            case Op::not_:
            case Op::implies:
                return dimensionless();
            case Op::piecewise:
                return branches(math, args);
            case Op::delay:
                return args[0];
            case Op::rate_of:
                return per(args[0], from(units_.time()));
            case Op::call:
                return called(*math, args);
            default:
                return pure(math, args);
        }
    }

    Judgement of_symbol(const std::string& name, const Names& names) const {
        if (const auto local = names.find(name); local != names.end()) return local->second;
        return from(reaction_ == nullptr ? units_.of(name) : units_.of_local(*reaction_, name));
    }

    static Judgement negated(Judgement a) {
        if (a.value) a.value = -*a.value;
        return a;
    }

    static Judgement product(Op op, const std::vector<Judgement>& args) {
        const bool all = std::all_of(args.begin(), args.end(), [](const auto& a) { return a.judged(); });
        if (!all) return {};
        const bool numbers =
            std::all_of(args.begin(), args.end(), [](const auto& a) { return a.value.has_value(); });
        if (numbers && args.size() == 2)
            return literal(op == Op::times ? *args[0].value * *args[1].value
                                           : *args[0].value / *args[1].value);
        Dimensions result{};
        for (std::size_t k = 0; k < args.size(); ++k)
            for (std::size_t i = 0; i < result.size(); ++i)
                result[i] += (op == Op::divide && k == 1 ? -1 : 1) * args[k].dimensions[i];
        return known(result);
    }

    /// A base with dimensions needs an exponent that is a number.
    static Judgement power(const Judgement& base, const Judgement& exponent) {
        if (base.value && exponent.value) return literal(std::pow(*base.value, *exponent.value));
        if (base.judged() && equal(base.dimensions, {})) return dimensionless();
        if (!base.known() || !exponent.value) return {};
        Dimensions result = base.dimensions;
        for (double& d : result) d *= *exponent.value;
        return known(result);
    }

    /// Terms that are added or compared must have one dimension.
    Judgement together(const Expression& math, const std::vector<Judgement>& args) {
        const auto first = std::find_if(args.begin(), args.end(), [](const auto& a) { return a.known(); });
        if (first == args.end()) return args.size() == 1 ? args[0] : Judgement{};
        for (const auto& a : args) {
            if (!a.known() || equal(a.dimensions, first->dimensions)) continue;
            add("'" + shown(math) + "' puts together " + dimension_text(first->dimensions) + " and " +
                    dimension_text(a.dimensions),
                place_);
            return {};
        }
        return *first;
    }

    Judgement branches(const Expression& math, const std::vector<Judgement>& args) {
        std::vector<Judgement> values;
        for (std::size_t i = 0; i < args.size(); i += 2) values.push_back(args[i]);
        return values.empty() ? Judgement{} : together(math, values);
    }

    Judgement called(const Node& node, const std::vector<Judgement>& args) {
        const auto function = std::find_if(spec_.functions.begin(), spec_.functions.end(),
                                           [&](const auto& f) { return f.id == node.name; });
        if (function == spec_.functions.end() || !function->body ||
            args.size() != function->arguments.size() || calls_ >= max_calls)
            return {};
        Names names;
        for (std::size_t i = 0; i < args.size(); ++i) names[function->arguments[i]] = args[i];
        ++calls_;
        const Judgement result = judge(function->body, names);
        --calls_;
        return result;
    }

    /// exp, sin, ln and their kin: of a pure number, and a pure number.
    Judgement pure(const Expression& math, const std::vector<Judgement>& args) {
        for (const auto& a : args)
            if (a.known() && !equal(a.dimensions, {}))
                add("'" + shown(math) + "' is of " + dimension_text(a.dimensions) +
                        ", expected a pure number",
                    place_);
        return dimensionless();
    }

    const Spec& spec_;
    QuantityUnits units_;
    std::vector<Fault> faults_;
    const Reaction* reaction_ = nullptr;
    Place place_;
    int calls_ = 0;
};

}  // namespace

std::vector<Fault> check_units(const Spec& spec) {
    return DimensionCheck(spec).run();
}

}  // namespace abscopal
