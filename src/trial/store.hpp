// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/result.hpp"
#include "trial/database.hpp"
#include "trial/model_files.hpp"

/// DIR/run.sqlite: what a run keeps. Written in blocks of candidates, each in one transaction with a rollback
/// journal and full flushing, so that a process killed at any moment leaves whole blocks behind and nothing
/// else.
namespace abscopal {

/// What is known before the first candidate and never changes after.
struct StoreHead {
    Trial trial;
    std::vector<std::string> parameters;
    std::vector<double> record_days;
    std::vector<ModelFile> model_files;
    std::map<std::string, std::string>
        manifest;  ///< "model_digest", "trial_digest"; create() adds versions and seed
};

/// Candidates `first` … in index order, and the courses of those treated.
struct Block {
    std::size_t first = 0;
    std::vector<Candidate> candidates;
    std::vector<Course> courses;
};

/// How far a run has come.
struct Tally {
    std::size_t drawn = 0, treated = 0, failed = 0;  ///< failed: patients, in growth or in any arm
    bool operator==(const Tally&) const = default;
};

struct StoredPatient;

std::string store_path(const std::string& folder);

/// A complete run is sealed: run.sha256 beside the store holds the digest of the whole file, in the form
/// `sha256sum -c` reads, so that any change of it can be told.
void seal(const std::string& folder);
bool is_sealed(const std::string& folder);

/// Refuses other processes for as long as it lives. Throws FileError if one is at work in the folder.
class FolderLock {
  public:
    explicit FolderLock(const std::string& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    std::string path_;
    int descriptor_ = -1;
};

class Store {
  public:
    /// A store without candidates takes its place in one step, over any that was there.
    static Store create(const std::string& folder, const StoreHead& head);
    /// Checks the seal, if there is one, the structure, and the head against its checksum. Throws FileError.
    static Store open(const std::string& folder);
    static bool exists(const std::string& folder);

    const StoreHead& head() const { return head_; }
    const Tally& tally() const { return tally_; }
    void append(const Block& block);

    /// All candidates in order with their courses, each checked before `take` has it, one at a time. Returns
    /// Result::result_digest. Throws FileError.
    std::string each(const std::function<void(StoredPatient&)>& take);
    /// All of them into the Result.
    void load(Result& result);
    /// The rows of treated patients.
    void each_treated(const std::function<void(const std::vector<double>&)>& take);

    Database& database() { return database_; }

    void begin_session(const RunOptions& options);
    void end_session(const RunOptions& options);

  private:
    explicit Store(Database database) : database_(std::move(database)) {}
    void write_head(const StoreHead& head);
    void read_head();
    void count();

    Database database_;
    StoreHead head_;
    Tally tally_;
    std::size_t n_blocks_ = 0;
};

}  // namespace abscopal
