#include "models/weights/file_mapping.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "models/error.h"

namespace senetc {
namespace {

struct Descriptor {
    int number;
    ~Descriptor() {
        if (number >= 0) close(number);
    }
};

}  // namespace

FileMapping::FileMapping(const std::string& path) {
    Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat status {};
    if (file.number < 0 || fstat(file.number, &status) != 0)
        throw Error(fmt::format("{}: can't be opened: {}", path, std::strerror(errno)));
    if (!S_ISREG(status.st_mode)) throw Error(fmt::format("{}: is not a file", path));
    if (status.st_size == 0) throw Error(fmt::format("{}: is empty", path));
    size_ = static_cast<size_t>(status.st_size);
    void* mapped = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.number, 0);
    if (mapped == MAP_FAILED) throw Error(fmt::format("{}: can't be mapped: {}", path, std::strerror(errno)));
    data_ = static_cast<const char*>(mapped);
}

FileMapping::~FileMapping() {
    munmap(const_cast<char*>(data_), size_);
}

}  // namespace senetc
