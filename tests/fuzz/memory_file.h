// A file in memory that readers can open by a path, so that a fuzzer writes no disk.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace fuzz {

class MemoryFile {
  public:
    MemoryFile() : fd_(memfd_create("fuzz", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(fd_)) {
        if (fd_ < 0) abort();
    }
    ~MemoryFile() { close(fd_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    void set(const uint8_t* bytes, size_t count) {
        if (ftruncate(fd_, 0) != 0 || pwrite(fd_, bytes, count, 0) != ssize_t(count)) abort();
    }
    const std::string& path() const { return path_; }
    int descriptor() const { return fd_; }

  private:
    int fd_;
    std::string path_;
};

}  // namespace fuzz
