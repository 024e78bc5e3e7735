// Depthwise conv, pooling and elementwise stages are bound by memory: a thread has 4 lanes of up to 4 x 2 pixels, fewer
// where one image would leave SMs with less than 8 warps. Tiles divide the map: a depthwise window is one expression,
// which may be added up in another order at another place of a tile, so no pixel may be computed at two. Tiles of sums
// are as large as they may be, because what adds them up is one more kernel.
#include "schedules/gpu/choose.h"
#include "schedules/gpu/cost.h"

namespace senetc::gpu {

namespace {

constexpr int kLanes = 4;
constexpr int kEnoughThreads = kSms * 8 * kWarp;

}  // namespace

Schedule choose_map(const Stage& stage) {
    const MapShape map = output_map(stage);
    const int most_x = has_sums(stage) ? 8 : 4, pixels = map.width * map.height;
    int x = largest_divisor(map.width, most_x), y = largest_divisor(map.height, x > 4 ? 1 : 2);
    const auto threads = [&] { return pixels / (x * y) * (kBlock / kLanes) * blocks(map.channels); };
    if (!has_sums(stage)) {
        if (threads() < kEnoughThreads) y = 1;
        while (x > 1 && threads() < kEnoughThreads) x = largest_divisor(map.width, x - 1);
    }
    const bool by_rows = map.height > 1;
    const int most = kBlockThreads / (kBlock / kLanes), tiles = largest_divisor(map.width / x, most);
    return {"direct",
            {{"tile_c", kLanes},
             {"tile_k", 1},
             {"tile_x", x},
             {"tile_y", y},
             {"block", tiles},
             {"block_k", largest_divisor(blocks(map.channels), most / tiles)},
             {"by_rows", by_rows}}};
}

}  // namespace senetc::gpu
