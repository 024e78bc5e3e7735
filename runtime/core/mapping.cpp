#include "runtime/core/mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>

#include "runtime/core/status.h"

namespace senet {
namespace {

struct Descriptor {
    int number;
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
};

}  // namespace

senet_status Mapping::open(const char* path) {
    close();
    // O_NONBLOCK: opening a pipe must not wait for its other end.
    const Descriptor file{::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.number < 0) {
        const bool missing = errno == ENOENT || errno == ENOTDIR;
        return fail(missing ? SENET_NOT_FOUND : SENET_IO_ERROR, "%.800s can't be opened: %m", path);
    }
    struct stat info;
    if (fstat(file.number, &info) != 0) return fail(SENET_IO_ERROR, "%.800s can't be read: %m", path);
    if (S_ISDIR(info.st_mode)) return fail(SENET_BAD_FILE, "%.800s is a directory: name the file in it", path);
    if (!S_ISREG(info.st_mode)) return fail(SENET_BAD_FILE, "%.800s is not a regular file", path);
    if (info.st_size == 0) return fail(SENET_BAD_FILE, "%.800s is empty: copy or build it again", path);
    const size_t size = static_cast<size_t>(info.st_size);
    // Every byte is about to be hashed: mapping all pages at once is cheaper than a fault for each group of them.
    void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file.number, 0);
    if (data == MAP_FAILED) return fail(SENET_IO_ERROR, "%.800s can't be mapped: %m", path);
    data_ = static_cast<const uint8_t*>(data);
    size_ = size;
    return SENET_OK;
}

void Mapping::close() {
    if (data_ != nullptr) munmap(const_cast<uint8_t*>(data_), size_);
    data_ = nullptr;
    size_ = 0;
}

void Mapping::take(Mapping& other) {
    close();
    data_ = other.data_;
    size_ = other.size_;
    other.data_ = nullptr;
    other.size_ = 0;
}

}  // namespace senet
