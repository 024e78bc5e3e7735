#include "runtime/measure/fma_peak.h"

#include <algorithm>
#include <chrono>
#include <fstream>

namespace senetc {
namespace {

using Clock = std::chrono::steady_clock;

#if defined(__x86_64__)

// Two FMA units of latency 4 or 5 need 8 to 10 independent sums; 12 with two operands fit in ymm's 16 registers.
// Assembly, since a compiler is free to keep sums in memory, which would measure that.
constexpr int kSums = 12;

#define SENETC_FMA(r, sum) "vfmadd132ps %%" r "13, %%" r "12, %%" r #sum "\n\t"
#define SENETC_SET(r, sum) "vmovaps %%" r "12, %%" r #sum "\n\t"
#define SENETC_EACH(line, r)                                                                                      \
    line(r, 0) line(r, 1) line(r, 2) line(r, 3) line(r, 4) line(r, 5) line(r, 6) line(r, 7) line(r, 8) line(r, 9) \
        line(r, 10) line(r, 11)
// sum = sum * 0.5 + 1, which stays near 2. Register 12 is the addend, 13 the factor.
#define SENETC_FMA_LOOP(r) \
    __asm__ volatile("vbroadcastss %1, %%" r "12\n\t"                                                                \
                     "vbroadcastss %2, %%" r "13\n\t"                                                                \
                     SENETC_EACH(SENETC_SET, r) "1:\n\t" SENETC_EACH(SENETC_FMA, r) "dec %0\n\t"                     \
                                                                                     "jnz 1b\n\t"                    \
                                                                                     "vzeroupper"                    \
                     : "+r"(rounds)                                                                                  \
                     : "m"(addend), "m"(factor)                                                                      \
                     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",      \
                       "xmm11", "xmm12", "xmm13", "cc")

void run_ymm(int64_t rounds) {
    const float addend = 1.0f, factor = 0.5f;
    SENETC_FMA_LOOP("ymm");
}

void run_zmm(int64_t rounds) {
    const float addend = 1.0f, factor = 0.5f;
    SENETC_FMA_LOOP("zmm");
}

#elif defined(__aarch64__)

// Four FMA units of latency 4 need 16 independent sums; 24 with two operands fit in 32 registers.
constexpr int kSums = 24;

#define SENETC_FMA(r) "fmla v" #r ".4s, v24.4s, v25.4s\n\t"
#define SENETC_ZERO(r) "movi v" #r ".4s, #0\n\t"
#define SENETC_EACH(line)                                                                                      \
    line(0) line(1) line(2) line(3) line(4) line(5) line(6) line(7) line(8) line(9) line(10) line(11) line(12) \
        line(13) line(14) line(15) line(16) line(17) line(18) line(19) line(20) line(21) line(22) line(23)

// sum += 0 * 0, which stays 0: timing doesn't depend on values.
void run_neon(int64_t rounds) {
    __asm__ volatile(SENETC_EACH(SENETC_ZERO) SENETC_ZERO(24) SENETC_ZERO(25) "1:\n\t" SENETC_EACH(
                         SENETC_FMA) "subs %0, %0, #1\n\t"
                                     "b.ne 1b\n\t"
                     : "+r"(rounds)
                     :
                     : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14",
                       "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "cc");
}

#endif

#if defined(__x86_64__) || defined(__aarch64__)

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
#elif defined(__aarch64__)
    if (vector == Vector::neon) return best_gflops(run_neon, 4, seconds);
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
