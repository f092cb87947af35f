// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <string>

#include "abscopal/spec.hpp"
#include "base/file.hpp"
#include "commands.hpp"

namespace abscopal::cli {

namespace {

bool is_antimony(const std::string& path) {
    return path.ends_with(".ant") || path.ends_with(".txt");
}

std::string check_ending(const std::string& path) {
    const bool known = is_antimony(path) || path.ends_with(".xml") || path.ends_with(".sbml");
    return known ? "" : "'" + path + "' must end in .xml or .sbml (SBML) or .ant or .txt (Antimony)";
}

}  // namespace

void add_convert(CLI::App& app) {
    struct Options {
        std::string in, out;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "convert", "Turn a model into another format, told by the ending of OUT (.xml or .ant)");
    command->add_option("IN", options->in, "model to read: SBML or Antimony")->required();
    command->add_option("OUT", options->out, "file to write")->required()->check(check_ending);
    command->callback([options] {
        const Spec spec = read_spec(options->in);
        write_file(options->out, is_antimony(options->out) ? write_antimony(spec) : write_sbml(spec));
    });
}

}  // namespace abscopal::cli
