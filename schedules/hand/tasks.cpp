#include "schedules/hand/tasks.h"

#include <algorithm>

#include "schedules/hand/map_loops.h"

namespace senetc {

namespace {

constexpr int kTasksPerImage = 64;  // enough for 16 threads to end at about the same time
constexpr int kFewTasks = 16;
constexpr int64_t kL2 = 1 << 20;            // bytes
constexpr int64_t kSmallInput = 256 << 10;  // bytes of an image
constexpr int64_t kTaskWork = 1'000'000;    // about 10 us: a task should be worth handing over
constexpr int64_t kImageWork = 200'000;     // about 2 us
constexpr int64_t kBandBytes = 512 << 10;   // a band's input stays in L2 while all output blocks read it

int largest_divisor(int n, int limit) {
    while (n % limit != 0) limit--;
    return limit;
}

// The least band from `band` on that doesn't end in a shifted tile alone. All tiles are one such.
int without_overlap(int extent, int tile, int band) {
    while (bands_overlap(extent, tile, band)) band++;
    return band;
}

}  // namespace

int parallel_level(int64_t work) {
    return work >= 2 * kTaskWork ? 2 : work >= kImageWork ? 1 : 0;
}

Schedule map_schedule(const Tile& t, int lanes, int tile_c, int tile_k) {
    return {"direct", {{"lanes", lanes}, {"tile_c", tile_c}, {"tile_k", tile_k}, {"tile_x", t.x}, {"tile_y", t.y}}};
}

Schedule with_tasks(const Stage& stage, int64_t work, Schedule schedule) {
    const MapShape map = output_map(stage);
    const int tiles_x = divide_up(map.width, schedule.number("tile_x"));
    const int tiles_y = divide_up(map.height, schedule.number("tile_y"));
    const int block_tasks = divide_up(blocks(map.channels), schedule.number("tile_k"));
    const int64_t input = storage_bytes(stage, schedule, Role::input),
                  weights = storage_bytes(stage, schedule, Role::parameter);
    // Along blocks every task reads the whole input, along bands all weights, which should stay in L2 then.
    const bool along_blocks = weights > input && block_tasks > 1 && (block_tasks >= kFewTasks || weights > kL2);
    const int64_t wanted = std::max(std::clamp<int64_t>(work / kTaskWork, 1, kTasksPerImage), input / kBandBytes);
    const int tiles = tiles_y == 1 ? tiles_x : tiles_y;  // a map that is one long row is cut along the row
    int band = divide_up(tiles, static_cast<int>(std::min<int64_t>(wanted, tiles)));
    // Where loops have two outputs, bands are all of one size: a smaller last one would cost the accumulators their
    // constant bounds.
    if (has_sums(stage)) band = largest_divisor(tiles, band);
    if (bands_must_not_overlap(stage)) {
        const int tile = schedule.number(tiles_y == 1 ? "tile_x" : "tile_y");
        const int apart = without_overlap(tiles_y == 1 ? map.width : map.height, tile, band);
        if (apart != band) band = has_sums(stage) ? tiles : apart;
    }
    schedule.params["band_x"] = tiles_y == 1 && !along_blocks ? band : tiles_x;
    schedule.params["band_y"] = tiles_y == 1 ? 1 : along_blocks ? tiles_y : band;
    const int level = parallel_level(work);
    schedule.params["axis"] = level < 2 ? level : along_blocks ? kBlocks : kBands;
    // Worth it if the inputs of a batch stay in L2 for all blocks, or are little beside the weights.
    const bool small_input = input <= kSmallInput || block_tasks * input < weights;
    schedule.params["images_inside"] = along_blocks && small_input ? 1 : 0;
    return schedule;
}

}  // namespace senetc
