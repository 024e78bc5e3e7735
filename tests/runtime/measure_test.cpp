// The measured FMA peak is within what any CPU can do.
#include <doctest/doctest.h>

#include "runtime/core/cpu.h"
#include "runtime/measure/fma_peak.h"

TEST_CASE("the FMA peak is that of one to two vectors a cycle, and wider vectors are no slower") {
    const uint64_t features = senet::cpu_features(senet::read_cpu());
    const double ymm = senetc::measure_fma_peak(senetc::Vector::ymm);
    const double zmm = senetc::measure_fma_peak(senetc::Vector::zmm);
    MESSAGE(senetc::cpu_model_name(), ": ymm ", ymm, " zmm ", zmm, " GFLOP/s");
    CHECK((ymm > 0) == ((features & SENET_CPU_X86_AVX2) != 0));
    if (ymm > 0) CHECK((ymm > 8 && ymm < 32 * 7));  // 16 to 32 FLOP a cycle, 0.5 to 7 GHz
    if (zmm > 0) CHECK((zmm > 0.8 * ymm && zmm < 64 * 7));
}

TEST_CASE("the CPU has a name") {
    CHECK_FALSE(senetc::cpu_model_name().empty());
}
