#include "schedules/gpu/accumulators.h"

#include "schedules/hand/lanes.h"

namespace senetc::gpu {

using namespace Halide;

namespace {

void append(std::vector<VarOrRVar>& order, const auto& loops) {
    order.insert(order.end(), loops.begin(), loops.end());
}

void unroll_in_order(Halide::Stage stage, const TileDims& dims, const std::vector<VarOrRVar>& order) {
    stage.reorder(order).vectorize(dims.lane);
    for (const Var& v : dims.tile) stage.unroll(v);
}

}  // namespace

void unroll_tile(Halide::Stage stage, const TileDims& dims) {
    std::vector<VarOrRVar> order = {dims.lane};
    append(order, dims.tile);
    append(order, dims.single);
    unroll_in_order(stage, dims, order);
}

void accumulate(Func sum, int update, const TileDims& dims, const Func& input, const std::vector<RVar>& taps) {
    Halide::Stage stage = sum.update(update);
    std::vector<VarOrRVar> order = {dims.lane};
    append(order, dims.tile);
    RVar first = taps[0];
    std::vector<RVar> outer(taps.begin() + 1, taps.end());
    if (input.defined()) {
        const RVar channel("channel"), quad("quad");
        stage.split(first, quad, channel, kQuad);
        load_quads(input, sum, quad);
        first = channel;
        outer.insert(outer.begin(), quad);
    }
    order.push_back(first);
    append(order, dims.single);
    append(order, outer);
    unroll_in_order(stage, dims, order);
    stage.unroll(first);
}

}  // namespace senetc::gpu
