// Register tiles of the dense conv on AArch64's NEON: 32 registers of 4 floats, four for a block of 16 channels.
//
// 6 pixels by one block: 24 accumulators, 6 registers with a pixel's four input channels each (schedules/hand/lanes.h),
// 2 weight vectors: all 32. Four steps of the reduction are 96 FMAs and 14 load instructions (6 of a pixel, 8 of a pair
// of weight vectors), 114 instructions in all. Half a block, up to 10 pixels by 2 vectors, wastes nothing where 7
// divides the width: 7 x 2 is 14 accumulators, 7 pixels and 2 weights, 56 FMAs, 11 loads, 71 instructions. Cores with
// two FMAs a cycle of four cycles each want 8 accumulators or more: those of 4 x 4, 5 x 4, 6 x 4 and 7 x 2 are enough.
//
// A planar input has no channels side by side: there each step loads each pixel's value, 8 x 2: 16 FMAs, 9 loads, 28
// instructions.
//
// Nothing could be timed. By llvm-mca 19 the inner loops, which have no spills, do so many FMAs a cycle of a Neoverse
// N1 (peak 2) and V1 (peak 4):
//
//                                                                                     N1     V1
//     3x3 and 1x1, stride 1 and 2, with a shortcut: 6 x 4                             2.00   3.99
//     the same, 7 x 2                                                                 2.00   3.49
//     Winograd's products, F(2) and F(4): 5 x 4 and 4 x 4                             2.00
//     7x7 stem, planar, stride 2: 8 x 2                                               1.86   2.97
//     a load for each step and pixel instead of one for four: 6 x 4                   1.91
//     depthwise 3x3 (choose_map.cpp), 7 x 1: 60 or 63 FMAs in chains of nine          1.27-1.37
//     dense, bound by reading weights                                                 1.59
//
// It takes all loads from L1, so these are upper bounds. Winograd's transforms, straight code for 36 values and 32
// registers, spill some: 90 of 432 instructions of an F(4) tile's input transform or so; F(2)'s don't.
#include "schedules/hand/choose.h"
#include "schedules/hand/lanes.h"
#include "schedules/hand/tasks.h"
#include "schedules/hand/tiling.h"

namespace senetc {

namespace {

constexpr int kLanes = 4;
constexpr int kRegisters = 32, kWeights = 2;

// Beside the pixels' registers and two for weights.
int most_accumulators(int vectors) {
    return (kRegisters - kWeights) / (vectors + 1) * vectors;
}

Tile best(const MapShape& map, int channels) {
    const int vectors = channels / kLanes;
    return best_tile(map.width, map.height, vectors, most_accumulators(vectors), 1.0 / kQuad);
}

}  // namespace

Schedule choose_conv_neon(const Stage& stage) {
    const MapShape map = output_map(stage);
    const Tile whole = best(map, kBlock), half = best(map, kBlock / 2);
    const bool halves = 2 * half.cost < whole.cost;
    Schedule schedule = map_schedule(halves ? half : whole, kLanes, halves ? kBlock / 2 : kBlock, 1);
    if (stage.params.at("layout") == "blocked") schedule.params["by_lane"] = 1;
    return with_tasks(stage, flops(stage), schedule);
}

}  // namespace senetc
