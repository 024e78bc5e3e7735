#include "runtime/measure/fma_peak.h"

#include <algorithm>
#include <chrono>
#include <fstream>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace senetc {
namespace {

using Clock = std::chrono::steady_clock;

#if defined(__x86_64__)

// Two FMA units of latency 4 need 8 independent sums, three-cycle-longer ones 10; 12 are within ymm's 16 registers.
constexpr int kSums = 12;

// Keeps a value in its register and hides it from the optimiser.
#define SENETC_KEEP(value, constraint) __asm__ volatile("" : constraint(value))

__attribute__((target("avx2,fma"))) void run_ymm(int64_t rounds) {
    __m256 sums[kSums];
    __m256 factor = _mm256_set1_ps(0.5f), addend = _mm256_set1_ps(1.0f);
    SENETC_KEEP(factor, "+x");
    SENETC_KEEP(addend, "+x");
    for (__m256& sum : sums) sum = addend;
    for (int64_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
        for (int s = 0; s < kSums; ++s) {
            sums[s] = _mm256_fmadd_ps(sums[s], factor, addend);
            SENETC_KEEP(sums[s], "+x");
        }
    }
}

__attribute__((target("avx512f"))) void run_zmm(int64_t rounds) {
    __m512 sums[kSums];
    __m512 factor = _mm512_set1_ps(0.5f), addend = _mm512_set1_ps(1.0f);
    SENETC_KEEP(factor, "+v");
    SENETC_KEEP(addend, "+v");
    for (__m512& sum : sums) sum = addend;
    for (int64_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
        for (int s = 0; s < kSums; ++s) {
            sums[s] = _mm512_fmadd_ps(sums[s], factor, addend);
            SENETC_KEEP(sums[s], "+v");
        }
    }
}

double seconds_of(void (*run)(int64_t), int64_t rounds) {
    const auto begin = Clock::now();
    run(rounds);
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double best_gflops(void (*run)(int64_t), int lanes, double seconds) {
    int64_t rounds = 1000;
    while (seconds_of(run, rounds) < 1e-3) rounds *= 2;  // a slice of 1 to 2 ms, and a warm-up of the wide units
    double best = 0;
    for (const auto begin = Clock::now(); std::chrono::duration<double>(Clock::now() - begin).count() < seconds;)
        best = std::max(best, 2.0 * kSums * lanes * static_cast<double>(rounds) / seconds_of(run, rounds) * 1e-9);
    return best;
}

#endif

}  // namespace

double measure_fma_peak([[maybe_unused]] Vector vector, [[maybe_unused]] double seconds) {
#if defined(__x86_64__)
    if (vector == Vector::ymm && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return best_gflops(run_ymm, 8, seconds);
    if (vector == Vector::zmm && __builtin_cpu_supports("avx512f")) return best_gflops(run_zmm, 16, seconds);
#endif
    return 0;
}

std::string cpu_model_name() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        const size_t colon = line.find(": ");
        if (line.rfind("model name", 0) == 0 && colon != std::string::npos) return line.substr(colon + 2);
    }
    return "unknown";
}

}  // namespace senetc
