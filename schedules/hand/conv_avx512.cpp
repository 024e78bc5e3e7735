// Register tiles of the dense conv on AVX-512: 32 zmm registers.
//
// 14 pixels by 2 output blocks: 28 accumulators, 2 weight vectors, 1 broadcast: 31 registers and no spill. A step is 14
// broadcast loads, 2 vector loads and 28 FMAs; on Zen 4 (one 512-bit FMA a cycle) it needs 28 cycles and 16 of 56 load
// slots, on cores with two it needs 14 cycles and 16 of 28. Widths that 14 does not divide take the tiles that waste
// least: 11 for 33, 7 for 7 x 7 maps, whose 14 accumulators still hide the latency.
//
// An odd number of output blocks (CIFAR's 16 channels) leaves one block: 14 or more accumulators still hide the
// latency.
//
// Measured, SE-ResNet-50's convs alone, one core, GFLOP/s:
//     Zen 4, the same tiles compiled by Halide's JIT: 115-118 of 117.8 (98-100 %), 7 x 7 maps included.
//     Sapphire Rapids, a busy virtual machine: 159 with FMAs alone, but 140 for a loop in assembly of this tile's FMAs
//     and loads from L1. Of that 140: 3 x 3 at 56 to 14 wide 95-99 %, 1 x 1 stride 1 94-98 %, 7 x 7 stem 96 %, stride 2
//     and 7 x 7 maps 96-99 % while the data lies in L2, and 73-95 % where weights of 4-9 MB stream from a shared L3.
//     Other tiles reach the same: 512 -> 128 channels at 28 x 28 14 x 2 136.5, 12 x 2 135.4, 9 x 2 135.5, 7 x 4, 6 x 4
//     and 5 x 4 137.4-137.8. One block loses: 28 x 1 102.9, each FMA then needs a load of its own. Summing a 7 x 7
//     map's channels in chunks, all its accumulators in L1, so that weights are wanted at an even pace, gained 10-20 %
//     alone with cold weights and nothing in the network.
#include "schedules/hand/choose.h"
#include "schedules/hand/tasks.h"
#include "schedules/hand/tiling.h"

namespace senetc {

namespace {

constexpr int kAccumulators = 28;

}  // namespace

Schedule choose_conv_avx512(const Stage& stage) {
    const MapShape map = output_map(stage);
    const int tile_k = blocks_per_row(map.channels);
    const Tile tile = best_tile(map.width, map.height, tile_k, kAccumulators);
    return with_tasks(stage, flops(stage), map_schedule(tile, kBlock, kBlock, tile_k));
}

}  // namespace senetc
