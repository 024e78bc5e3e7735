#include "schedules/gpu/cost.h"

#include <algorithm>
#include <cmath>

namespace senetc::gpu {

namespace {

constexpr double kSchedulers = 4;      // of an SM: each starts an instruction of a warp every cycle
constexpr double kResidentWarps = 12;  // by registers: 65536 / (32 * 168)
constexpr double kLoadCycles = 4;      // of the SM's L1: 32 threads * 16 bytes at 128 bytes a cycle
// Of a step's loads: 30 cycles from L1, 250 from L2, which brings lines that four steps read.
constexpr double kLatency = 100;

}  // namespace

double kernel_cycles(const TileWork& w, int images) {
    const double warps = std::ceil(std::ceil(w.threads * images / kWarp) / kSms);  // of the SM that has most
    const double resident = std::min(warps, kResidentWarps), rounds = warps / resident;
    const double alone = kLatency + w.loads + w.multiplications;
    const double arithmetic = std::ceil(resident / kSchedulers) * w.multiplications;
    const double step = std::max({alone, arithmetic, resident * w.loads * kLoadCycles});
    return rounds * w.steps * step;
}

double mean_cycles(const TileWork& work) {
    constexpr int kBatch = 32;
    return std::sqrt(kernel_cycles(work, 1) * kernel_cycles(work, kBatch) / kBatch);
}

int largest_divisor(int n, int limit) {
    int divisor = std::min(n, limit);
    while (n % divisor != 0) divisor--;
    return divisor;
}

}  // namespace senetc::gpu
