#include "runtime/cli/output/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "runtime/cli/error.h"
#include "runtime/cli/output/interrupt.h"

namespace senet::cli {

namespace {

constexpr size_t buffer_bytes = 1 << 16;

// The file that a chain of symbolic links ends at, so that the link stays a link.
std::string target_of(const std::string& path) {
    std::error_code error;
    const std::filesystem::path target = std::filesystem::weakly_canonical(path, error);
    return error ? path : target.string();
}

mode_t current_umask() {
    const mode_t mask = umask(0);
    umask(mask);
    return mask;
}

}  // namespace

OutputFile::OutputFile() : path_("standard output"), fd_(STDOUT_FILENO), owns_fd_(false) {}

OutputFile::OutputFile(const std::string& path) : path_(path) {
    struct stat status {};
    if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        fd_ = open(path.c_str(), O_WRONLY | O_CLOEXEC);  // a folder fails here: EISDIR
        if (fd_ < 0) fail(errno);
        return;
    }
    path_ = target_of(path);
    std::string name = path_ + ".XXXXXX";
    const InterruptGuard guard;  // no moment at which the file exists and an interrupt would leave it
    fd_ = mkostemp(name.data(), O_CLOEXEC);
    if (fd_ < 0) fail(errno);
    temporary_ = std::move(name);
    remove_when_interrupted(temporary_);
    fchmod(fd_, 0666 & ~current_umask());
}

OutputFile::~OutputFile() {
    if (!temporary_.empty()) {
        const InterruptGuard guard;
        unlink(temporary_.c_str());
        keep_when_interrupted(temporary_);
    }
    if (owns_fd_) close(fd_);
}

void OutputFile::fail(int error) const {
    throw Error("can't write '{}': {}", path_, errno_text(error));
}

void OutputFile::write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= buffer_bytes) flush();
}

void OutputFile::flush() {
    write_now(buffer_.data(), buffer_.size());
    buffer_.clear();
}

void OutputFile::write_now(const char* bytes, size_t count) {
    while (count > 0) {
        const ssize_t written = ::write(fd_, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(errno);
        bytes += written;
        count -= size_t(written);
    }
}

void OutputFile::write_at(uint64_t offset, const void* bytes, size_t count) {
    const char* from = static_cast<const char*>(bytes);
    while (count > 0) {
        const ssize_t written = pwrite(fd_, from, count, off_t(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(errno);
        from += written;
        offset += uint64_t(written);
        count -= size_t(written);
    }
}

void OutputFile::commit() {
    flush();
    if (temporary_.empty()) return;
    if (fsync(fd_) != 0) fail(errno);
    const InterruptGuard guard;
    if (rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
    keep_when_interrupted(temporary_);
    temporary_.clear();
}

}  // namespace senet::cli
