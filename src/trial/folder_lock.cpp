// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "trial/store.hpp"

namespace abscopal {
namespace {

/// Whether `path` still names the file that is open: a process that ends takes its lock file away.
bool is_at(const std::string& path, int descriptor) {
    struct stat named {
    }, open{};
    return ::stat(path.c_str(), &named) == 0 && ::fstat(descriptor, &open) == 0 &&
           named.st_ino == open.st_ino && named.st_dev == open.st_dev;
}

}  // namespace

FolderLock::FolderLock(const std::string& folder)
    : path_((std::filesystem::path(folder) / "run.lock").string()) {
    while (true) {
        descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (descriptor_ < 0) throw FileError(path_ + ": cannot create: " + std::strerror(errno));
        // The kernel gives the lock back when the process ends, however it ends.
        if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
            ::close(descriptor_);
            throw FileError(folder + ": another process is running a trial in this folder");
        }
        if (is_at(path_, descriptor_)) return;
        ::close(descriptor_);
    }
}

FolderLock::~FolderLock() {
    ::unlink(path_.c_str());
    ::close(descriptor_);
}

}  // namespace abscopal
