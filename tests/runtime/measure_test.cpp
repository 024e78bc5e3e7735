// The measured peaks are within what CPUs can do.
#include <doctest/doctest.h>

#include <chrono>

#include "runtime/core/cpu.h"
#include "runtime/measure/bandwidth.h"
#include "runtime/measure/fma_peak.h"

#if defined(__x86_64__)
namespace {

// A chain of dependent integer multiplications, 3 cycles each on all x86 CPUs of the last ten years.
double measure_gigahertz() {
    using Clock = std::chrono::steady_clock;
    double best = 0;
    for (int slice = 0; slice < 50; ++slice) {
        uint64_t value = 3;
        const auto begin = Clock::now();
        for (int i = 0; i < 200'000; ++i) __asm__ volatile("imul %0, %0" : "+r"(value));
        best = std::max(best, 3 * 200'000 / std::chrono::duration<double>(Clock::now() - begin).count() * 1e-9);
    }
    return best;
}

}  // namespace

TEST_CASE("the FMA peak is that of one or two vectors a cycle") {
    const uint64_t features = senet::cpu_features(senet::read_cpu());
    const double ymm = senetc::measure_fma_peak(senetc::Vector::ymm);
    const double zmm = senetc::measure_fma_peak(senetc::Vector::zmm);
    const double gigahertz = measure_gigahertz();
    MESSAGE(senetc::cpu_model_name(), ": ", gigahertz, " GHz, ymm ", ymm, ", zmm ", zmm, " GFLOP/s");
    CHECK((ymm > 0) == ((features & SENET_CPU_X86_AVX2) != 0));
    CHECK((zmm > 0) == ((features & SENET_CPU_X86_AVX512) != 0));
    CHECK(senetc::measure_fma_peak(senetc::Vector::neon) == 0);
    // 16 FLOP per ymm FMA, 32 per zmm one; half of it for a busy machine and clocks that change.
    if (ymm > 0) CHECK((ymm > 0.5 * 16 * gigahertz && ymm < 1.5 * 32 * gigahertz));
    if (zmm > 0) CHECK((zmm > 0.5 * 32 * gigahertz && zmm < 1.5 * 64 * gigahertz));
}
#else
TEST_CASE("the FMA peak is that of this machine's registers") {
    CHECK(senetc::measure_fma_peak(senetc::Vector::neon) > 0);
    CHECK(senetc::measure_fma_peak(senetc::Vector::ymm) == 0);
    CHECK(senetc::measure_fma_peak(senetc::Vector::zmm) == 0);
}
#endif

TEST_CASE("a small block is read no slower than one that lies in memory") {
    const double small = senetc::measure_read_bandwidth(16 << 10), memory = senetc::measure_memory_bandwidth(0.1);
    MESSAGE("16 KiB ", small, " GB/s, second level ", senetc::measure_l2_bandwidth(), ", memory ", memory);
    CHECK(memory > 0);
    CHECK(small > 0.8 * memory);
    CHECK(senetc::measure_read_bandwidth(0) == 0);
}

TEST_CASE("the CPU has a name") {
    CHECK_FALSE(senetc::cpu_model_name().empty());
}
