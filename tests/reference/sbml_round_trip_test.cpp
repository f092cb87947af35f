// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>
#include <sbml/SBMLTypes.h>

#include <algorithm>

#include "abscopal/model.hpp"
#include "spec_text.hpp"
#include "support.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> sbml_files(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".xml" && !entry.path().filename().string().starts_with("enzyme"))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// Errors of libSBML's own check of the standard's rules; units and modelling practice are advice.
std::string standard_errors(const std::string& text) {
    const std::unique_ptr<SBMLDocument> document(readSBMLFromString(text.c_str()));
    for (const auto advice : {LIBSBML_CAT_UNITS_CONSISTENCY, LIBSBML_CAT_MODELING_PRACTICE})
        document->setConsistencyChecks(advice, false);
    document->checkConsistency();
    std::string errors;
    for (unsigned i = 0; i < document->getNumErrors(); ++i)
        if (document->getError(i)->getSeverity() >= LIBSBML_SEV_ERROR)
            errors += document->getError(i)->getMessage();
    return errors;
}

/// Level 3 Version 2 has no word for them: writing refuses by name.
bool has_fast_reaction(const Spec& spec) {
    return std::any_of(spec.reactions.begin(), spec.reactions.end(),
                       [](const Reaction& reaction) { return reaction.fast; });
}

/// SBML → Spec → SBML → Spec.
void expect_same_after_writing(const fs::path& file) {
    SCOPED_TRACE(file.filename().string());
    const Spec spec = read_sbml(file.string());
    if (!spec.refused.empty()) return;
    if (has_fast_reaction(spec)) {
        EXPECT_THROW(write_sbml(spec), InputError);
        return;
    }
    EXPECT_EQ(test::spec_text(read_sbml_text(write_sbml(spec))), test::spec_text(spec));
}

TEST(SbmlRoundTrip, every_biomodel_is_the_same_after_writing_and_valid) {
    const auto reference = test::reference_dir();
    if (!reference) GTEST_SKIP() << "no folder of reference cases";
    const auto files = sbml_files(*reference / "biomodels");
    EXPECT_GE(files.size(), 87U);
    for (const auto& file : files) {
        expect_same_after_writing(file);
        EXPECT_EQ(standard_errors(write_sbml(read_sbml(file.string()))), "") << file;
    }
}

TEST(SbmlRoundTrip, every_biomodel_keeps_its_digest) {
    const auto reference = test::reference_dir();
    if (!reference) GTEST_SKIP() << "no folder of reference cases";
    for (const auto& file : sbml_files(*reference / "biomodels")) {
        const Spec spec = read_sbml(file.string());
        EXPECT_EQ(compile(read_sbml_text(write_sbml(spec)))->digest, compile(spec)->digest) << file;
    }
}

TEST(SbmlRoundTrip, the_tnbc_model_written_as_sbml_is_valid_and_keeps_its_digest) {
    const Spec spec = read_spec((test::source_dir() / "models/tnbc/tnbc.ant").string());
    const std::string text = write_sbml(spec);
    EXPECT_EQ(standard_errors(text), "");
    EXPECT_EQ(compile(read_sbml_text(text))->digest, compile(spec)->digest);
}

TEST(SbmlRoundTrip, every_semantic_case_is_the_same_after_writing) {
    const auto reference = test::reference_dir();
    if (!reference) GTEST_SKIP() << "no folder of reference cases";
    const auto files = sbml_files(*reference / "sbml-semantic");
    EXPECT_GE(files.size(), 2300U);
    for (const auto& file : files) expect_same_after_writing(file);
}

TEST(SbmlRoundTrip, a_simbiology_export_is_the_same_once_its_modifiers_are_complete) {
    const auto reference = test::reference_dir();
    if (!reference) GTEST_SKIP() << "no folder of reference cases";
    const Spec spec =
        read_sbml((*reference / "benchmark_models/jafarnejad2019_nsclc_simbiology.xml").string());
    const Spec complete = read_sbml_text(write_sbml(spec));
    EXPECT_EQ(complete.reactions.size(), spec.reactions.size());
    EXPECT_EQ(test::spec_text(read_sbml_text(write_sbml(complete))), test::spec_text(complete));
}

}  // namespace
}  // namespace abscopal
