// A matrix-vector product: bound by reading the weights once, so a task takes whole weight rows (tile_k output blocks)
// and runs all images over them while they are in the cache.
#include "schedules/apply.h"

namespace senetc {

using namespace Halide;

void schedule_dense(const DenseHandles& h, const Schedule& schedule) {
    const auto& [c, x, y, k, n, tx, ty] = h.v;
    const Var ko("ko"), ki("ki"), oi("oi"), ov("ov");
    const int tile_k = schedule.number("tile_k");
    Func output = h.output, sums = h.sums;
    if (output.dimensions() == 3) {
        output.split(k, ko, ki, tile_k).reorder(c, ki, n, ko).vectorize(c).unroll(ki);
    } else {
        output.split(h.o, ko, oi, kBlock * tile_k, TailStrategy::GuardWithIf)
            .split(oi, ki, ov, kBlock)
            .reorder(ov, ki, n, ko)
            .vectorize(ov)
            .unroll(ki);
    }
    if (schedule.number("parallel") == 2) output.parallel(ko);
    sums.compute_at(output, n).bound_extent(c, kBlock).vectorize(c).unroll(h.part).unroll(k);
    sums.update().reorder(c, k, h.parts, h.steps, h.blocks).vectorize(c).unroll(k).unroll(h.parts);
}

}  // namespace senetc
