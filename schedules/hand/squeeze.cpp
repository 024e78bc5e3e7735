// The squeeze reads the map once and computes next to nothing: it should run at the speed of the cache that holds the
// map. A task is one channel block of one image.
#include "schedules/apply.h"

namespace senetc {

using namespace Halide;

void schedule_squeeze(const SqueezeHandles& h, const Schedule& schedule) {
    const auto& [c, x, y, k, n, tx, ty] = h.v;
    const Var part = h.part;
    Func output = h.output, total = h.total, row = h.row;
    Var block = k;
    output.vectorize(c);
    if (schedule.number("parallel") == 2) {
        block = Var("task");
        output.fuse(k, n, block).parallel(block);
    } else if (schedule.number("parallel") == 1) {
        output.parallel(n);
    }
    total.compute_at(output, block).vectorize(c).unroll(part);
    total.update().reorder(c, part, h.rows).vectorize(c).unroll(part);
    row.compute_at(total, h.rows).vectorize(c).unroll(part);
    for (size_t i = 0; i < h.row_updates.size(); i++) {
        const RDom& r = h.row_updates[i];
        auto update = row.update(static_cast<int>(i));
        update.vectorize(c).unroll(r.x);
        if (r.dimensions() == 2) update.reorder(c, r.x, r.y);
    }
}

}  // namespace senetc
