// The most that one thread of this CPU multiplies and adds, measured: what kernels are compared with.
#pragma once

#include <string>

namespace senetc {

enum class Vector { ymm, zmm, neon };  // x86's 8 and 16 floats, ARM's 4

// GFLOP/s of fused multiply-adds on registers alone, the best of many slices of about a millisecond; 0 where the CPU
// hasn't got such registers. Takes about `seconds`.
double measure_fma_peak(Vector vector, double seconds = 0.1);

// "AMD EPYC 9R14"; "unknown" where /proc/cpuinfo has no model name.
std::string cpu_model_name();

}  // namespace senetc
