// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/spec.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace abscopal {

Spec read_spec(const std::string& path) {
    const std::string content = read_file(path);
    std::string_view text = content;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const bool is_xml = path.ends_with(".xml") || path.ends_with(".sbml") || trim(text).starts_with('<');
    return is_xml ? read_sbml(path) : read_antimony(path);
}

}  // namespace abscopal
