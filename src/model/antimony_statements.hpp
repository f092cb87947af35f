// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "abscopal/spec.hpp"
#include "model/antimony_draft.hpp"
#include "model/infix.hpp"

namespace abscopal::antimony {

/// All models and functions of a file and its imports. The first model collects the statements outside of
/// models.
struct Library {
    std::deque<Draft> models;
    std::vector<FunctionDefinition> functions;
    std::vector<Fault> faults;

    Draft* find_model(std::string_view id);
    const FunctionDefinition* find_function(std::string_view id) const;
    std::vector<std::string> model_names() const;
};

/// Reads statements of a model body into its Draft.
class StatementParser {
  public:
    StatementParser(Library& library, Draft& draft, TokenCursor& cursor,
                    const std::vector<SourceComment>& sources)
        : library_(library), draft_(draft), cursor_(cursor), sources_(sources) {}

    /// One statement with the `;` or line end behind it. Throws InputError at the first fault.
    void statement();

  private:
    using Names = std::vector<std::string>;

    void dispatch();
    bool keyword_statement(const std::string& word);
    void declaration();
    void declared_name(Kind kind, Constness constness, bool substance_only);
    void unit_definition();
    void deletions();
    bool skipped_attribute();
    bool at_relation(std::size_t ahead) const;
    void bounds(const Place& place);
    bool at_dna(std::size_t ahead) const;
    void dna_strand(const Place& place);
    void named_statement();
    void after_colon(const std::string& name, const Place& place);
    void assignment(const std::string& name, const Place& place);
    void renaming(const std::string& name, const Place& place);
    void unit_of(const std::string& name);
    void annotation(const std::string& name);
    void numbered_statement();
    void algebraic_rule(const std::string& name);
    void constraint(const std::string& word);
    void refuse(const std::string& construct, const Place& place);

    void reaction(const std::string& name, const Place& place);
    std::vector<Term> terms();
    Term term();
    bool at_arrow() const;
    Arrow arrow();

    void event(const std::string& name, const Place& place);
    void event_options(EventDraft& event);
    void event_assignments(EventDraft& event);
    bool truth();

    void submodel(const std::string& name, const Place& place);
    void arguments(const std::string& name, const Draft& model);
    void conversion_options(const std::string& name);

    std::string path(bool declares);
    std::string path_in();
    void optional_compartment(const std::string& name);
    Formula formula();
    Expression unit_expression();
    std::vector<std::string> texts();
    bool at_word(std::string_view word, std::size_t ahead = 0) const;
    bool take_word(std::string_view word);
    bool at_end() const;
    void skip_newlines();
    void expect_end();
    void attach_source();

    Library& library_;
    Draft& draft_;
    TokenCursor& cursor_;
    const std::vector<SourceComment>& sources_;
    Names subjects_;  ///< what the present statement is about: a source comment belongs to them
};

}  // namespace abscopal::antimony
