// Stages with a vector on one side: few numbers, and most of the time is the launch. Blocks of threads are wide, up to
// 1024 threads, because a stage has few of them.
#include <algorithm>

#include "schedules/gpu/choose.h"
#include "schedules/gpu/cost.h"

namespace senetc::gpu {

namespace {

constexpr int kMostRows = 32;         // of 16 threads
constexpr int kMostSharedRows = 128;  // of a map: 4 sums of 16 channels each are 32 KiB of shared memory
constexpr int kMostUnits = 32;
constexpr int kMostGateBlocks = 16;

// Whole rows of 16, where there are as many.
int units_at_once(int hidden) {
    const int units = std::min(hidden, kMostUnits);
    return units < kBlock ? units : units / kBlock * kBlock;
}

}  // namespace

Schedule choose_vector(const Stage& stage) {
    Schedule s{"direct", {}};
    if (stage.generator == "squeeze") {
        const int rows = stage.number("h");
        s.params["block"] = rows <= kMostSharedRows ? std::min(rows, kMostRows) : 1;
    } else if (stage.generator == "window_means") {
        s.params["block"] = std::min(stage.number("tiles_y"), kMostRows);
    } else if (stage.generator == "excite") {
        s.params["block"] = units_at_once(stage.number("hidden"));
        s.params["tile_k"] = std::min(blocks(stage.number("out")), kMostGateBlocks);
    } else if (stage.generator == "dense") {
        s.params["block"] = largest_divisor(blocks(stage.number("in")), kMostRows);
        s.params["part"] = blocks(stage.number("in")) / s.params["block"];
    } else {
        s.params["block"] = stage.params.at("layout") == "planar" ? 8 : 16;
    }
    return s;
}

Schedule choose(const Stage& stage) {
    if (stage.generator == "conv") {
        const int m = choose_winograd_tile(stage);
        return m != 0 ? choose_winograd(stage, m) : choose_direct_conv(stage);
    }
    static const char* const with_map[] = {"depthwise_conv", "batch_norm", "scale_add", "max_pool"};
    const bool map = std::count(std::begin(with_map), std::end(with_map), stage.generator) != 0;
    return map ? choose_map(stage) : choose_vector(stage);
}

}  // namespace senetc::gpu
