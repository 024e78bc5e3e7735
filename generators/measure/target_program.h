// The programs that senetc links with what it measures (cmake/TargetProgram.cmake), as object files.
#pragma once

#include <string>
#include <string_view>

namespace senetc {

// name: "measure_stage", "measure_network"; target: a name of generators/compiler/targets.h. Throws Error when this
// senetc was built without the target's compiler.
std::string_view target_program(const std::string& name, const std::string& target);

}  // namespace senetc
