// Direct convolution: a thread computes a tile of outputs in registers (accumulators.h), with all pixels and weights
// through L1.
//
// Where outputs are few, as of a 7 x 7 map, the reduction is split: a thread takes `part` input blocks, so there are
// more threads. These partial sums are a kernel of their own; they go through L2, and are added in their order.
#include "schedules/apply.h"
#include "schedules/gpu/accumulators.h"
#include "schedules/gpu/thread_loops.h"

namespace senetc::gpu {

using namespace Halide;

namespace {

void bound_tile(Func f, const MapVars& v, const Schedule& s) {
    f.bound_extent(v.c, s.number("tile_c"))
        .bound_extent(v.x, s.number("tile_x"))
        .bound_extent(v.y, s.number("tile_y"))
        .bound_extent(v.k, s.number("tile_k"))
        .bound_extent(v.n, 1)
        .store_in(MemoryType::Register);
}

// The kernel of the partial sums (c, x, y, k, n, part).
void split_sum(const ConvHandles& h, const Schedule& s) {
    const MapVars& v = h.v;
    const RVar part("part"), block("block");
    const Var parts("parts"), xi("xi"), yi("yi"), kp("kp");
    Func sum = h.sum, partial = sum.update(0).split(h.taps.back(), part, block, s.number("part")).rfactor(part, parts);
    Func stored = partial.in(sum);
    const ThreadLoops l;
    stored.compute_root()
        .split(v.x, v.tx, xi, s.number("tile_x"), TailStrategy::ShiftInwards)
        .split(v.y, v.ty, yi, s.number("tile_y"), TailStrategy::ShiftInwards);
    launch(stored, {xi, yi}, l, v, block_shape(s));
    stored.reorder(l.kb, parts, v.n).fuse(l.kb, parts, kp).gpu_blocks(kp);

    const TileDims dims = {v.c, {v.k, v.x, v.y}, {v.n, parts}};
    std::vector<RVar> taps = h.taps;
    taps.back() = block;
    partial.compute_at(stored, l.ct).bound_extent(parts, 1);
    bound_tile(partial, v, s);
    unroll_tile(partial, dims);
    accumulate(partial, 0, dims, h.input, taps);
}

}  // namespace

void schedule(const ConvHandles& h, const Schedule& s) {
    const Var thread = map_loops(h.out, h.v, s);
    const MapVars& v = h.v;
    const TileDims dims = {v.c, {v.k, v.x, v.y}, {v.n}};
    const bool planar = h.taps.size() == 3;
    Func sum = h.sum;
    sum.compute_at(h.out.leader(), thread);
    bound_tile(sum, v, s);
    if (s.params.count("part") != 0) {
        split_sum(h, s);
        unroll_tile(sum.update(0), dims);
    } else {
        accumulate(sum, 0, dims, planar ? Func() : h.input, h.taps);
    }
    unroll_tile(sum, dims);
    if (!h.shortcut_channels.empty()) {
        unroll_tile(sum.update(1), dims);
        accumulate(sum, 2, dims, h.shortcut, h.shortcut_channels);
    }
}

}  // namespace senetc::gpu
