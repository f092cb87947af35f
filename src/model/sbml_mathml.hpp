// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <string>

#include "abscopal/expression.hpp"
#include "model/sbml_xml.hpp"

namespace abscopal {

/// The unit id that SBML should show for a unit as written; "" leaves it out.
using UnitNaming = std::function<std::string(const std::string&)>;

/// A number as an attribute of SBML: shortest text of the same bits, "NaN", "INF", "-INF".
std::string xml_number(double value);

/// A <math> element; nothing for a null expression.
void write_math(XmlText& xml, const Expression& math, const UnitNaming& unit);

/// A <math> element with a <lambda>.
void write_lambda(XmlText& xml, const std::vector<std::string>& arguments, const Expression& body,
                  const UnitNaming& unit);

}  // namespace abscopal
