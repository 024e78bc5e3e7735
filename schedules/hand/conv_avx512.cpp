// Register tiles of the dense conv on AVX-512: 32 zmm registers.
//
// 14 pixels by 2 output blocks: 28 accumulators, 2 weight vectors, 1 broadcast: 31 registers and no spill. A step is 14
// broadcast loads, 2 vector loads and 28 FMAs; on Zen 4 (one 512-bit FMA a cycle) it needs 28 cycles and 16 of 56 load
// slots, on cores with two it needs 14 cycles and 16 of 28. Widths that 14 does not divide take the tiles that waste
// least: 11 for 33, 7 x 2 rows for 7 x 7 maps, which reads the weights from L2 half as often as 7 x 1.
//
// An odd number of output blocks (CIFAR's 16 channels) leaves one block: 14 or more accumulators still hide the
// latency.
#include "schedules/hand/choose.h"
#include "schedules/hand/tasks.h"
#include "schedules/hand/tiling.h"

namespace senetc {

namespace {

constexpr int kAccumulators = 28;

}  // namespace

Schedule choose_conv_avx512(const Stage& stage) {
    const OutputShape shape = output_shape(stage);
    const int tile_k = shape.blocks % 2 == 0 ? 2 : 1;
    const Tiling tiling = best_tiling(shape.width, shape.height, tile_k, kAccumulators);
    return with_tasks(stage, flops(stage), map_schedule(tiling, kBlock, kBlock, tile_k));
}

}  // namespace senetc
