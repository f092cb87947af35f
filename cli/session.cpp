// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "session.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <thread>

#include "abscopal/report.hpp"
#include "base/file.hpp"
#include "commands.hpp"
#include "progress.hpp"
#include "trial/replay.hpp"
#include "trial/runner.hpp"

namespace abscopal::cli {
namespace {

// A signal handler can reach nothing but a global.
std::atomic<int> stop_level{0};

/// The store is whole at any moment, so a second signal may end the process on the spot.
extern "C" void on_signal(int signal) {
    if (stop_level.fetch_add(1) > 0) ::_exit(128 + signal);
}

void install(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

std::string machine() {
    struct utsname name {};
    ::uname(&name);
    return std::string(name.nodename) + ", " + name.sysname + " " + name.release + " " + name.machine + ", " +
           std::to_string(std::thread::hardware_concurrency()) + " cores";
}

}  // namespace

std::string code_cache() {
    const auto folder = [](const char* variable, const char* below) {
        const char* value = std::getenv(variable);
        return value && *value ? std::string(value) + below : std::string{};
    };
    const std::string own = folder("XDG_CACHE_HOME", "/abscopal");
    return own.empty() ? folder("HOME", "/.cache/abscopal") : own;
}

const std::atomic<int>& watch_signals(bool is_on) {
    install(is_on ? on_signal : SIG_DFL);
    return stop_level;
}

std::string utc_now() {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

void write_outputs(const Result& result, const std::string& folder) {
    const std::filesystem::path path(folder);
    write_file((path / "report.html").string(), html_report(result));
    write_file((path / "summary.json").string(), summary_json(result));
}

namespace {

constexpr std::size_t most_said = 10;

/// Each failed course with the command that shows why.
void say_failures(const Result& result, const SessionOptions& options) {
    const auto failures = failures_of(result, options.folder);
    if (failures.empty() || options.quiet) return;
    const std::size_t n = n_failures(result);
    std::fprintf(stderr, "%zu integrations failed:\n", n);
    for (std::size_t i = 0; i < failures.size() && i < most_said; ++i)
        std::fprintf(stderr, "  %s: %s\n", failures[i].what.c_str(), failures[i].command.c_str());
    if (n > most_said)
        std::fprintf(stderr, "  and %zu more, listed in the report and in the view failures of run.sqlite\n",
                     n - most_said);
}

}  // namespace

void run_session(const SessionOptions& options, const std::function<bool(const RunOptions&)>& work) {
    Progress progress(options.n_patients, options.quiet);
    RunOptions run_options;
    run_options.threads = options.threads;
    run_options.overwrite = options.overwrite;
    run_options.stop = &stop_level;
    run_options.clock = utc_now;
    run_options.machine = machine();
    run_options.code_cache = code_cache();
    run_options.progress = [&](std::size_t drawn, std::size_t treated, std::size_t failed) {
        progress.show(drawn, treated, failed);
    };
    install(on_signal);
    const bool is_complete = work(run_options);
    install(SIG_DFL);
    progress.end();
    if (!is_complete) {
        std::fprintf(stderr, "Stopped; `abscopal resume %s` goes on.\n", options.folder.c_str());
        throw ExitWith{Exit::stopped};
    }

    if (const Shard shard = shard_in(options.folder); !shard.is_whole()) {
        if (!options.quiet)
            std::fprintf(stderr, "Shard %zu of %zu is done; `abscopal merge` joins all.\n", shard.number,
                         shard.of);
        return;
    }
    const Result result = load_result(options.folder, kept_whole);
    write_outputs(result, options.folder);
    if (!options.quiet)
        std::fprintf(stderr, "Result: %s\n", (std::filesystem::path(options.folder) / "report.html").c_str());
    say_failures(result, options);
    if (const double share = failed_share(result); share > result.trial.max_failed) {
        std::fprintf(stderr, "%.3g %% of the patients failed; the trial allows %.3g %%\n", 100.0 * share,
                     100.0 * result.trial.max_failed);
        throw ExitWith{Exit::too_many_failed};
    }
}

}  // namespace abscopal::cli
