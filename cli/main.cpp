// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "abscopal/error.hpp"
#include "base/version.hpp"
#include "commands.hpp"

namespace abscopal::cli {

// In the order of `abscopal --help`.
void add_run(CLI::App& app);
void add_resume(CLI::App& app);
void add_merge(CLI::App& app);
void add_replay(CLI::App& app);
void add_report(CLI::App& app);
void add_export(CLI::App& app);
void add_simulate(CLI::App& app);
void add_check(CLI::App& app);
void add_explain(CLI::App& app);
void add_calibrate(CLI::App& app);
void add_design(CLI::App& app);
void add_why(CLI::App& app);
void add_convert(CLI::App& app);
void add_schema(CLI::App& app);
void add_conformance(CLI::App& app);
void add_tissue(CLI::App& app);

namespace {

constexpr std::array commands{
    add_run,     add_resume,    add_merge, add_replay, add_report,  add_export, add_simulate,    add_check,
    add_explain, add_calibrate, add_why,   add_design, add_convert, add_schema, add_conformance, add_tissue,
};

const CLI::App* command_named(const std::vector<CLI::App*>& all, const std::string& name) {
    for (const auto* command : all)
        if (command->get_name() == name) return command;
    return nullptr;
}

/// The first word of the command line that is no command or no option of it, with the nearest that is.
std::string unknown_word(CLI::App& app, const std::vector<std::string>& words) {
    const auto all = app.get_subcommands([](CLI::App*) { return true; });
    if (words.empty() || words.front().starts_with('-')) return {};
    const CLI::App* command = command_named(all, words.front());
    std::vector<std::string> known;
    if (!command) {
        for (const auto* candidate : all) known.push_back(candidate->get_name());
        return "unknown command '" + words.front() + "'" + did_you_mean(words.front(), known);
    }
    for (const auto* option : command->get_options())
        for (const auto& name : option->get_lnames()) known.push_back("--" + name);
    for (const auto& word : words) {
        const std::string name = word.substr(0, word.find('='));
        if (word.starts_with("--") && word != "--" && std::ranges::find(known, name) == known.end())
            return "unknown option '" + name + "'" + did_you_mean(name, known);
    }
    return {};
}

int report(CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words) {
    const std::string unknown = error.get_exit_code() == 0 ? "" : unknown_word(app, words);
    if (unknown.empty()) return app.exit(error) == 0 ? Exit::ok : Exit::usage;
    std::fprintf(stderr, "%s\nRun with --help for more information.\n", unknown.c_str());
    return Exit::usage;
}

int report(const InputError& error) {
    for (const auto& fault : error.faults()) std::fprintf(stderr, "%s\n", describe(fault).c_str());
    return Exit::invalid_input;
}

int report(const char* kind, const std::exception& error, int code) {
    std::fprintf(stderr, "%s%s\n", kind, error.what());
    return code;
}

int run(int argc, char** argv) {
    CLI::App app{"Abscopal: virtual clinical trials of cancer immunotherapy", "abscopal"};
    app.set_version_flag(
        "--version",
        std::string(version()) + (git_commit().empty() ? "" : " (" + std::string(git_commit()) + ")"));
    app.require_subcommand(1);
    for (const auto add : commands) add(app);
    try {
        app.parse(argc, argv);
        return Exit::ok;
    } catch (const CLI::ParseError& error) {
        return report(app, error, {argv + 1, argv + argc});
    } catch (const ExitWith& exit) {
        return exit.code;
    } catch (const InputError& error) {
        return report(error);
    } catch (const FileError& error) {
        return report("", error, Exit::file_error);
    } catch (const std::exception& error) {
        return report("internal error (please report it): ", error, Exit::internal_error);
    }
}

}  // namespace
}  // namespace abscopal::cli

int main(int argc, char** argv) {
    return abscopal::cli::run(argc, argv);
}
