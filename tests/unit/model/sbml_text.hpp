// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

/// Small SBML documents for tests; `content` is what stands in <model>, from line 4 on.
namespace abscopal::test {

inline std::string document(const std::string& space, int level, int version, const std::string& content) {
    return "<?xml version='1.0' encoding='UTF-8'?>\n<sbml xmlns='http://www.sbml.org/sbml/" + space +
           "' level='" + std::to_string(level) + "' version='" + std::to_string(version) +
           "'>\n<model id='m'>\n" + content + "</model>\n</sbml>\n";
}

inline std::string level2(const std::string& content) {
    return document("level2/version4", 2, 4, content);
}
inline std::string level3(const std::string& content) {
    return document("level3/version2/core", 3, 2, content);
}

inline std::string math(const std::string& content) {
    return "<math xmlns='http://www.w3.org/1998/Math/MathML'>" + content + "</math>";
}

/// A parameter x given by a rule.
inline std::string rule(const std::string& content) {
    return "<listOfParameters><parameter id='x' "
           "constant='false'/></listOfParameters>\n<listOfRules>\n<assignmentRule variable='x'>" +
           math(content) + "</assignmentRule></listOfRules>\n";
}

}  // namespace abscopal::test
