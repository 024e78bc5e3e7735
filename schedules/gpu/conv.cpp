// Direct convolution: a thread computes a tile of outputs in registers, with pixels and weights through L1
// (accumulators.h), or staged in shared memory (staging.h).
//
// Where outputs are few, as of a 7 x 7 map, the reduction is split: a thread takes `part` input blocks, so there are
// more threads. These partial sums are a kernel of their own; they go through L2, and are added in their order.
#include "schedules/apply.h"
#include "schedules/gpu/accumulators.h"
#include "schedules/gpu/staging.h"
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

StagedTile staged_tile(const Schedule& s) {
    return {block_shape(s), s.number("tile_x"), s.number("tile_y"), s.number("stage_k")};
}

// The kernel of the partial sums (c, x, y, k, n, part).
void split_sum(const ConvHandles& h, const Schedule& s) {
    const MapVars& v = h.v;
    const RVar part("part"), block("block");
    const Var parts("parts"), xi("xi"), yi("yi"), kp("kp");
    Func sum = h.sum, partial = sum.update(0).split(h.taps.back(), part, block, s.number("part")).rfactor(part, parts);
    Func stored = partial.in(sum);
    std::vector<RVar> taps = h.taps;
    taps.back() = block;
    stored.compute_root();
    if (is_staged(s)) {
        const StagedDims dims = {v.c, v.x, {v.y}, v.k, {v.n, parts}};
        partial.compute_at(stored, launch_staged(stored, dims, staged_tile(s), {parts}, v.n));
        hold_for_block(partial, dims, staged_tile(s));
        accumulate_staged(partial, 0, dims, staged_tile(s), h.input, h.weight, taps);
        return;
    }
    const ThreadLoops l;
    stored.split(v.x, v.tx, xi, s.number("tile_x"), TailStrategy::ShiftInwards)
        .split(v.y, v.ty, yi, s.number("tile_y"), TailStrategy::ShiftInwards);
    launch(stored, {xi, yi}, l, v, block_shape(s));
    stored.reorder(l.kb, parts, v.n).fuse(l.kb, parts, kp).gpu_blocks(kp);

    const TileDims dims = {v.c, {v.k, v.x, v.y}, {v.n, parts}};
    partial.compute_at(stored, l.ct).bound_extent(parts, 1);
    bound_tile(partial, v, s);
    unroll_tile(partial, dims);
    accumulate(partial, 0, dims, h.input, taps);
}

void staged_map(const ConvHandles& h, const Schedule& s) {
    const MapVars& v = h.v;
    const StagedDims dims = {v.c, v.x, {v.y}, v.k, {v.n}};
    const StagedTile tile = staged_tile(s);
    Func sum = h.sum;
    sum.compute_at(h.out.map, launch_staged(h.out.map, dims, tile, {}, v.n));
    hold_for_block(sum, dims, tile);
    accumulate_staged(sum, 0, dims, tile, h.input, h.weight, h.taps);
    if (!h.shortcut_channels.empty()) {
        compute_for_block(sum.update(1), dims, tile);
        accumulate_staged(sum, 2, dims, tile, h.shortcut, h.shortcut_weight, h.shortcut_channels);
    }
}

}  // namespace

void schedule(const ConvHandles& h, const Schedule& s) {
    const bool in_parts = s.params.count("part") != 0;
    if (is_staged(s) && !in_parts) return staged_map(h, s);
    const Var thread = map_loops(h.out, h.v, s);
    const MapVars& v = h.v;
    const TileDims dims = {v.c, {v.k, v.x, v.y}, {v.n}};
    const bool planar = h.taps.size() == 3;
    Func sum = h.sum;
    sum.compute_at(h.out.leader(), thread);
    bound_tile(sum, v, s);
    if (in_parts) {
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
