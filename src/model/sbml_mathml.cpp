// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/sbml_mathml.hpp"

#include <charconv>
#include <cmath>
#include <map>

#include "base/text.hpp"

namespace abscopal {
namespace {

constexpr std::string_view mathml = "http://www.w3.org/1998/Math/MathML";
constexpr std::string_view sbml_core = "http://www.sbml.org/sbml/level3/version2/core";

/// MathML's element of an operation where it is not the name in infix text.
std::string_view element_of(Op op) {
    switch (op) {
        case Op::plus:
            return "plus";
        case Op::minus:
        case Op::negate:
            return "minus";
        case Op::times:
            return "times";
        case Op::divide:
            return "divide";
        case Op::power:
            return "power";
        case Op::quotient:
            return "quotient";
        case Op::rem:
            return "rem";
        case Op::sqrt:
        case Op::root:
            return "root";
        case Op::ceil:
            return "ceiling";
        case Op::asin:
            return "arcsin";
        case Op::acos:
            return "arccos";
        case Op::atan:
            return "arctan";
        case Op::asec:
            return "arcsec";
        case Op::acsc:
            return "arccsc";
        case Op::acot:
            return "arccot";
        case Op::asinh:
            return "arcsinh";
        case Op::acosh:
            return "arccosh";
        case Op::atanh:
            return "arctanh";
        case Op::asech:
            return "arcsech";
        case Op::acsch:
            return "arccsch";
        case Op::acoth:
            return "arccoth";
        case Op::ln:
            return "ln";
        case Op::log:
            return "log";
        case Op::eq:
            return "eq";
        case Op::ne:
            return "neq";
        case Op::lt:
            return "lt";
        case Op::le:
            return "leq";
        case Op::gt:
            return "gt";
        case Op::ge:
            return "geq";
        case Op::and_:
            return "and";
        case Op::or_:
            return "or";
        case Op::xor_:
            return "xor";
        case Op::not_:
            return "not";
        case Op::implies:
            return "implies";
        default:
            return name_of(op);
    }
}

std::string fixed_text(double value) {
    char buffer[1200];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
    return {buffer, end};
}

/// Writes one tree.
class MathWriting {
  public:
    MathWriting(XmlText& xml, const UnitNaming& unit) : xml_(xml), unit_(unit) {}

    void write(const Expression& expression) {
        if (!expression) return;
        const Node& node = *expression;
        switch (node.op) {
            case Op::number:
                return number(node);
            case Op::symbol:
                return xml_.leaf("ci", node.name);
            case Op::time:
                return csymbol("time");
            case Op::avogadro:
                return csymbol("avogadro");
            case Op::piecewise:
                return piecewise(node);
            default:
                return apply(node);
        }
    }

  private:
    void number(const Node& node) {
        if (std::isnan(node.value)) return xml_.empty("notanumber");
        if (!std::isinf(node.value)) return finite(node.value, node.unit.empty() ? "" : unit_(node.unit));
        if (node.value > 0) return xml_.empty("infinity");
        xml_.open("apply");
        xml_.empty("minus");
        xml_.empty("infinity");
        xml_.close();
    }

    /// Scientific notation only where mantissa and exponent read back to the same bits.
    void finite(double value, const std::string& unit) {
        const std::string text = to_text(value);
        const auto e = text.find('e');
        if (e == std::string::npos) return xml_.leaf("cn", text, {{"sbml:units", unit}});
        const auto mantissa = to_double(text.substr(0, e)).value_or(0.0);
        const auto exponent = to_integer(text.substr(e + (text[e + 1] == '+' ? 2 : 1))).value_or(0);
        if (to_double(to_text(mantissa) + "e" + std::to_string(exponent)) != value)
            return xml_.leaf("cn", fixed_text(value), {{"sbml:units", unit}});
        xml_.raw("<cn type=\"e-notation\"" + (unit.empty() ? "" : " sbml:units=\"" + unit + "\"") + "> " +
                 to_text(mantissa) + " <sep/> " + std::to_string(exponent) + " </cn>");
    }

    void csymbol(std::string_view name) {
        xml_.leaf("csymbol", name,
                  {{"encoding", "text"},
                   {"definitionURL", "http://www.sbml.org/sbml/symbols/" + std::string(name)}});
    }

    void piecewise(const Node& node) {
        xml_.open("piecewise");
        for (std::size_t i = 0; i < node.args.size(); i += 2) {
            const bool otherwise = i + 1 == node.args.size();
            xml_.open(otherwise ? "otherwise" : "piece");
            write(node.args[i]);
            if (!otherwise) write(node.args[i + 1]);
            xml_.close();
        }
        xml_.close();
    }

    void head(const Node& node) {
        if (node.op == Op::call) return xml_.leaf("ci", node.name);
        if (node.op == Op::delay) return csymbol("delay");
        if (node.op == Op::rate_of) return csymbol("rateOf");
        xml_.empty(element_of(node.op));
    }

    void apply(const Node& node) {
        const std::string_view qualifier = node.op == Op::log    ? "logbase"
                                           : node.op == Op::root ? "degree"
                                                                 : "";
        xml_.open("apply");
        head(node);
        for (std::size_t i = 0; i < node.args.size(); ++i) {
            const bool qualified = i == 0 && !qualifier.empty();
            if (qualified) xml_.open(qualifier);
            write(node.args[i]);
            if (qualified) xml_.close();
        }
        xml_.close();
    }

    XmlText& xml_;
    const UnitNaming& unit_;
};

bool has_unit(const Expression& math) {
    bool found = false;
    for_each_node(math, [&](const Node& node) { found = found || !node.unit.empty(); });
    return found;
}

void open_math(XmlText& xml, const Expression& math) {
    const bool units = math && has_unit(math);
    xml.open("math", {{"xmlns", std::string(mathml)}, {"xmlns:sbml", units ? std::string(sbml_core) : ""}});
}

}  // namespace

std::string xml_number(double value) {
    if (std::isinf(value)) return value > 0 ? "INF" : "-INF";
    return to_text(value);
}

void write_math(XmlText& xml, const Expression& math, const UnitNaming& unit) {
    if (!math) return;
    open_math(xml, math);
    MathWriting(xml, unit).write(math);
    xml.close();
}

void write_lambda(XmlText& xml, const std::vector<std::string>& arguments, const Expression& body,
                  const UnitNaming& unit) {
    if (!body) return;
    open_math(xml, body);
    xml.open("lambda");
    for (const auto& argument : arguments) {
        xml.open("bvar");
        xml.leaf("ci", argument);
        xml.close();
    }
    MathWriting(xml, unit).write(body);
    xml.close();
    xml.close();
}

}  // namespace abscopal
