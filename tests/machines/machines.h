// Machines that this one isn't, in qemu's user mode.
#pragma once

#include <string>

#include "tests/programs/programs.h"

namespace senetc::test {

// Command lines that begin senet on 64-bit ARM (the arm-64 preset's, in a folder of this build) and on an x86 machine
// of a model that qemu knows. qemu warns of what it can't imitate of a model; that isn't senet's, and dropped.
inline const std::string kSenetOnArm = "qemu-aarch64 " SENET_ARM_PROGRAM;
inline std::string senet_on(const std::string& cpu) {
    return "qemu-x86_64 -cpu " + cpu + " {senet}";
}

// False, and a line that says what is missing, where this can't be tried.
bool has_arm();
bool has_x86();

}  // namespace senetc::test
