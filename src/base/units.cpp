// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "base/units.hpp"

#include <charconv>
#include <cmath>
#include <span>
#include <string>

#include "base/text.hpp"

namespace abscopal {
namespace {

constexpr double avogadro_constant = 6.02214076e23;  // 1/mol, exact (SI 2019)
constexpr double pi = 3.14159265358979323846;

struct NamedUnit {
    std::string_view name;
    double factor;
    Dimensions dimensions;
    bool takes_prefix;
};

constexpr Dimensions none{}, length{1}, area{2}, volume{3}, mass{0, 1}, duration{0, 0, 1},
    current{0, 0, 0, 1}, temperature{0, 0, 0, 0, 1}, amount{0, 0, 0, 0, 0, 1}, light{0, 0, 0, 0, 0, 0, 1},
    rate{0, 0, -1}, force{1, 1, -2}, pressure{-1, 1, -2}, energy{2, 1, -2}, power_dim{2, 1, -3},
    charge{0, 0, 1, 1}, voltage{2, 1, -3, -1}, resistance{2, 1, -3, -2}, conductance{-2, -1, 3, 2},
    capacity{-2, -1, 4, 2}, dose{2, 0, -2}, concentration{-3, 0, 0, 0, 0, 1}, catalysis{0, 0, -1, 0, 0, 1},
    flux{2, 1, -2, -1}, field{0, 1, -2, -1}, inductance{2, 1, -2, -2}, illuminance{-2, 0, 0, 0, 0, 0, 1};

// Symbols are case-sensitive.
constexpr NamedUnit symbols[] = {{"m", 1, length, true},
                                 {"g", 1e-3, mass, true},
                                 {"s", 1, duration, true},
                                 {"A", 1, current, true},
                                 {"K", 1, temperature, true},
                                 {"mol", 1, amount, true},
                                 {"cd", 1, light, true},
                                 {"L", 1e-3, volume, true},
                                 {"l", 1e-3, volume, true},
                                 {"cc", 1e-6, volume, false},
                                 {"M", 1e3, concentration, true},
                                 {"Hz", 1, rate, true},
                                 {"N", 1, force, true},
                                 {"Pa", 1, pressure, true},
                                 {"J", 1, energy, true},
                                 {"W", 1, power_dim, true},
                                 {"C", 1, charge, true},
                                 {"V", 1, voltage, true},
                                 {"S", 1, conductance, true},
                                 {"F", 1, capacity, true},
                                 {"Gy", 1, dose, true},
                                 {"Sv", 1, dose, true},
                                 {"Bq", 1, rate, true},
                                 {"kat", 1, catalysis, true},
                                 {"Wb", 1, flux, true},
                                 {"T", 1, field, true},
                                 {"H", 1, inductance, true},
                                 {"lm", 1, light, true},
                                 {"lx", 1, illuminance, true},
                                 {"mcg", 1e-9, mass, false},
                                 {"Da", 1e-3 / avogadro_constant, mass, true},
                                 {"min", 60, duration, false},
                                 {"h", 3600, duration, false},
                                 {"hr", 3600, duration, false},
                                 {"d", 86400, duration, false},
                                 {"wk", 604800, duration, false},
                                 {"mo", 30.4375 * 86400, duration, false},
                                 {"yr", 365.25 * 86400, duration, false},
                                 {"a", 365.25 * 86400, duration, false},
                                 {"%", 0.01, none, false},
                                 {"rad", 1, none, true},
                                 {"sr", 1, none, false},
                                 {"sec", 1, duration, false},
                                 {"mmHg", 133.322387415, pressure, false},
                                 {"cal", 4.184, energy, true}};

// Words are read in any case, singular or plural.
constexpr NamedUnit words[] = {{"metre", 1, length, true},
                               {"meter", 1, length, true},
                               {"gram", 1e-3, mass, true},
                               {"kilogram", 1, mass, false},
                               {"second", 1, duration, true},
                               {"ampere", 1, current, true},
                               {"kelvin", 1, temperature, true},
                               {"mole", 1, amount, true},
                               {"candela", 1, light, true},
                               {"liter", 1e-3, volume, true},
                               {"litre", 1e-3, volume, true},
                               {"molarity", 1e3, concentration, true},
                               {"molar", 1e3, concentration, true},
                               {"hertz", 1, rate, true},
                               {"newton", 1, force, true},
                               {"pascal", 1, pressure, true},
                               {"joule", 1, energy, true},
                               {"watt", 1, power_dim, true},
                               {"coulomb", 1, charge, true},
                               {"volt", 1, voltage, true},
                               {"ohm", 1, resistance, true},
                               {"siemens", 1, conductance, true},
                               {"farad", 1, capacity, true},
                               {"gray", 1, dose, true},
                               {"sievert", 1, dose, true},
                               {"becquerel", 1, rate, true},
                               {"katal", 1, catalysis, true},
                               {"weber", 1, flux, true},
                               {"tesla", 1, field, true},
                               {"henry", 1, inductance, true},
                               {"lumen", 1, light, false},
                               {"lux", 1, illuminance, false},
                               {"dalton", 1e-3 / avogadro_constant, mass, true},
                               {"minute", 60, duration, false},
                               {"hour", 3600, duration, false},
                               {"day", 86400, duration, false},
                               {"week", 604800, duration, false},
                               {"month", 30.4375 * 86400, duration, false},
                               {"year", 365.25 * 86400, duration, false},
                               {"percent", 0.01, none, false},
                               {"radian", 1, none, false},
                               {"steradian", 1, none, false},
                               {"degree", pi / 180, none, false},
                               {"dimensionless", 1, none, false},
                               {"unitless", 1, none, false},
                               {"item", 1 / avogadro_constant, amount, false},
                               {"cell", 1 / avogadro_constant, amount, false},
                               {"molecule", 1 / avogadro_constant, amount, false},
                               {"avogadro", avogadro_constant, none, false},
                               {"angstrom", 1e-10, length, false},
                               {"tonne", 1e3, mass, false},
                               {"calorie", 4.184, energy, true}};

struct Prefix {
    std::string_view symbol, word;
    double factor;
};

constexpr Prefix prefixes[] = {
    {"Y", "yotta", 1e24},  {"Z", "zetta", 1e21}, {"E", "exa", 1e18},        {"P", "peta", 1e15},
    {"T", "tera", 1e12},   {"G", "giga", 1e9},   {"M", "mega", 1e6},        {"k", "kilo", 1e3},
    {"h", "hecto", 1e2},   {"da", "deca", 1e1},  {"d", "deci", 1e-1},       {"c", "centi", 1e-2},
    {"m", "milli", 1e-3},  {"u", "micro", 1e-6}, {"\u00b5", "micro", 1e-6}, {"\u03bc", "micro", 1e-6},
    {"n", "nano", 1e-9},   {"p", "pico", 1e-12}, {"f", "femto", 1e-15},     {"a", "atto", 1e-18},
    {"z", "zepto", 1e-21}, {"y", "yocto", 1e-24}};

std::optional<Unit> find_in(std::span<const NamedUnit> table, std::string_view name, double prefix,
                            bool has_prefix) {
    for (const auto& unit : table) {
        if (unit.name == name && (!has_prefix || unit.takes_prefix))
            return Unit{prefix * unit.factor, unit.dimensions};
    }
    return std::nullopt;
}

std::optional<Unit> find_symbol(std::string_view name) {
    if (auto unit = find_in(symbols, name, 1.0, false)) return unit;
    for (const auto& prefix : prefixes) {
        if (!name.starts_with(prefix.symbol)) continue;
        if (auto unit = find_in(symbols, name.substr(prefix.symbol.size()), prefix.factor, true)) return unit;
    }
    return std::nullopt;
}

std::optional<Unit> find_singular(std::string_view name) {
    if (auto unit = find_in(words, name, 1.0, false)) return unit;
    for (const auto& prefix : prefixes) {
        if (!name.starts_with(prefix.word)) continue;
        if (auto unit = find_in(words, name.substr(prefix.word.size()), prefix.factor, true)) return unit;
    }
    return std::nullopt;
}

std::optional<Unit> find_unit(std::string_view name) {
    if (auto unit = find_symbol(name)) return unit;
    const std::string word = lower_case(name);
    if (auto unit = find_singular(word)) return unit;
    return word.ends_with('s') ? find_singular(std::string_view(word).substr(0, word.size() - 1))
                               : std::nullopt;
}

/// Recursive descent over products of units.
class Parser {
  public:
    explicit Parser(std::string_view text, const UnitLookup* known = nullptr) : text_(text), known_(known) {}

