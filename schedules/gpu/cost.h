// How long a kernel takes whose threads multiply in register tiles, computed: the number by which tiles are compared.
#pragma once

namespace senetc::gpu {

constexpr int kSms = 132;           // of an H100
constexpr int kWarp = 32;           // threads
constexpr int kBlockThreads = 128;  // at most, in a block: several blocks then share an SM's registers

struct TileWork {
    double threads;                 // of one image
    double steps;                   // of a thread: four input channels of one tap
    double multiplications, loads;  // of a step: instructions of a warp
};

// Cycles of one run with `images` images, launches left out.
double kernel_cycles(const TileWork& work, int images);

// Of one image, alone and in a batch of 32: the geometric mean, so that neither is bought dearly with the other.
double mean_cycles(const TileWork& work);

// The largest divisor of n that is at most `limit`.
int largest_divisor(int n, int limit);

}  // namespace senetc::gpu
