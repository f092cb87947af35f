// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <filesystem>

#include "base/file.hpp"
#include "base/text.hpp"
#include "model/antimony_flatten.hpp"
#include "model/antimony_statements.hpp"

/// Files, models and functions. Statements outside of models, also those of imported files, make the model
/// `__main`.
namespace abscopal::antimony {
namespace {

constexpr std::string_view main_id = "__main";
constexpr std::size_t max_faults = 20;
constexpr std::size_t max_import_depth = 32;

class FileParser {
  public:
    FileParser(Library& library, std::vector<std::string> open_files, std::string_view text)
        : library_(library),
          open_files_(std::move(open_files)),
          list_(tokenize(text)),
          cursor_(list_.tokens, open_files_.back()) {}

    void run() {
        while (cursor_.peek().kind != Token::Kind::end && library_.faults.size() < max_faults && !hopeless_)
            recovering([&] { top_level(); });
    }

  private:
    bool at_word(std::string_view word, std::size_t ahead = 0) const {
        const Token& token = cursor_.peek(ahead);
        return token.kind == Token::Kind::word && token.text == word;
    }

    bool at_model() const { return at_word("model") || at_word("module"); }

    /// A fault ends its line; reading goes on behind it.
    template <class Step>
    void recovering(const Step& step) {
        const Token& first = cursor_.peek();
        try {
            step();
        } catch (const InputError& error) {
            for (Fault fault : error.faults()) {
                suggest_keyword(first, fault);
                hopeless_ = hopeless_ || fault.code == "too-large";
                library_.faults.push_back(std::move(fault));
            }
            while (cursor_.peek().kind != Token::Kind::newline && cursor_.peek().kind != Token::Kind::end)
                cursor_.next();
        }
    }

    /// `Species A` fails somewhere behind the misspelt keyword.
    static void suggest_keyword(const Token& first, Fault& fault) {
        if (fault.code != "syntax" || first.kind != Token::Kind::word || is_antimony_keyword(first.text))
            return;
        const std::string keyword = nearest_name(first.text, antimony_keywords());
        if (!keyword.empty())
            fault.notes.push_back("did you mean the keyword '" + keyword + "' instead of '" + first.text +
                                  "'?");
    }

    void skip_ends() {
        while (cursor_.peek().kind == Token::Kind::newline || cursor_.peek().is(";")) cursor_.next();
    }

    void top_level() {
        skip_ends();
        if (cursor_.peek().kind == Token::Kind::end) return;
        if (at_word("import")) return import();
        if (at_word("function")) return function();
        if (at_word("end")) cursor_.fail_expected("a statement ('end' closes no model here)");
        if (at_model()) return is_model_annotation() ? model_annotation(library_.models.front()) : model();
        if (about_a_model()) return;
        StatementParser(library_, library_.models.front(), cursor_, list_.sources).statement();
    }

    // ── import ──

    void import() {
        cursor_.next();
        if (cursor_.peek().kind != Token::Kind::text) cursor_.fail_expected("the name of a file in quotes");
        const Token& token = cursor_.next();
        const Place place = cursor_.place(token);
        const std::string path = beside(open_files_.back(), token.text);
        check_importable(path, place);
        const std::string text = imported_text(path, place);
        auto files = open_files_;
        files.push_back(path);
        if (is_xml(text)) return import_sbml(text, path);
        FileParser(library_, std::move(files), text).run();
    }

    void check_importable(const std::string& path, const Place& place) const {
        const auto is_same = [&](const std::string& file) {
            return std::filesystem::path(file).lexically_normal() ==
                   std::filesystem::path(path).lexically_normal();
        };
        if (std::ranges::any_of(open_files_, is_same))
            throw InputError(Fault{"import-cycle", "'" + path + "' imports itself", place, {}});
        if (open_files_.size() > max_import_depth)
            throw InputError(Fault{"too-deep", "imports are nested too deeply", place, {}});
    }

    static std::string imported_text(const std::string& path, const Place& place) {
        try {
            return read_file(path);
        } catch (const FileError& error) {
            throw InputError(Fault{"import", error.what(), place, {}});
        }
    }

    static bool is_xml(std::string_view text) { return trim(text).starts_with("<"); }

    /// An SBML model becomes a model by the name of its id.
    void import_sbml(const std::string& text, const std::string& path) {
        Spec spec = read_sbml_text(text, path);
        if (spec.id.empty()) spec.id = "file";
        if (spec.id == main_id) spec.id = "doc__main";
        const std::string written = write_antimony(spec);
        FileParser(library_, {path}, written).run();
    }

    // ── model ──

