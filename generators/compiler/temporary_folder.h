// A folder of our own under $TMPDIR that goes when the object goes, and signals held while files are put in place.
#pragma once

#include <csignal>
#include <filesystem>
#include <optional>
#include <string_view>

#include "generators/system/locked_folder.h"

namespace senetc {

class TemporaryFolder {
  public:
    TemporaryFolder();  // throws Error
    const std::filesystem::path& path() const { return folder_->path(); }

  private:
    std::optional<LockedFolder> folder_;
};

// A file that others read from a temporary folder: it appears whole. Throws Error.
void write_temporary(const std::filesystem::path& path, std::string_view bytes);

// While one exists, SIGINT and SIGTERM wait.
class SignalsHeld {
  public:
    SignalsHeld();
    ~SignalsHeld();
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;

  private:
    sigset_t before_;
};

}  // namespace senetc
