// Two small matrix-vector products, bound by reading their weights once: 2048 gates from 128 hidden units are 1 MB, 60
// us from memory, which threads share. The hidden layer, a quarter of that where it is folded with a convolution, is
// serial. Several rows at a time give independent sums.
#include "schedules/apply.h"

namespace senetc {

using namespace Halide;

void schedule_excite(const ExciteHandles& h, const Schedule& schedule) {
    const auto& [c, x, y, k, n, tx, ty] = h.v;
    const Var ho("ho"), hi("hi"), ko("ko"), ki("ki");
    const int units = schedule.number("units"), tile_k = schedule.number("tile_k");
    Func lanes = h.lanes, dot = h.dot, hidden = h.hidden, gate_sum = h.gate_sum, output = h.output;
    if (schedule.number("parallel") == 1) output.parallel(n);

    hidden.compute_at(output, n).store_in(MemoryType::Stack).split(h.h, ho, hi, units).unroll(hi);
    lanes.compute_at(hidden, ho).vectorize(c).unroll(h.h);
    lanes.update().reorder(c, h.h, h.squeeze_blocks).vectorize(c).unroll(h.h);
    dot.compute_at(hidden, ho).unroll(h.h);
    dot.update().reorder(h.dot_lanes, h.h).atomic().vectorize(h.dot_lanes).unroll(h.h);

    output.split(k, ko, ki, tile_k).vectorize(c).unroll(ki);
    if (schedule.number("parallel") == 2) output.parallel(ko);
    gate_sum.compute_at(output, ko).vectorize(c).unroll(k);
    gate_sum.update().reorder(c, k, h.units).vectorize(c).unroll(k);
}

}  // namespace senetc