    bool is_model_annotation() const {
        const Token& after = cursor_.peek(1);
        const bool named = after.kind == Token::Kind::word;
        return after.is(".") ||
               (named && (cursor_.peek(2).kind == Token::Kind::text || cursor_.peek(2).is(".")));
    }

    /// `model notes "…"`, `model.sboTerm = 5`, `model creator1.name "…"`.
    void model_annotation(Draft& draft) {
        cursor_.next();
        if (cursor_.peek().kind == Token::Kind::word)
            annotation_of(draft);
        else
            skip_line();
    }

    void annotation_of(Draft& draft) {
        const std::string word = cursor_.next().text;
        const bool has_text = cursor_.peek().kind == Token::Kind::text;
        if (word == "is" && has_text) draft.name = cursor_.peek().text;
        if (word == "notes" && has_text) draft.notes = cursor_.peek().text;
        skip_line(cursor_.peek().kind == Token::Kind::text);
    }

    /// To the end of the line; lists of texts may go on behind a comma.
    void skip_line(bool list = false) {
        for (bool comma = false; cursor_.peek().kind != Token::Kind::end; cursor_.next()) {
            if (cursor_.peek().is(";")) return;
            if (cursor_.peek().kind == Token::Kind::newline && !(list && comma)) return;
            if (cursor_.peek().kind != Token::Kind::newline) comma = cursor_.peek().is(",");
        }
    }

    /// `name is "…"`, `name notes "…"`, `name.sboTerm = 5` for a model or function, `annotate name … end`.
    bool about_a_model() {
        const Token& token = cursor_.peek();
        if (token.kind != Token::Kind::word) return false;
        if (at_word("annotate") && cursor_.peek(1).kind == Token::Kind::word) return skip_to_end(), true;
        const Token& after = cursor_.peek(1);
        const bool text = cursor_.peek(2).kind == Token::Kind::text || cursor_.peek(2).is(".");
        if (!after.is(".") && !(after.kind == Token::Kind::word && text)) return false;
        Draft* draft = library_.find_model(token.text);
        const bool is_function = library_.find_function(token.text) != nullptr;
        if (!draft && !is_function) return false;
        Draft unused;
        cursor_.next();
        if (after.is("."))
            skip_line();
        else
            annotation_of(draft ? *draft : unused);
        return true;
    }

    void skip_to_end() {
        while (!at_word("end") && cursor_.peek().kind != Token::Kind::end) cursor_.next();
        cursor_.next();
    }

    std::string new_name(std::string_view what) {
        const Token& token = cursor_.peek();
        if (token.kind != Token::Kind::word || is_antimony_keyword(token.text))
            cursor_.fail_expected("the name of the " + std::string(what));
        const bool taken = library_.find_model(token.text) || library_.find_function(token.text);
        if (taken || is_builtin_function(token.text) || is_builtin_constant(token.text))
            throw InputError(Fault{"two-definitions",
                                   "'" + token.text + "' is already a model or function",
                                   cursor_.place(token),
                                   {}});
        return cursor_.next().text;
    }

    void model() {
        const Place place = cursor_.place(cursor_.next());
        const bool is_main = cursor_.take("*");
        Draft draft;
        draft.id = new_name("model");
        draft.place = place;
        draft.is_main = is_main;
        if (cursor_.peek().is("(")) ports(draft);
        library_.models.push_back(std::move(draft));
        body(library_.models.back());
    }

    void ports(Draft& draft) {
        cursor_.next();
        while (!cursor_.take(")")) {
            const bool fixed = cursor_.take("$");
            const Token& token = cursor_.peek();
            if (token.kind != Token::Kind::word || is_antimony_keyword(token.text))
                cursor_.fail_expected("the name of a port or ')'");
            cursor_.next();
            Thing& thing = draft.use(token.text, cursor_.place(token));
            if (fixed) thing.constness = Constness::constant;
            draft.ports.push_back(token.text);
            if (!cursor_.take(",") && !cursor_.peek().is(")")) cursor_.fail_expected("',' or ')'");
        }
    }

    void body(Draft& draft) {
        StatementParser statements(library_, draft, cursor_, list_.sources);
        for (;;) {
            skip_ends();
            if (at_word("end")) break;
            if (hopeless_) return;
            if (cursor_.peek().kind == Token::Kind::end || library_.faults.size() >= max_faults)
                return fail_open(draft);
            recovering([&] {
                at_model() && is_model_annotation() ? model_annotation(draft) : inner(draft, statements);
            });
        }
        cursor_.next();
        finish(draft);
    }

