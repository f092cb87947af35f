// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <vector>

/// The text of a model, so that a run can be gone on with when its originals have changed or gone.
namespace abscopal {

struct ModelFile {
    std::string path;  ///< from the folder that holds all files of the model; never leaves it
    std::string content;
};

/// The model's file, first, and every file it imports. Throws FileError.
std::vector<ModelFile> collect_model_files(const std::string& path);

/// Writes them below `folder` and returns the path of the model's file. Throws FileError.
std::string unpack_model_files(const std::vector<ModelFile>& files, const std::string& folder);

}  // namespace abscopal
