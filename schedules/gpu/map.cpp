// Stages that compute a pixel straight from their inputs: nothing but the shared loops. Where a pixel is both stored
// and summed, a tile of them is kept in registers.
#include "schedules/apply.h"
#include "schedules/gpu/accumulators.h"
#include "schedules/gpu/thread_loops.h"

namespace senetc::gpu {

using namespace Halide;

void schedule(const MapHandles& h, const Schedule& s) {
    const Var thread = map_loops(h.out, h.v, s);
    if (!h.value.defined()) return;
    Func value = h.value;
    value.compute_at(h.out.leader(), thread).store_in(MemoryType::Register);
    value.bound_extent(h.v.c, s.number("tile_c")).bound_extent(h.v.k, s.number("tile_k")).bound_extent(h.v.n, 1);
    value.bound_extent(h.v.x, s.number("tile_x")).bound_extent(h.v.y, s.number("tile_y"));
    unroll_tile(value, {h.v.c, {h.v.x, h.v.y, h.v.k}, {h.v.n}});
}

}  // namespace senetc::gpu
