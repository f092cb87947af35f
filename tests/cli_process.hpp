// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include "support.hpp"

/// The program as a process of its own, to be watched, signalled and killed.
namespace abscopal::test {

class CliProcess {
  public:
    /// Standard output and error go to `log`.
    CliProcess(std::vector<std::string> arguments, const std::string& log) {
        arguments.insert(arguments.begin(), cli_path());
        std::vector<char*> argv;
        for (auto& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        id_ = ::fork();
        if (id_ != 0) return;
        const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        ::dup2(file, STDOUT_FILENO);
        ::dup2(file, STDERR_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    CliProcess(const CliProcess&) = delete;
    CliProcess& operator=(const CliProcess&) = delete;
    ~CliProcess() {
        if (id_ <= 0) return;
        ::kill(id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
    }
    void signal(int number) const { ::kill(id_, number); }
    /// Exit code, or minus the signal that ended it.
    int wait() {
        int status = 0;
        ::waitpid(id_, &status, 0);
        id_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

  private:
    pid_t id_ = 0;
};

inline int run_cli(const std::vector<std::string>& arguments, const std::string& log) {
    return CliProcess(arguments, log).wait();
}

}  // namespace abscopal::test