    void inner(const Draft& draft, StatementParser& statements) {
        if (at_model() || at_word("function") || at_word("import"))
            cursor_.fail_expected("'end' of the model '" + draft.id + "' opened in line " +
                                  std::to_string(draft.place.line));
        statements.statement();
    }

    void fail_open(const Draft& draft) {
        if (library_.faults.size() < max_faults)
            library_.faults.push_back({"syntax", "model '" + draft.id + "' has no 'end'", draft.place, {}});
    }

    // ── function ──

    void function() {
        FunctionDefinition function;
        function.place = cursor_.place(cursor_.next());
        function.id = new_name("function");
        if (!cursor_.take("(")) cursor_.fail_expected("'(' and the arguments of the function");
        while (!cursor_.take(")")) {
            if (cursor_.peek().kind != Token::Kind::word)
                cursor_.fail_expected("the name of an argument or ')'");
            function.arguments.push_back(cursor_.next().text);
            if (!cursor_.take(",") && !cursor_.peek().is(")")) cursor_.fail_expected("',' or ')'");
        }
        skip_ends();
        function.body = parse_infix(cursor_);
        skip_ends();
        if (!at_word("end")) cursor_.fail_expected("an operator or the 'end' of the function");
        cursor_.next();
        check_arguments(function);
        library_.functions.push_back(std::move(function));
    }

    static void check_arguments(const FunctionDefinition& function) {
        FaultList faults;
        for_each_node(function.body, [&](const Node& node) {
            if (node.op != Op::symbol ||
                std::ranges::find(function.arguments, node.name) != function.arguments.end())
                return;
            faults.add("unknown-name",
                       "'" + node.name + "' is no argument of the function '" + function.id + "'" +
                           did_you_mean(node.name, function.arguments),
                       node.place);
        });
        faults.throw_if_any();
    }

    Library& library_;
    std::vector<std::string> open_files_;
    TokenList list_;
    TokenCursor cursor_;
    bool hopeless_ = false;  ///< reading on would take for ever
};

/// Calls of functions that nobody defines, or with another number of arguments than defined.
void check_calls(const Library& library, const Expression& formula, FaultList& faults) {
    if (!formula) return;
    for_each_node(formula, [&](const Node& node) {
        if (node.op != Op::call) return;
        const auto* function = library.find_function(node.name);
        if (!function) {
            auto names = builtin_functions();
            for (const auto& known : library.functions) names.push_back(known.id);
            faults.add("unknown-function",
                       "unknown function '" + node.name + "'" + did_you_mean(node.name, names), node.place);
        } else if (function->arguments.size() != node.args.size()) {
            faults.add("argument-count",
                       "function '" + node.name + "' takes " + std::to_string(function->arguments.size()) +
                           " argument(s); found " + std::to_string(node.args.size()),
                       node.place);
        }
    });
}

void check_calls(const Library& library, FaultList& faults) {
    for (const auto& function : library.functions) check_calls(library, function.body, faults);
    for (const auto& model : library.models)
        for (const auto& thing : model.things) {
            // What a submodel brings was judged in its own model.
            if (thing.path.find('.') != std::string::npos && thing.formula.owner != "") continue;
            for (const auto* formula : {&thing.formula, &thing.rate, &thing.event.trigger, &thing.event.delay,
                                        &thing.event.priority})
                check_calls(library, formula->math, faults);
            for (const auto& [variable, formula] : thing.event.assignments)
                check_calls(library, formula.math, faults);
        }
}

/// The starred model; or what stands outside of models; or the last model.
const Draft& main_model(const Library& library) {
    const auto starred =
        std::ranges::find_if(library.models.rbegin(), library.models.rend(), &Draft::is_main);
    if (starred != library.models.rend()) return *starred;
    return library.models.front().things.empty() ? library.models.back() : library.models.front();
}

}  // namespace

Spec read(const std::string& text, const std::string& file) {
    require_text(text, file);
    Library library;
    library.models.emplace_back().id = main_id;
    FileParser(library, {file}, text).run();
    FaultList faults;
    for (const auto& fault : library.faults) faults.add(fault.code, fault.message, fault.place, fault.notes);
    check_calls(library, faults);
    faults.throw_if_any();
    finish(library.models.front());
    Spec spec = flatten(main_model(library), library.functions);
    spec.origin = file;
    return spec;
}

}  // namespace abscopal::antimony

namespace abscopal {

Spec read_antimony_text(const std::string& text, const std::string& name) {
    return antimony::read(text, name);
}

Spec read_antimony(const std::string& path) {
    return antimony::read(read_file(path), path);
}

}  // namespace abscopal
