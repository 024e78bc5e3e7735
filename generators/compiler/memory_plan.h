// Places values with known lifetimes in one arena so that values alive at the same time never overlap.
#pragma once

#include <cstdint>
#include <vector>

namespace senetc {

struct Lifetime {
    int64_t bytes = 0;
    int first = 0, last = 0;  // steps, inclusive: written in `first`, read for the last time in `last`
};

struct MemoryPlan {
    std::vector<int64_t> offsets;  // of every value; multiples of kArenaAlignment
    int64_t bytes = 0;             // of the arena
};

constexpr int64_t kArenaAlignment = 128;  // two cache lines: no kernel shares one with a neighbour

// Greedy by size: the largest value first, each at the lowest place where it fits (Pisarchyk and Lee 2020, "Efficient
// Memory Management for Deep Neural Net Inference", greedy-by-size). Values of no bytes get offset 0.
MemoryPlan plan_memory(const std::vector<Lifetime>& values);

}  // namespace senetc
