// Both products in one kernel, the hidden layer in shared memory: every block of threads computes all of it, for tile_k
// blocks of gates. That reads the first weights once for each block of threads, from L2, and saves a launch.
//
// A dot product's 16 partial sums are 16 threads; `block` hidden units are computed at a time.
#include <algorithm>

#include "schedules/apply.h"

namespace senetc::gpu {

using namespace Halide;

void schedule(const ExciteHandles& h, const Schedule& s) {
    const auto& [c, x, y, k, n, tx, ty] = h.v;
    const int units = s.number("block");
    const Var ho("ho"), hi("hi"), hx("hx"), hy("hy"), ko("ko"), ki("ki");
    Func lanes = h.lanes, dot = h.dot, hidden = h.hidden, gate_sum = h.gate_sum, output = h.output;
    output.split(k, ko, ki, s.number("tile_k"), TailStrategy::GuardWithIf).gpu_threads(c, ki).gpu_blocks(ko, n);
    gate_sum.compute_at(output, c).store_in(MemoryType::Register);

    hidden.compute_at(output, ko).store_in(MemoryType::GPUShared);
    hidden.split(h.h, ho, hi, units, TailStrategy::ShiftInwards)
        .split(hi, hy, hx, std::min(units, kBlock))
        .gpu_threads(hx, hy);
    dot.compute_at(hidden, hx).store_in(MemoryType::Register);
    lanes.compute_at(hidden, ho).store_in(MemoryType::GPUShared).bound_extent(h.h, units).gpu_threads(c, h.h);
    lanes.update().reorder(h.squeeze_blocks, c, h.h).gpu_threads(c, h.h);
}

}  // namespace senetc::gpu
