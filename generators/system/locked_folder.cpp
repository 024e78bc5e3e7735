#include "generators/system/locked_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <memory>
#include <system_error>

namespace fs = std::filesystem;

namespace senetc {
namespace {

constexpr size_t kRandomLetters = 6;  // mkdtemp's
std::atomic<int> folders{0};

[[noreturn]] void fail(const fs::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

int open_folder(const fs::path& path) {
    return open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

// False when another process has it, or where the file system has no locks: then nothing is ever taken for abandoned.
bool lock(int folder, int how) {
    int result;
    do result = flock(folder, how);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

bool same(const struct stat& a, const struct stat& b) {
    return a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

// A cleaner may have come between making a folder and locking it.
bool still_there(int folder, const fs::path& path) {
    struct stat locked {
    }, named{};
    return fstat(folder, &locked) == 0 && stat(path.c_str(), &named) == 0 && same(locked, named);
}

bool is_one_of_ours(const fs::path& path, const std::string& prefix) {
    const std::string name = path.filename();
    struct stat status {};
    return name.size() == prefix.size() + kRandomLetters && name.starts_with(prefix) &&
           std::all_of(name.begin() + std::ptrdiff_t(prefix.size()), name.end(),
                       [](unsigned char letter) { return std::isalnum(letter); }) &&
           lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid();
}

struct CloseFolder {
    void operator()(DIR* folder) const { closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

// The folder and the files in it; it has no folders. By hand, because std::filesystem ends the process where memory is
// out while it removes. False when something stayed.
bool remove_folder(const fs::path& path) {
    if (const Folder folder{opendir(path.c_str())})
        while (const dirent* entry = readdir(folder.get())) unlinkat(dirfd(folder.get()), entry->d_name, 0);
    return rmdir(path.c_str()) == 0 || errno == ENOENT;
}

}  // namespace

// Whoever gets the lock at once finds nobody behind the folder.
void LockedFolder::remove_abandoned(const fs::path& parent, const std::string& prefix) {
    const Folder names{opendir(parent.c_str())};
    while (const dirent* entry = names ? readdir(names.get()) : nullptr) {
        const fs::path path = parent / entry->d_name;
        if (!is_one_of_ours(path, prefix)) continue;
        const int folder = open_folder(path);
        if (folder >= 0 && lock(folder, LOCK_EX | LOCK_NB)) remove_folder(path);
        if (folder >= 0) close(folder);
    }
}

LockedFolder::LockedFolder(const fs::path& parent, const std::string& prefix) {
    remove_abandoned(parent, prefix);
    const std::string pattern = parent / (prefix + "XXXXXX");
    folders++;
    for (;;) {
        std::string name = pattern;
        if (!mkdtemp(name.data())) fail(parent);
        try {
            path_ = name;
            lock_ = open_folder(path_);
            if (lock_ < 0 && errno != ENOENT) fail(parent);
        } catch (...) {
            rmdir(name.c_str());
            throw;
        }
        if (lock_ >= 0) lock(lock_, LOCK_EX);
        if (lock_ >= 0 && still_there(lock_, path_)) break;
        if (lock_ >= 0) close(lock_);
    }
    before_ = last_;
    last_ = this;
}

LockedFolder* LockedFolder::last_ = nullptr;

bool LockedFolder::any() {
    return folders > 0;
}

bool LockedFolder::holds(int folder) {
    struct stat asked {
    }, own{};
    if (fstat(folder, &asked) != 0) return false;
    for (const LockedFolder* f = last_; f != nullptr; f = f->before_)
        if (fstat(f->lock_, &own) == 0 && same(asked, own)) return true;
    return false;
}

LockedFolder::~LockedFolder() {
    if (!remove_folder(path_)) remove_folder(path_);  // the first may have lacked memory
    close(lock_);
    LockedFolder** place = &last_;
    while (*place != this) place = &(*place)->before_;
    *place = before_;
}

FolderLock::FolderLock(const fs::path& folder) : lock_(open_folder(folder)) {
    if (lock_ < 0) fail(folder);
    if (!LockedFolder::holds(lock_)) lock(lock_, LOCK_EX);
}

FolderLock::~FolderLock() {
    close(lock_);
}

}  // namespace senetc
