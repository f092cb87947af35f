// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <array>
#include <cstdio>
#include <exception>

#include "abscopal/error.hpp"
#include "base/version.hpp"
#include "commands.hpp"

namespace abscopal::cli {

// In the order of `abscopal --help`.
void add_run(CLI::App& app);
void add_resume(CLI::App& app);
void add_report(CLI::App& app);
void add_export(CLI::App& app);
void add_simulate(CLI::App& app);
void add_check(CLI::App& app);
void add_explain(CLI::App& app);
void add_convert(CLI::App& app);
void add_schema(CLI::App& app);
void add_conformance(CLI::App& app);
void add_tissue(CLI::App& app);

namespace {

constexpr std::array commands{
    add_run,     add_resume,  add_report, add_export,      add_simulate, add_check,
    add_explain, add_convert, add_schema, add_conformance, add_tissue,
};

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
        return app.exit(error) == 0 ? Exit::ok : Exit::usage;
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
