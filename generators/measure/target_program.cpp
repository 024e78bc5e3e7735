#include "generators/measure/target_program.h"

#include <fmt/format.h>

#include "models/error.h"

extern "C" {
extern const char senetc_measure_stage_x86_64[], senetc_measure_stage_x86_64_end[];
extern const char senetc_measure_stage_arm_64[], senetc_measure_stage_arm_64_end[];
extern const char senetc_measure_network_x86_64[], senetc_measure_network_x86_64_end[];
extern const char senetc_measure_network_arm_64[], senetc_measure_network_arm_64_end[];
}

namespace senetc {
namespace {

struct TargetProgram {
    const char *name, *target, *begin, *end;
};
const TargetProgram kPrograms[] = {
    {"measure_stage", "x86-64", senetc_measure_stage_x86_64, senetc_measure_stage_x86_64_end},
    {"measure_stage", "arm-64", senetc_measure_stage_arm_64, senetc_measure_stage_arm_64_end},
    {"measure_network", "x86-64", senetc_measure_network_x86_64, senetc_measure_network_x86_64_end},
    {"measure_network", "arm-64", senetc_measure_network_arm_64, senetc_measure_network_arm_64_end},
};

}  // namespace

std::string_view target_program(const std::string& name, const std::string& target) {
    for (const TargetProgram& program : kPrograms)
        if (name == program.name && target == program.target && program.begin != program.end)
            return {program.begin, static_cast<size_t>(program.end - program.begin)};
    throw Error(fmt::format(
        "this senetc can't measure for {}: it was built without that machine's C++ compiler; install {} and build "
        "senetc again",
        target, target == "arm-64" ? "g++-aarch64-linux-gnu" : "g++"));
}

}  // namespace senetc
