// Register tiles of the dense conv on AVX2: 16 ymm registers, two for a block of 16 channels.
//
// 6 pixels by one block: 12 accumulators, 2 weight vectors, 1 broadcast: 15 registers. A step is 12 FMAs in 6 cycles
// and 8 loads. (The 14 x 2 tile of AVX-512, lowered to ymm, spills: 42 % of peak on Zen 4. Seven pixels would need 17
// registers.) Five pixels lose 4 %, four 16 %, three 30 % (assembly, from L1): two FMAs a cycle of four cycles each
// want more than 8 accumulators. So a row of 28 is cut 6 6 6 6 4, and a 14 x 14 map into 3 x 2 pixels, 3 3 3 3 2, two
// rows at once.
//
// 7 x 7 maps have no good cut into 6: 4 3 in rows reaches 74 %. There a tile takes half a block: 7 x 2 pixels by one
// vector are 14 accumulators, 1 weight vector and 1 broadcast, all 16 registers, but 15 loads for 14 FMAs: 79 %.
//
// Measured, SE-ResNet-50's convs alone, one core of a busy Sapphire Rapids virtual machine, of 92 GFLOP/s with FMAs
// alone: 56 and 28 wide 88-93 %, 14 wide 80-91 %, stem 94 %, 7 x 7 maps 75-79 % while the weights lie in L2 and 50-75 %
// where 4-9 MB of them stream from a shared L3; 1 x 1 of stride 2, whose input streams too, 75-79 %. The inner loops
// have no spills.
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
