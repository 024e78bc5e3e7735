// A folder of our own under $TMPDIR that goes when the object goes, and signals held while files are put in place.
#pragma once

#include <csignal>
#include <filesystem>

namespace senetc {

class TemporaryFolder {
  public:
    TemporaryFolder();  // throws Error
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

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
