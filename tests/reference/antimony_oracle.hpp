// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "support.hpp"

/// libAntimony through its Python package, for tests that hold our reader and writer to it.
namespace abscopal::test {

/// A folder of its own that goes when the test does.
class ScratchFolder {
  public:
    ScratchFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "abscopal_XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~ScratchFolder() { std::filesystem::remove_all(path_); }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

struct OracleTask {
    std::string mode;  ///< "antimony": from SBML; "sbml": from Antimony
    std::filesystem::path in, out;
};

/// What libAntimony says of each task ("ok" or its complaint); nothing where it is not installed.
inline std::optional<std::vector<std::string>> ask_antimony(const std::vector<OracleTask>& tasks) {
    const ScratchFolder folder;
    std::ofstream list(folder / "tasks");
    for (const auto& task : tasks)
        list << task.mode << '\t' << task.in.string() << '\t' << task.out.string() << '\n';
    list.close();
    const std::string command = "python3 '" + (source_dir() / "tests/reference/antimony_oracle.py").string() +
                                "' < '" + (folder / "tasks").string() + "' > '" +
                                (folder / "answers").string() + "' 2> /dev/null";
    if (std::system(command.c_str()) != 0) return std::nullopt;
    std::vector<std::string> answers;
    std::ifstream file(folder / "answers");
    for (std::string line; std::getline(file, line);) answers.push_back(line);
    answers.resize(tasks.size(), "no answer");
    return answers;
}

}  // namespace abscopal::test
