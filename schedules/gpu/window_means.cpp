// A block of threads takes one channel block of one image: rows of tiles, the border's rows and columns, and the taps
// each have a row of 16 threads, one a channel.
#include "schedules/apply.h"

namespace senetc::gpu {

using namespace Halide;

void schedule(const WindowMeansHandles& h, const Schedule& s) {
    const auto& [c, x, y, k, n, tx, ty] = h.v;
    const int rows_at_once = s.number("block");
    const Var tile_row("tile_row"), inner("inner"), outer("outer");
    Func output = h.output, total = h.total;
    output.bound(h.tap, 0, 9).reorder(c, h.tap, k, n).gpu_threads(c, h.tap).gpu_blocks(k, n);
    Func rows = total.update().rfactor(total.rvars(0)[1], tile_row);
    rows.compute_at(output, k).store_in(MemoryType::GPUShared);
    rows.split(tile_row, outer, inner, rows_at_once, TailStrategy::GuardWithIf)
        .reorder(c, inner, outer)
        .gpu_threads(c, inner);
    rows.update()
        .split(tile_row, outer, inner, rows_at_once, TailStrategy::GuardWithIf)
        .reorder(rows.rvars(0)[0], c, inner, outer)
        .gpu_threads(c, inner);
    total.compute_at(output, k).store_in(MemoryType::GPUShared).gpu_threads(c);
    total.update().reorder(total.rvars(0)[0], c).gpu_threads(c);
    for (Func pair : {h.row, h.column}) {
        pair.compute_at(output, k).store_in(MemoryType::GPUShared).bound_extent(x, 2).gpu_threads(c, x);
        pair.update().reorder(pair.rvars(0)[0], c, x).gpu_threads(c, x);
    }
}

}  // namespace senetc::gpu
