// Register tiles of the dense conv on AVX2: 16 ymm registers, two for a block of 16 channels.
//
// 6 pixels by one block: 12 accumulators, 2 weight vectors, 1 broadcast: 15 registers. A step is 12 FMAs in 6 cycles
// and 8 loads. (The 14 x 2 tile of AVX-512, lowered to ymm, spills: 42 % of peak on Zen 4. Seven pixels would need 17
// registers.) Five pixels lose 4 %, four 16 %, three 30 % (assembly, from L1): two FMAs a cycle of four cycles each
// want more than 8 accumulators. Maps that are one long row take 6, or 5 where that wastes less (49 pixels); 56 x 56
// and 14 x 14 take 3 x 2.
//
// 7 x 7 maps in rows have no good cut into 6: tiles of 4 pixels, the second shifted over the first, keep 73 % of the
// FMAs busy with results that count. Half a block, 14 x 1 pixels by one vector, uses all 16 registers but needs 15
// loads for 14 FMAs: 82 % at best, taken where it is the cheapest.
//
// Measured before tiles were shifted instead of cut to size, SE-ResNet-50's convs alone, one core of a busy Sapphire
// Rapids virtual machine, of 92 GFLOP/s with FMAs alone: 56 and 28 wide 88-93 %, 14 wide 80-91 %, stem 94 %, 7 x 7 maps
// 75-79 % while the weights lie in L2 and 50-75 % where 4-9 MB of them stream from a shared L3; 1 x 1 of stride 2,
// whose input streams too, 75-79 %. The inner loops have no spills.
#include "schedules/hand/choose.h"
#include "schedules/hand/tasks.h"
#include "schedules/hand/tiling.h"

namespace senetc {

namespace {

constexpr int kLanes = 8;
constexpr int kWholeBlockAccumulators = 12, kHalfBlockAccumulators = 14;

}  // namespace

Schedule choose_conv_avx2(const Stage& stage) {
    const MapShape map = output_map(stage);
    const Tile whole = best_tile(map.width, map.height, 2, kWholeBlockAccumulators);
    const Tile half = best_tile(map.width, map.height, 1, kHalfBlockAccumulators);
    const bool halves = 2 * half.cost < whole.cost;
    return with_tasks(stage, flops(stage), map_schedule(halves ? half : whole, kLanes, halves ? kLanes : kBlock, 1));
}

}  // namespace senetc
