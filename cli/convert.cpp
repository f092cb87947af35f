// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>

#include "abscopal/spec.hpp"
#include "base/file.hpp"
#include "commands.hpp"

namespace abscopal::cli {

void add_convert(CLI::App& app) {
    struct Options {
        std::string in, out;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "convert", "Turn a model into another format, told by the ending of OUT (.xml or .ant)");
    command->add_option("IN", options->in, "model to read: SBML or Antimony")->required();
    command->add_option("OUT", options->out, "file to write")->required();
    command->callback([options] {
        const Spec spec = read_spec(options->in);
        const bool antimony = options->out.ends_with(".ant") || options->out.ends_with(".txt");
        write_file(options->out, antimony ? write_antimony(spec) : write_sbml(spec));
    });
}

}  // namespace abscopal::cli
