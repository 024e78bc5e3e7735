// What Halide made of a stage for a GPU.
#pragma once

#include <Halide.h>

#include <string>

namespace senetc {

// The PTX, or OpenCL C, of all the module's kernels. Throws Error when there is none, or when a loop is left to the
// CPU, which can't read what lies on the device.
std::string gpu_source_of(const Halide::Module& module);

}  // namespace senetc
