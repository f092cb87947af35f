// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/antimony_units.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"

namespace abscopal::antimony {
namespace {

constexpr std::array<std::string_view, 34> kinds{
    "ampere",    "avogadro", "becquerel", "candela", "coulomb", "dimensionless", "farad",
    "gram",      "gray",     "henry",     "hertz",   "item",    "joule",         "katal",
    "kelvin",    "kilogram", "litre",     "lumen",   "lux",     "metre",         "mole",
    "newton",    "ohm",      "pascal",    "radian",  "second",  "siemens",       "sievert",
    "steradian", "tesla",    "volt",      "watt",    "weber",   "Celsius"};

using Lookup = std::function<std::optional<std::vector<UnitFactor>>(const std::string&)>;

[[noreturn]] void fail(const Node& node) {
    throw InputError(
        Fault{"bad-unit",
              "a unit is a product of names, numbers and powers, such as '1e-9 mole / litre'; found '" +
                  std::string(node.op == Op::call ? node.name : std::string(name_of(node.op))) + "'",
              node.place,
              {}});
}

/// A factor that only multiplies. It is put on the first factor where that changes nothing else.
void multiply(std::vector<UnitFactor>& factors, double by) {
    if (by == 1.0) return;
    if (factors.empty()) factors.push_back({"dimensionless", 1.0, 0, 1.0});
    auto& first = factors.front();
    if (first.exponent == 0.0) {
        factors.push_back({"dimensionless", 1.0, 0, by});
        return;
    }
    first.multiplier *= first.exponent == 1.0 ? by : std::pow(by, 1.0 / first.exponent);
}

class Reader {
  public:
    explicit Reader(const Lookup& factors_of) : factors_of_(factors_of) {}

    std::vector<UnitFactor> read(const Expression& expression) const {
        const Node& node = *expression;
        switch (node.op) {
            case Op::symbol:
                return named(node.name);
            case Op::number:
                return scaled(node);
            case Op::times:
                return product(node);
            case Op::divide:
                return combined(read(node.args[0]), to_the_power(read(node.args[1]), -1.0));
            case Op::power:
                if (node.args[1]->op != Op::number) fail(*node.args[1]);
                return to_the_power(read(node.args[0]), node.args[1]->value);
            default:
                fail(node);
        }
    }

  private:
    /// Numbers travel as a factor "dimensionless" and join the first real one.
    std::vector<UnitFactor> scaled(const Node& node) const {
        if (!node.unit.empty()) {
            auto factors = named(node.unit);
            multiply(factors, node.value);
            return factors;
        }
        return {{"dimensionless", 1.0, 0, node.value}};
    }

    std::vector<UnitFactor> named(const std::string& name) const {
        if (auto known = factors_of_(name)) return *known;
        return {{sbml_unit_kind(name).value_or(name), 1.0, 0, 1.0}};
    }

    std::vector<UnitFactor> product(const Node& node) const {
        std::vector<UnitFactor> factors;
        for (const auto& arg : node.args) factors = combined(std::move(factors), read(arg));
        return factors;
    }

    static std::vector<UnitFactor> combined(std::vector<UnitFactor> a, std::vector<UnitFactor> b) {
        a.insert(a.end(), b.begin(), b.end());
        double number = 1.0;
        std::vector<UnitFactor> rest;
        for (auto& factor : a) {
            if (factor.kind == "dimensionless")
                number *= std::pow(factor.multiplier * std::pow(10.0, factor.scale), factor.exponent);
            else
                rest.push_back(factor);
        }
        multiply(rest, number);
        if (rest.empty()) rest.push_back({"dimensionless", 1.0, 0, 1.0});
        return rest;
    }

    const Lookup& factors_of_;
};

std::string factor_text(const UnitFactor& factor, double exponent) {
    const double size = factor.multiplier * std::pow(10.0, factor.scale);
    std::string text = size == 1.0 ? factor.kind : to_text(size) + " " + factor.kind;
    if (exponent == 1.0) return text;
    return (size == 1.0 ? text : "(" + text + ")") + "^" +
           (exponent < 0 ? "(" + to_text(exponent) + ")" : to_text(exponent));
}

std::string product_text(const std::vector<UnitFactor>& factors, bool above) {
    std::string text;
    for (const auto& factor : factors) {
        if ((factor.exponent > 0) != above || factor.exponent == 0.0) continue;
        text += (text.empty() ? "" : " * ") + factor_text(factor, std::abs(factor.exponent));
    }
    return text;
}

bool in_id(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::optional<std::string> sbml_unit_kind(std::string_view word) {
    if (word == "liter") return "litre";
    if (word == "meter") return "metre";
    if (std::ranges::find(kinds, word) == kinds.end()) return std::nullopt;
    return std::string(word);
}

std::vector<UnitFactor> unit_factors(const Expression& unit, const Lookup& factors_of) {
    return Reader(factors_of).read(unit);
}

std::vector<UnitFactor> to_the_power(std::vector<UnitFactor> factors, double exponent) {
    for (auto& factor : factors) factor.exponent *= exponent;
    return factors;
}

std::string unit_text(const std::vector<UnitFactor>& factors) {
    const std::string above = product_text(factors, true), below = product_text(factors, false);
    if (below.empty()) return above.empty() ? "dimensionless" : above;
    const bool several = below.find(' ') != std::string::npos;
    return (above.empty() ? "1" : above) + " / " + (several ? "(" + below + ")" : below);
}

std::string unit_id(std::string_view text) {
    std::string id;
    if (text.starts_with("1/")) text.remove_prefix(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '/')
            id += id.empty() ? "per_" : "_per_";
        else if (c == '*')
            id += "_";
        else if (c == '-')
            id += "minus";
        else if (in_id(c))
            id += c;
    }
    if (id.empty() || (id.front() >= '0' && id.front() <= '9')) id.insert(0, "_");
    return id;
}

}  // namespace abscopal::antimony
