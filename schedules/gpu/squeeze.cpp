// A block of threads takes one channel block of one image: `block` rows at a time, each summed by 16 threads, one a
// channel; then 16 threads add up the rows. What a thread reads is in line with what its neighbours read.
#include "schedules/apply.h"

namespace senetc::gpu {

using namespace Halide;

void schedule(const SqueezeHandles& h, const Schedule& s) {
    const auto& [c, x, y, k, n, tx, ty] = h.v;
    const int rows_at_once = s.number("block");
    const Var yi("yi"), yo("yo");
    Func output = h.output, total = h.total, row = h.row;
    output.gpu_threads(c).gpu_blocks(k, n);
    total.compute_at(output, c).store_in(MemoryType::Register).unroll(h.part);
    total.update().reorder(h.part, h.rows).unroll(h.part);
    if (rows_at_once == 1) {
        row.compute_at(total, h.rows).store_in(MemoryType::Register).unroll(h.part);
    } else {
        row.compute_at(output, k).store_in(MemoryType::GPUShared);
        row.split(y, yo, yi, rows_at_once, TailStrategy::GuardWithIf)
            .reorder(h.part, c, yi, yo)
            .unroll(h.part)
            .gpu_threads(c, yi);
    }
    for (size_t i = 0; i < h.row_updates.size(); i++) {
        const RDom& r = h.row_updates[i];
        Halide::Stage update = row.update(static_cast<int>(i)).unroll(r.x);
        if (rows_at_once == 1) continue;
        update.split(y, yo, yi, rows_at_once, TailStrategy::GuardWithIf);
        std::vector<VarOrRVar> order = {r.x};
        if (r.dimensions() == 2) order.push_back(r.y);
        order.insert(order.end(), {c, yi, yo});
        update.reorder(order).gpu_threads(c, yi);
    }
}

}  // namespace senetc::gpu
