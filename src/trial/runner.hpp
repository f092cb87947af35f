// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <memory>
#include <string>

#include "trial/protocol.hpp"
#include "trial/store.hpp"

/// Folders of runs, for whatever works on them.
namespace abscopal {

/// Makes the folder and takes it: refuses one that holds files of others by our names.
FolderLock take_folder(const std::string& folder);

/// The store of this trial, or of a shard of it, in a folder: the one that is there, or a new one. Throws
/// InputError for another trial, unless it is to be replaced.
Store store_for(const StoreHead& head, const std::string& folder, bool overwrite);

/// Goes on to the end of the trial and seals it; false: it was told to stop.
bool carry_on(const Protocol& protocol, Store store, const std::string& folder, const RunOptions& options);

/// Throws InputError if another version of the numerics began the run.
void check_can_go_on(const std::string& folder, const Store& store);

/// Compiles the model from the files in the store, never from the originals. Throws InputError if it is not
/// what it was.
std::shared_ptr<const Model> load_stored_model(const std::string& folder, const StoreHead& head);

/// Patients that a run in a folder is to treat, for progress; of a shard its part.
std::size_t patients_wanted(const std::string& folder);
/// The shard that a folder holds; the whole for a run.
Shard shard_in(const std::string& folder);

}  // namespace abscopal
