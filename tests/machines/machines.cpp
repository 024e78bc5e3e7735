#include "tests/machines/machines.h"

#include <fmt/format.h>

namespace senetc::test {
namespace {

bool starts(const std::string& command) {
    if (run(command).status == 0) return true;
    fmt::print("SKIPPED: '{}' doesn't start here (./setup --tests installs what it needs)\n", command);
    return false;
}

}  // namespace

bool has_arm() {
    return starts(kSenetOnArm + " --version");
}
bool has_x86() {
    return starts("qemu-x86_64 --version");
}

}  // namespace senetc::test
