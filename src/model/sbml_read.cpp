// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <sbml/SBMLTypes.h>
#include <sbml/extension/SBasePlugin.h>

#include <stdexcept>

#include "abscopal/spec.hpp"
#include "base/file.hpp"
#include "model/sbml_check.hpp"
#include "model/sbml_document.hpp"
#include "model/sbml_flatten.hpp"
#include "model/sbml_model.hpp"

namespace abscopal {
namespace {

void refuse_package(Spec& spec, const std::string& package) {
    spec.refused.push_back({"required-package", "package '" + package + "' (required)", {spec.origin}, {}});
}

/// Packages that a reader must understand and we do not. Pictures (layout, render) never change the
/// mathematics.
void refuse_packages(Spec& spec, SBMLDocument& document) {
    if (document.getLevel() < 3) return;
    for (unsigned i = 0; i < document.getNumPlugins(); ++i) {
        const std::string package = document.getPlugin(i)->getPackageName();
        const bool understood =
            package == "comp" || package == "l3v2extendedmath" || package == "layout" || package == "render";
        if (!understood && document.getPackageRequired(package)) refuse_package(spec, package);
    }
    for (int i = 0; i < document.getNumUnknownPackages(); ++i) {
        if (document.getPackageRequired(document.getUnknownPackageURI(i)))
            refuse_package(spec, document.getUnknownPackagePrefix(i));
    }
}

bool is_hierarchical(SBMLDocument& document) {
    const ::Model* model = document.getModel();
    return model != nullptr && model->getPlugin("comp") != nullptr;
}

Spec read_flat(const std::string& text, const std::string& name, bool is_file) {
    FaultList faults;
    const auto document = read_document(text, name, faults);
    faults.throw_if_any();
    if (document->getModel() == nullptr)
        throw InputError(Fault{"no-model", "the document holds no SBML model", {name}, {}});
    if (is_hierarchical(*document)) flatten(*document, name, is_file, faults);
    faults.throw_if_any();
    Spec spec = spec_of(*document->getModel(), name, faults);
    refuse_packages(spec, *document);
    check_names(spec, faults);
    faults.throw_if_any();
    return spec;
}

/// libSBML throws std::invalid_argument from constructors when level, version and namespaces do not go
/// together.
Spec read(const std::string& text, const std::string& name, bool is_file) {
    try {
        return read_flat(text, name, is_file);
    } catch (const std::invalid_argument& error) {
        throw InputError(Fault{
            "invalid-sbml", "libSBML cannot build this document: " + std::string(error.what()), {name}, {}});
    }
}

}  // namespace

Spec read_sbml(const std::string& path) {
    return read(read_file(path), path, true);
}

Spec read_sbml_text(const std::string& text, const std::string& name) {
    return read(text, name, false);
}

}  // namespace abscopal
