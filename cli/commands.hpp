// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <CLI/App.hpp>

/// One function a subcommand, each in cli/<name>.cpp: declares options and the callback that runs it.
namespace abscopal::cli {

/// Exit codes of docs/guide/errors.md.
enum Exit : int {
    ok = 0,
    usage = 1,
    invalid_input = 2,
    too_many_failed = 3,
    file_error = 4,
    internal_error = 5,
    stopped = 75,
    interrupted = 130
};

/// A callback ends with another code than 0 by throwing this.
struct ExitWith {
    int code;
};

using AddCommand = void (*)(CLI::App& app);

}  // namespace abscopal::cli
