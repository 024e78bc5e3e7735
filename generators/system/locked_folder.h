// A temporary folder that goes when the object goes, or, when its process was killed, when the next one is made beside
// it: its maker holds a lock on it, which the system drops at the process's end, however that comes.
#pragma once

#include <filesystem>
#include <string>

namespace senetc {

class LockedFolder {
  public:
    // Removes what was abandoned beside it, then makes parent/<prefix>XXXXXX. Throws std::system_error.
    LockedFolder(const std::filesystem::path& parent, const std::string& prefix);
    ~LockedFolder();
    LockedFolder(const LockedFolder&) = delete;
    LockedFolder& operator=(const LockedFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

    static bool any();              // whether this process has made one
    static bool holds(int folder);  // whether this open folder is one that this process has made

    // What other processes left and nobody holds any more.
    static void remove_abandoned(const std::filesystem::path& parent, const std::string& prefix);

  private:
    static LockedFolder* last_;  // of this process, made and removed by one thread

    std::filesystem::path path_;
    int lock_ = -1;
    LockedFolder* before_ = nullptr;
};

// Holds a folder against other processes that do the same; waits for them, but not for a LockedFolder of this process,
// which nobody else uses. Throws std::system_error.
class FolderLock {
  public:
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int lock_;
};

}  // namespace senetc
