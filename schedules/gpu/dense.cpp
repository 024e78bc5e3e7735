// A matrix-vector product: bound by reading the weights once. A block of threads takes the 16 outputs of a block, one
// for each of its 16 columns of threads; its `block` rows of threads share the input's blocks, `part` each, and their
// sums are added in order.
#include "schedules/apply.h"

namespace senetc::gpu {

using namespace Halide;

void schedule(const DenseHandles& h, const Schedule& s) {
    const auto& [c, x, y, k, n, tx, ty] = h.v;
    const Var oi("oi"), ko("ko"), row("row");
    const RVar rows("rows"), block("block");
    Func output = h.output, sums = h.sums;
    Var group = k;
    if (output.dimensions() == 3) {
        output.gpu_threads(c).gpu_blocks(k, n);
    } else {
        group = ko;
        output.split(h.o, ko, oi, kBlock, TailStrategy::GuardWithIf).gpu_threads(oi).gpu_blocks(ko, n);
    }
    Func partial = sums.update().split(h.blocks, rows, block, s.number("part")).rfactor(rows, row);
    Func stored = partial.in(sums);
    sums.compute_at(output, group).store_in(MemoryType::GPUShared).bound_extent(c, kBlock);
    sums.reorder(h.part, c).unroll(h.part).gpu_threads(c);
    sums.update().reorder(h.part, rows, c).unroll(h.part).gpu_threads(c);
    stored.compute_at(output, group).store_in(MemoryType::GPUShared).bound_extent(c, kBlock);
    stored.reorder(h.part, c, row).unroll(h.part).gpu_threads(c, row);
    partial.compute_at(stored, c).store_in(MemoryType::Register).unroll(h.part);
    partial.update().reorder(h.parts, h.steps, block).unroll(h.parts).unroll(h.steps);
}

}  // namespace senetc::gpu
