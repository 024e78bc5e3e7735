// The same schedules as on a GPU, with kernels in OpenCL, run wherever a driver for that is: on CPUs by PoCL.
#pragma once

#include <string>

namespace senetc::test {

// "" where kernels in OpenCL run, else what is missing.
std::string missing_for_opencl();

}  // namespace senetc::test
