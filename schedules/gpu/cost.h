// How long a kernel takes whose threads multiply in register tiles, computed: the number by which tiles are compared,
// and staging with none.
#pragma once

namespace senetc::gpu {

constexpr int kSms = 132;               // of an H100
constexpr int kWarp = 32;               // threads
constexpr int kBlockThreads = 128;      // at most, in a block: several blocks then share an SM's registers
constexpr int kSharedBytes = 48 << 10;  // a block's at most, on every GPU
constexpr double kResidentWarps = 12;   // of an SM, by registers: 65536 / (32 * 168)
constexpr double kRegisterCycles = 4;   // 32 threads * 16 bytes at 128 bytes a cycle

// A step is four input channels of one tap. All that isn't of a block is of a warp.
struct TileWork {
    double blocks, warps_of_block;  // of one image; warps are whole
    double steps;
    double multiplications, loads;  // of a step: instructions
    double l1_cycles;               // of a step: of the SM's L1, which shared memory is a part of
    double l2_bytes;                // of a step: what the block brings from L2, a warp's share
    double waiting;                 // of a step: cycles until its loads are there, and other warps are, too
    double resident = kResidentWarps;
};

// Cycles of one run with `images` images, launches left out.
double kernel_cycles(const TileWork& work, int images);

// Of one image, alone and in a batch of 32: the geometric mean, so that neither is bought dearly with the other.
double mean_cycles(const TileWork& work);

// How a block's threads lie: `tiles` of them read different pixels, each for its 16 channels' four threads, and
// `groups` of those different weights.
struct BlockThreads {
    int tiles, groups;

    int threads() const;
    int warps() const;
};

// Cycles that a warp's load of 16 bytes a thread takes.
//
// Registers get 128 bytes a cycle from L1 and from shared memory; twice as much from shared memory where neighbouring
// threads read the same address, as four threads do of a pixel. Both have 32 banks, so 8 different addresses are read
// at once where they lie at different sixteenths of 128 bytes. A pixel's address is a multiple of `apart` 16 bytes
// after its neighbour's.
double pixel_load_cycles(const BlockThreads& block, int apart, bool shared);
double weight_load_cycles(const BlockThreads& block);  // 64 bytes of each group

// Warps of an SM whose blocks have so many bytes of shared memory each.
double resident_warps(const BlockThreads& block, int shared_bytes);

// The largest divisor of n that is at most `limit`.
int largest_divisor(int n, int limit);

}  // namespace senetc::gpu