    std::optional<Unit> whole() {
        auto unit = product(0);
        skip_space();
        return at_ == text_.size() ? unit : std::nullopt;
    }

  private:
    static constexpr int max_depth = 64;

    std::optional<Unit> product(int depth) {
        auto result = factor(depth);
        while (result) {
            skip_space();
            if (at_ == text_.size() || text_[at_] == ')') return result;
            const bool divides = take("/");
            if (!divides && !take("*")) take("\u00b7");
            const auto next = factor(depth);
            if (!next) return std::nullopt;
            result = divides ? *result / *next : *result * *next;
        }
        return result;
    }

    std::optional<Unit> factor(int depth) {
        skip_space();
        if (depth > max_depth || at_ == text_.size()) return std::nullopt;
        std::optional<Unit> base;
        if (take("(")) {
            base = product(depth + 1);
            if (!base || !take(")")) return std::nullopt;
        } else if (const auto value = leading_number()) {
            base = Unit{*value, {}};
        } else if ((base = known_name())) {
            // Digits belong to such a name: what follows must be marked as an exponent.
            return raised(*base);
        } else {
            base = find_unit(name());
        }
        return base ? raised(*base) : base;
    }

    std::optional<Unit> raised(const Unit& base) {
        skip_space();
        const bool marked = take("^") || take("**");
        if (!marked && (at_ == text_.size() || !is_digit(text_[at_]) || !after_letter())) return base;
        const bool parenthesis = marked && take("(");
        const auto exponent = leading_number(marked);
        if (!exponent || (parenthesis && !take(")"))) return std::nullopt;
        return base.power(*exponent);
    }

