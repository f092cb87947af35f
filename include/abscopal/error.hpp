// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// Wrong input is an exception that lists every fault with its place. Numerical trouble is data
/// (see Outcome in state.hpp). A bug is an assert. The library never prints and never exits.
namespace abscopal {

/// Where something stands in a file. Lines and columns count from 1; 0 means "not known".
struct Place {
    std::string file;
    int line = 0;
    int column = 0;
    int length = 0;  ///< characters to underline; 0 underlines one
};

/// One thing that is wrong with an input.
struct Fault {
    std::string code;     ///< stable, e.g. "unknown-key"; docs/guide/errors.md lists them
    std::string message;  ///< what was found and what was expected, one line, no place, no full stop
    Place place;
    std::vector<std::string> notes;  ///< further lines: allowed names, a remedy
};

/// Thrown once per input with all faults found in it (at most 20 are kept).
class InputError : public std::runtime_error {
  public:
    explicit InputError(std::vector<Fault> faults);
    explicit InputError(Fault fault) : InputError(std::vector<Fault>{std::move(fault)}) {}
    const std::vector<Fault>& faults() const { return faults_; }

  private:
    std::vector<Fault> faults_;
};

/// A file could not be read or written (missing, no permission, disk full). CLI exit code 4.
class FileError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Collects faults so that one pass over an input reports them all.
class FaultList {
  public:
    void add(std::string code, std::string message, Place place = {}, std::vector<std::string> notes = {});
    bool empty() const { return faults_.empty(); }
    const std::vector<Fault>& faults() const { return faults_; }
    /// Throws InputError if any fault was added.
    void throw_if_any() const;

  private:
    std::vector<Fault> faults_;
};

/// The candidate nearest to `name` by edit distance (case-insensitive, at most 2 edits and fewer than
/// half the length of `name`), or "" where none is near.
std::string nearest_name(std::string_view name, std::span<const std::string> candidates);

/// "; did you mean 'dose'?" for a near candidate, else "".
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

/// The fault as text: `trial.toml:31:1: unknown key 'dosse' in [[arm]]; did you mean 'dose'?`, then,
/// where the file can be read, the line with the span underlined, then the notes.
std::string describe(const Fault& fault);

}  // namespace abscopal
