// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/sbml_flatten.hpp"

#include <sbml/SBMLTypes.h>
#include <sbml/packages/comp/common/CompExtensionTypes.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/file.hpp"
#include "model/sbml_document.hpp"
#include "model/sbml_model.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t max_submodels = 10000;

/// Follows every submodel before libSBML does: all files are guarded, cycles and explosions are refused.
class Survey {
  public:
    Survey(const std::string& name, bool is_file, FaultList& faults)
        : root_(is_file ? fs::weakly_canonical(fs::path(name)).parent_path() : fs::path()), faults_(faults) {}

    /// Submodels that an instance of the document's own model brings along.
    std::size_t of(SBMLDocument& document, const std::string& file) {
        return of_model(document, document.getModel(), file);
    }

  private:
    std::size_t of_model(SBMLDocument& document, ::Model* model, const std::string& file) {
        const auto* submodels =
            model == nullptr ? nullptr : static_cast<CompModelPlugin*>(model->getPlugin("comp"));
        const std::string key = file + "#" + (model == nullptr ? "" : model->getIdAttribute());
        if (const auto known = counts_.find(key); known != counts_.end()) return known->second;
        if (!open_.insert(key).second)
            return fault("comp-cycle", "a model contains itself as a submodel", model, file);
        if (model != nullptr) spec_of(*model, file, faults_);  // libSBML crashes on mathematics without names
        std::size_t count = 0;
        for (unsigned i = 0; submodels != nullptr && i < submodels->getNumSubmodels(); ++i) {
            count += 1 + of_reference(document, *submodels->getSubmodel(i), file);
            if (count > max_submodels) {
                fault("comp-too-many", "more than " + std::to_string(max_submodels) + " submodels", model,
                      file);
                break;
            }
        }
        open_.erase(key);
        return counts_[key] = count;
    }

    std::size_t of_reference(SBMLDocument& document, const ::Submodel& submodel, const std::string& file) {
        const std::string& wanted = submodel.getModelRef();
        auto* definitions = static_cast<CompSBMLDocumentPlugin*>(document.getPlugin("comp"));
        if (definitions == nullptr) return 0;
        if (::ModelDefinition* own = definitions->getModelDefinition(wanted))
            return of_model(document, own, file);
        if (const auto* outside = definitions->getExternalModelDefinition(wanted))
            return of_external(*outside, file);
        if (document.getModel()->getIdAttribute() == wanted)
            return of_model(document, document.getModel(), file);
        return fault("comp-unknown-model",
                     "submodel '" + submodel.getIdAttribute() + "' is of the model '" + wanted +
                         "', which does not exist",
                     &submodel, file);
    }

    std::size_t of_external(const ExternalModelDefinition& definition, const std::string& file) {
        const std::string source = definition.getSource();
        const fs::path path = fs::weakly_canonical(fs::path(file).parent_path() / source);
        if (root_.empty() || source.find(':') != std::string::npos || !is_below_root(path))
            return fault("comp-outside", "external model '" + source + "' is not in the folder of the model",
                         &definition, file);
        if (!fs::is_regular_file(path))
            return fault("comp-no-file", "external model '" + source + "' does not exist", &definition, file);
        FaultList own;
        const auto document = read_document(read_file(path.string()), path.string(), own);
        for (const auto& found : own.faults())
            faults_.add(found.code, found.message, found.place, found.notes);
        if (!own.empty()) return 0;
        return definition.isSetModelRef() ? of_named(*document, definition, path.string())
                                          : of(*document, path.string());
    }

    std::size_t of_named(SBMLDocument& document, const ExternalModelDefinition& definition,
                         const std::string& file) {
        ::Submodel reference(definition.getLevel(), definition.getVersion(), definition.getPackageVersion());
        reference.setModelRef(definition.getModelRef());
        return of_reference(document, reference, file);
    }

    bool is_below_root(const fs::path& path) const {
        const fs::path relative = path.lexically_relative(root_);
        return !relative.empty() && *relative.begin() != "..";
    }

    std::size_t fault(const std::string& code, const std::string& message, const SBase* at,
                      const std::string& file) {
        const int line = at == nullptr ? 0 : static_cast<int>(at->getLine());
        const int column = at == nullptr ? 0 : static_cast<int>(at->getColumn());
        faults_.add(code, message, {file, line, column, 0});
        return 0;
    }

    fs::path root_;
    FaultList& faults_;
    std::set<std::string> open_;
    std::map<std::string, std::size_t> counts_;
};

}  // namespace

bool flatten(SBMLDocument& document, const std::string& name, bool is_file, FaultList& faults) {
    const std::size_t before = faults.faults().size();
    Survey(name, is_file, faults).of(document, name);
    if (faults.faults().size() > before) return false;
    if (is_file) document.setLocationURI("file:" + fs::weakly_canonical(fs::path(name)).string());
    const unsigned logged = document.getNumErrors();
    ConversionProperties how;
    how.addOption("flatten comp", true);
    how.addOption("performValidation", true);
    how.addOption("abortIfUnflattenable", "none");
    const int status = document.convert(how);
    add_logged_errors(document, logged, name, faults);
    if (status != LIBSBML_OPERATION_SUCCESS && faults.faults().size() == before)
        faults.add("comp-flatten", "the hierarchical model cannot be flattened", {name});
    return faults.faults().size() == before;
}

}  // namespace abscopal
