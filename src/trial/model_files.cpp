// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/model_files.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "abscopal/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;

/// The files named by `import "file"` statements of an Antimony text. A name in a comment does no harm: what
/// does not exist is left out.
std::vector<fs::path> imported(const fs::path& file, const std::string& content) {
    std::vector<fs::path> found;
    for (const auto& line : split(content, '\n')) {
        auto statement = trim(line);
        if (!statement.starts_with("import")) continue;
        const auto open = statement.find('"'), close = statement.find('"', open + 1);
        if (open == std::string_view::npos || close == std::string_view::npos) continue;
        const auto path =
            (file.parent_path() / statement.substr(open + 1, close - open - 1)).lexically_normal();
        if (fs::is_regular_file(path)) found.push_back(path);
    }
    return found;
}

fs::path common_folder(const std::vector<ModelFile>& files) {
    fs::path folder = fs::path(files.front().path).parent_path();
    for (const auto& file : files)
        while (file.path.rfind((folder / "").string(), 0) != 0 && folder.has_relative_path())
            folder = folder.parent_path();
    return folder;
}

}  // namespace

std::vector<ModelFile> collect_model_files(const std::string& path) {
    std::vector<ModelFile> files;
    std::vector<fs::path> waiting{fs::absolute(path).lexically_normal()};
    while (!waiting.empty()) {
        const fs::path next = waiting.back();
        waiting.pop_back();
        const auto is_known = [&](const auto& file) { return file.path == next.string(); };
        if (std::any_of(files.begin(), files.end(), is_known)) continue;
        files.push_back({next.string(), read_file(next.string())});
        for (auto& import : imported(next, files.back().content)) waiting.push_back(std::move(import));
    }
    const fs::path folder = common_folder(files);
    for (auto& file : files) file.path = fs::path(file.path).lexically_relative(folder).generic_string();
    return files;
}

std::string unpack_model_files(const std::vector<ModelFile>& files, const std::string& folder) {
    for (const auto& file : files) {
        const fs::path target = fs::path(folder) / file.path;
        std::error_code error;
        fs::create_directories(target.parent_path(), error);
        if (error)
            throw FileError(target.parent_path().string() + ": cannot create the folder: " + error.message());
        write_file(target.string(), file.content);
    }
    return (fs::path(folder) / files.front().path).string();
}

}  // namespace abscopal
