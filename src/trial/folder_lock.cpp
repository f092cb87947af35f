// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "trial/store.hpp"

namespace abscopal {

FolderLock::FolderLock(const std::string& folder) : descriptor_(-1) {
    const std::string path = (std::filesystem::path(folder) / "run.lock").string();
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) throw FileError(path + ": cannot create: " + std::strerror(errno));
    // The kernel gives the lock back when the process ends, however it ends.
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor_);
        throw FileError(folder + ": another process is running a trial in this folder");
    }
}

FolderLock::~FolderLock() {
    ::close(descriptor_);
}

}  // namespace abscopal
