// Register tiles of the dense conv on AArch64's NEON: 32 registers of 4 floats, four for a block of 16 channels.
#include "schedules/hand/choose.h"
#include "schedules/hand/tasks.h"
#include "schedules/hand/tiling.h"

namespace senetc {

namespace {

constexpr int kLanes = 4, kVectors = kBlock / kLanes;
constexpr int kAccumulators = 24;

}  // namespace

Schedule choose_conv_neon(const Stage& stage) {
    const MapShape map = output_map(stage);
    const Tile tile = best_tile(map.width, map.height, kVectors, kAccumulators);
    return with_tasks(stage, flops(stage), map_schedule(tile, kLanes, kBlock, 1));
}

}  // namespace senetc
