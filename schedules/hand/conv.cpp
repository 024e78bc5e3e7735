// Direct convolution: a register tile of accumulators, filled by one pass over all input channels and taps.
//
// Per step (one input channel of one tap): tile_k weight vectors are loaded, and each pixel's value is broadcast and
// multiplied into tile_k accumulators. Accumulators live in registers for the whole reduction; activation and residual
// are applied to them before the only store.
//
// The vectors of one pixel must be innermost: with pixels inside, LLVM keeps all broadcasts alive at once and spills
// (47-74 % of peak on Zen 4 instead of 97-100 %). The reduction stays rolled for the same reason. With by_lane=1 it is
// the other way round: schedules/hand/lanes.h.
#include "schedules/apply.h"
#include "schedules/hand/lanes.h"
#include "schedules/hand/map_loops.h"

namespace senetc {

using namespace Halide;

void schedule_conv(const ConvHandles& h, const Schedule& schedule) {
    const Var tile = map_loops(h.out, h.v, schedule);
    const auto& [c, x, y, k, n, tx, ty] = h.v;
    const int lanes = schedule.number("lanes");
    const Var cv("cv"), ci("ci");
    Func sum = h.sum;
    sum.compute_at(h.out.leader(), tile)
        .bound_extent(c, schedule.number("tile_c"))
        .bound_extent(x, schedule.number("tile_x"))
        .bound_extent(y, schedule.number("tile_y"))
        .bound_extent(k, schedule.number("tile_k"))
        .bound_extent(n, 1)
        .split(c, cv, ci, lanes)
        .reorder(ci, cv, k, x, y, n)
        .vectorize(ci)
        .unroll(cv)
        .unroll(k)
        .unroll(x)
        .unroll(y);
    const auto update = [&](int index, const Func& input, const std::vector<RVar>& reduction) {
        Halide::Stage stage = sum.update(index);
        stage.split(c, cv, ci, lanes);
        std::vector<VarOrRVar> order = {ci, cv, k, x, y, n};
        if (reads_lanes(schedule, reduction)) {
            const RVar channel("channel"), quad("quad");
            order = {ci, x, y, cv, k, n, channel, quad};
            stage.split(reduction[0], quad, channel, kQuad).unroll(channel);
            load_quads(input, sum, quad);
            order.insert(order.end(), reduction.begin() + 1, reduction.end());
        } else {
            order.insert(order.end(), reduction.begin(), reduction.end());
        }
        stage.reorder(order).vectorize(ci).unroll(cv).unroll(k).unroll(x).unroll(y);
    };
    update(0, h.input, h.taps);
    if (!h.shortcut_channels.empty()) {  // the accumulators stay in the same registers from one to the next
        update(1, {}, {});
        update(2, h.shortcut, h.shortcut_channels);
    }
}

}  // namespace senetc
