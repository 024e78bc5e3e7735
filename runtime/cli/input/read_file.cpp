#include "runtime/cli/input/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "runtime/cli/error.h"

namespace senet::cli {

namespace {

struct Descriptor {
    int fd;
    ~Descriptor() { close(fd); }
};

}  // namespace

std::vector<uint8_t> read_file(const std::string& path, uint64_t max_bytes) {
    const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.fd < 0) throw Error("can't open the file: {}", errno_text(errno));
    struct stat status {};
    std::vector<uint8_t> bytes;
    if (fstat(file.fd, &status) == 0 && S_ISREG(status.st_mode) && uint64_t(status.st_size) <= max_bytes) {
        bytes.resize(size_t(status.st_size) + 1);  // one more, so that the end is found without growing
    }
    size_t used = 0;
    while (true) {
        if (used > max_bytes) throw Error("the file is larger than {} MiB", max_bytes >> 20);
        if (used == bytes.size()) bytes.resize(std::max<size_t>(65536, 2 * used));
        const ssize_t got = read(file.fd, bytes.data() + used, bytes.size() - used);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Error("can't read the file: {}", errno_text(errno));
        if (got == 0) break;
        used += size_t(got);
    }
    bytes.resize(used);
    return bytes;
}

}  // namespace senet::cli
