#include "generators/compiler/temporary_folder.h"

#include <fmt/format.h>

#include <system_error>

#include "generators/system/whole_file.h"
#include "models/error.h"

namespace fs = std::filesystem;

namespace senetc {
namespace {

sigset_t ending_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::error_code error;
    fs::path base = fs::temp_directory_path(error);
    if (error) base = "/tmp";
    try {
        folder_.emplace(base, "senetc-build-");
    } catch (const std::system_error& error) {
        throw Error(fmt::format("{}: a temporary folder can't be made here ({}); set TMPDIR to another folder",
                                base.string(), error.code().message()));
    }
}

void write_temporary(const fs::path& path, std::string_view bytes) {
    if (const std::error_code error = replace_whole(path, bytes))
        throw Error(
            fmt::format("{}: can't be written ({}); set TMPDIR to another folder", path.string(), error.message()));
}

SignalsHeld::SignalsHeld() {
    const sigset_t set = ending_signals();
    sigprocmask(SIG_BLOCK, &set, &before_);
}

SignalsHeld::~SignalsHeld() {
    sigprocmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace senetc
