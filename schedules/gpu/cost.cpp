// Where the numbers come from: registers, shared memory and threads of an SM, and 1 KiB of shared memory that each
// block has besides its own, from the CUDA programming guide; 128 bytes a cycle, and when twice that, from NVIDIA's
// forum (forums.developer.nvidia.com/t/77228); the bytes of L2, 5120 a cycle for all SMs, from the A100's white paper;
// cycles of waiting from arXiv:2402.13499, which measured them on A100 and H100. That L1 has its data in the same banks
// as shared memory is what NVIDIA's profiler counts as L1's bank conflicts.
#include "schedules/gpu/cost.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace senetc::gpu {

namespace {

constexpr double kSchedulers = 4;           // of an SM: each starts an instruction of a warp every cycle
constexpr double kL2Bytes = 5120.0 / kSms;  // of an SM's, a cycle
constexpr int kSmSharedBytes = 100 << 10;   // the least since compute capability 8.0; an H100 has 228 KiB
constexpr int kBlockSharedBytes = 1 << 10;  // besides its own
constexpr int kThreadsOfPixel = 4;
constexpr int kAtOnce = 8;  // addresses of 16 bytes: all banks

}  // namespace

double kernel_cycles(const TileWork& w, int images) {
    const double blocks = std::ceil(w.blocks * images / kSms);  // of the SM that has most
    const double warps = blocks * w.warps_of_block, resident = std::min(warps, w.resident), rounds = warps / resident;
    const double alone = w.waiting + w.loads + w.multiplications;
    const double arithmetic = std::ceil(resident / kSchedulers) * w.multiplications;
    const double step = std::max({alone, arithmetic, resident * w.l1_cycles, resident * w.l2_bytes / kL2Bytes});
    return rounds * w.steps * step;
}

double mean_cycles(const TileWork& work) {
    constexpr int kBatch = 32;
    return std::sqrt(kernel_cycles(work, 1) * kernel_cycles(work, kBatch) / kBatch);
}

int BlockThreads::threads() const {
    return kThreadsOfPixel * tiles * groups;
}

int BlockThreads::warps() const {
    return (threads() + kWarp - 1) / kWarp;
}

double pixel_load_cycles(const BlockThreads& block, int apart, bool shared) {
    const int pixels = std::min(block.tiles, kAtOnce);  // of a warp
    const double turns = std::ceil(static_cast<double>(pixels) * std::gcd(apart, kAtOnce) / kAtOnce);
    return std::max(turns, shared ? kRegisterCycles / 2 : kRegisterCycles);
}

double weight_load_cycles(const BlockThreads& block) {
    const int groups = std::min(block.groups, (kAtOnce + block.tiles - 1) / block.tiles);  // of a warp
    return std::max<double>(groups, kRegisterCycles);
}

double resident_warps(const BlockThreads& block, int shared_bytes) {
    const int blocks = kSmSharedBytes / (shared_bytes + kBlockSharedBytes);
    return std::min<double>(kResidentWarps, blocks * block.warps());
}

int largest_divisor(int n, int limit) {
    int divisor = std::min(n, limit);
    while (n % divisor != 0) divisor--;
    return divisor;
}

}  // namespace senetc::gpu
