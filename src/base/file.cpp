// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/text.hpp"

namespace abscopal {
namespace {

[[noreturn]] void fail(const std::string& what, const std::string& path) {
    throw FileError(path + ": " + what + ": " + std::strerror(errno));
}

/// A file descriptor that closes itself.
class Descriptor {
  public:
    Descriptor(const std::string& path, int flags, mode_t mode = 0644)
        : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }
    bool close() {
        const int fd = std::exchange(fd_, -1);
        return fd < 0 || ::close(fd) == 0;
    }

  private:
    int fd_;
};

void write_all(const Descriptor& file, std::string_view content, const std::string& path) {
    while (!content.empty()) {
        const auto n = ::write(file.get(), content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail("cannot write", path);
        content.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace

std::string read_file(const std::string& path, std::size_t limit) {
    const Descriptor file(path, O_RDONLY);
    if (file.get() < 0) fail("cannot open", path);
    struct stat status {};
    if (::fstat(file.get(), &status) == 0 && S_ISDIR(status.st_mode))
        throw FileError(path + ": is a folder, not a file");

    std::string content;
    std::string chunk(std::size_t{1} << 16, '\0');
    for (;;) {
        const auto n = ::read(file.get(), chunk.data(), chunk.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail("cannot read", path);
        if (n == 0) return content;
        content.append(chunk, 0, static_cast<std::size_t>(n));
        if (content.size() > limit) {
            throw InputError({"file-too-large",
                              "file is larger than the limit of " + std::to_string(limit >> 20) + " MB",
                              {path},
                              {}});
        }
    }
}

void write_file(const std::string& path, std::string_view content) {
    const std::string draft = path + ".part";
    {
        Descriptor file(draft, O_WRONLY | O_CREAT | O_TRUNC);
        if (file.get() < 0) fail("cannot create", draft);
        write_all(file, content, draft);
        if (::fsync(file.get()) != 0 || !file.close()) fail("cannot flush", draft);
    }
    if (::rename(draft.c_str(), path.c_str()) != 0) fail("cannot rename to", path);
}

Place place_at(std::string_view text, std::size_t offset, const std::string& file) {
    const std::string_view before = text.substr(0, offset);
    const std::string_view line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0: the first line
    const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    return {file, 1 + static_cast<int>(std::ranges::count(before, '\n')),
            1 + static_cast<int>(std::ranges::count_if(line, starts_character)), 0};
}

void require_text(std::string_view text, const std::string& file) {
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    };
    if (const auto at = invalid_utf8_at(text))
        throw InputError({"not-utf8", "file is not valid UTF-8 text", place_at(text, *at, file), {}});
    if (const auto control = std::ranges::find_if(text, is_control); control != text.end())
        throw InputError({"not-text",
                          "a control character; is this a binary file?",
                          place_at(text, static_cast<std::size_t>(control - text.begin()), file),
                          {}});
}

std::string beside(const std::string& from, const std::string& path) {
    const std::filesystem::path target(path);
    if (target.is_absolute()) return path;
    return (std::filesystem::path(from).parent_path() / target).lexically_normal().string();
}

}  // namespace abscopal
