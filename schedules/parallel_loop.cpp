#include "schedules/parallel_loop.h"

#include <stdexcept>

#include "schedules/hand/map_loops.h"

namespace senetc {

namespace {

// Stages with a map, by their schedule's axis.
ParallelLoop along_axis(const Stage& stage, const Schedule& s, int images) {
    const MapShape map = output_map(stage);
    const int m = winograd_tile(s);
    if (s.number("axis") == kSerial) return {"serial", 1};
    if (s.number("axis") == kImages) return {"images", divide_up(images, m != 0 ? s.number("images") : 1)};
    if (s.number("axis") == kBlocks) return {"blocks", divide_up(blocks(map.channels), s.number("tile_k"))};
    if (m != 0) {
        const int tile_rows = divide_up(map.height, m);
        return {"bands", divide_up(tile_rows, s.number("rows"))};
    }
    const int across = divide_up(divide_up(map.width, s.number("tile_x")), s.number("band_x"));
    return {"bands", across * divide_up(divide_up(map.height, s.number("tile_y")), s.number("band_y"))};
}

}  // namespace

ParallelLoop parallel_loop(const Stage& stage, const Schedule& s, int images) {
    if (is_autoscheduled(s) || is_on_gpu(s)) return {"unknown", 0};
    if (s.params.count("axis") != 0) return along_axis(stage, s, images);
    const int level = s.number("parallel");
    if (level == 0) return {"serial", 1};
    const auto layout = stage.params.find("layout");  // a blocked image comes in as one task
    if (level == 1 || (layout != stage.params.end() && layout->second == "blocked")) return {"images", images};
    if (stage.generator == "dense") return {"blocks", divide_up(blocks(stage.number("out")), s.number("tile_k"))};
    if (stage.generator == "excite") return {"blocks", divide_up(blocks(stage.number("out")), s.number("tile_k"))};
    if (stage.generator == "squeeze") return {"blocks", blocks(stage.number("ch")) * images};
    if (stage.generator == "ingest_f32" || stage.generator == "ingest_u8")
        return {"bands", stage.number("ch") *
                             divide_up(stage.number("h") + 2 * stage.number("out_halo"), s.number("rows")) * images};
    throw std::logic_error("no parallel loop is known for '" + to_string(stage) + "'");
}

double imbalance(int tasks, int threads) {
    return double(divide_up(tasks, threads)) * threads / tasks;
}

}  // namespace senetc