    std::optional<Unit> known_name() {
        auto end = at_;
        while (end < text_.size() && (is_letter(text_[end]) || (end > at_ && is_digit(text_[end])))) ++end;
        const auto unit = known_ && end > at_ ? (*known_)(text_.substr(at_, end - at_)) : std::nullopt;
        if (unit) at_ = end;
        return unit;
    }

    std::string_view name() {
        const auto start = at_;
        while (at_ < text_.size() && (is_letter(text_[at_]) || text_[at_] == '%')) {
            if (text_.substr(at_).starts_with("\u00b7")) break;
            ++at_;
        }
        return text_.substr(start, at_ - start);
    }

    std::optional<double> leading_number(bool may_be_signed = false) {
        if (at_ == text_.size() || !(is_digit(text_[at_]) || text_[at_] == '.' || may_be_signed))
            return std::nullopt;
        double value = 0.0;
        const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
        if (error != std::errc{}) return std::nullopt;
        at_ = static_cast<std::size_t>(end - text_.data());
        return value;
    }

    bool take(std::string_view token) {
        skip_space();
        if (!text_.substr(at_).starts_with(token)) return false;
        at_ += token.size();
        return true;
    }

    void skip_space() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    }

    bool after_letter() const { return at_ > 0 && (is_letter(text_[at_ - 1]) || text_[at_ - 1] == ')'); }
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    static bool is_letter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
    }

    std::string_view text_;
    const UnitLookup* known_;
    std::size_t at_ = 0;
};

/// "m²" becomes "m^2".
std::string without_superscripts(std::string_view text) {
    std::string plain(trim(text));
    for (const auto& [sign, written] : {std::pair("\u00b2", "^2"), std::pair("\u00b3", "^3")}) {
        for (auto at = plain.find(sign); at != std::string::npos; at = plain.find(sign))
            plain.replace(at, 2, written);
    }
    return plain;
}

}  // namespace

Unit Unit::operator*(const Unit& other) const {
    Unit result{factor * other.factor, dimensions};
    for (std::size_t i = 0; i < dimensions.size(); ++i) result.dimensions[i] += other.dimensions[i];
    return result;
}

Unit Unit::operator/(const Unit& other) const {
    Unit result{factor / other.factor, dimensions};
    for (std::size_t i = 0; i < dimensions.size(); ++i) result.dimensions[i] -= other.dimensions[i];
    return result;
}

Unit Unit::power(double exponent) const {
    Unit result{std::pow(factor, exponent), dimensions};
    for (double& dimension : result.dimensions) dimension *= exponent;
    return result;
}

bool same_dimensions(const Unit& a, const Unit& b) {
    for (std::size_t i = 0; i < a.dimensions.size(); ++i) {
        if (std::fabs(a.dimensions[i] - b.dimensions[i]) > 1e-9) return false;
    }
    return true;
}

std::optional<Unit> parse_unit(std::string_view text) {
    const std::string plain = without_superscripts(text);
    return Parser(plain).whole();
}

std::optional<Unit> parse_unit(std::string_view text, const UnitLookup& known) {
    const std::string plain = without_superscripts(text);
    return Parser(plain, &known).whole();
}

std::optional<WrittenQuantity> parse_quantity(std::string_view text) {
    text = trim(text);
    std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    double value = 0.0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{}) return std::nullopt;
    const auto rest = digits.substr(static_cast<std::size_t>(end - digits.data()));
    return WrittenQuantity{value, std::string(trim(rest))};
}

std::optional<double> parse_days(std::string_view text) {
    const auto quantity = parse_quantity(text);
    const auto unit = quantity ? parse_unit(quantity->unit) : std::nullopt;
    if (!unit || !same_dimensions(*unit, Unit{1.0, duration})) return std::nullopt;
    return quantity->value * (unit->factor / 86400.0);
}

}  // namespace abscopal
