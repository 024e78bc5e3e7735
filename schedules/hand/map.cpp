// Stages that compute a pixel straight from their inputs: nothing but the shared loops. Where a pixel is both stored
// and summed, a tile of them is kept in registers.
#include "schedules/apply.h"
#include "schedules/hand/map_loops.h"

namespace senetc {

using namespace Halide;

void schedule_map(const MapHandles& h, const Schedule& schedule) {
    const Var tile = map_loops(h.out, h.v, schedule);
    if (!h.value.defined()) return;
    const Var cv("cv"), ci("ci");
    Func value = h.value;
    value.compute_at(h.out.leader(), tile)
        .bound_extent(h.v.c, schedule.number("tile_c"))
        .bound_extent(h.v.n, 1)
        .split(h.v.c, cv, ci, schedule.number("lanes"))
        .reorder(ci, h.v.x, h.v.y, cv)
        .vectorize(ci)
        .unroll(cv)
        .unroll(h.v.x)
        .unroll(h.v.y)
        .unroll(h.v.k);
}

}  // namespace senetc
