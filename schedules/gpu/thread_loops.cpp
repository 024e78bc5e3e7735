#include "schedules/gpu/thread_loops.h"

namespace senetc::gpu {

using namespace Halide;

BlockShape block_shape(const Schedule& s) {
    return {s.number("tile_c"), s.number("tile_k"), s.number("block"), s.number("block_k"), s.number("by_rows") != 0};
}

void launch(Func f, const std::vector<Var>& inside, const ThreadLoops& l, const MapVars& v, const BlockShape& shape) {
    f.split(v.tx, l.pb, l.pt, shape.tiles, TailStrategy::GuardWithIf)
        .split(v.k, l.ko, l.ki, shape.tile_k)
        .split(l.ko, l.kb, l.kt, shape.groups)
        .split(v.c, l.ct, l.ci, shape.lanes);
    std::vector<VarOrRVar> order = {l.ci};
    order.insert(order.end(), inside.begin(), inside.end());
    order.insert(order.end(), {l.ki, l.ct, l.pt, l.kt});
    if (shape.by_rows) {
        order.insert(order.end(), {l.pb, v.ty});
    } else {
        order.insert(order.end(), {v.ty, l.pb});
    }
    order.insert(order.end(), {l.kb, v.n});
    f.reorder(order).vectorize(l.ci).unroll(l.ki);
    for (const Var& loop : inside) f.unroll(loop);
    f.gpu_threads(l.ct, l.pt, l.kt).gpu_blocks(shape.by_rows ? v.ty : l.pb, l.kb, v.n);
    // One body with a condition is enough.
    f.partition(l.pt, Partition::Never).partition(l.pb, Partition::Never);
}

Var map_loops(const MapOutputs& out, const MapVars& v, const Schedule& s) {
    const ThreadLoops l;
    const Var xi("xi"), yi("yi");
    if (out.map.defined()) {
        Func map = out.map;
        map.split(v.x, v.tx, xi, s.number("tile_x"), TailStrategy::ShiftInwards)
            .split(v.y, v.ty, yi, s.number("tile_y"), TailStrategy::ShiftInwards);
        launch(map, {xi, yi}, l, v, block_shape(s));
    }
    if (out.sums.defined()) {
        Func sums = out.sums;
        launch(sums, {}, l, v, block_shape(s));
        if (out.map.defined()) sums.compute_with(out.map, l.ct);
    }
    return l.ct;
}

}  // namespace senetc::gpu
