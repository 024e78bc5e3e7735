// Winograd's three parts in one kernel: a band of tile rows is transformed, multiplied and transformed back.
//
// A task's matrix products M stay in L2: tile_k blocks of the band's tiles, in `images` images, which share one reading
// of the transformed weights. The band's spectrum V is computed once and read by all output blocks.
//
// Register tile of the products: tile_p tiles by tile_k blocks, as in the direct convolution (schedules/hand/conv.cpp):
// per input channel tile_k weight vectors and tile_p broadcasts, with the vectors of one tile innermost; or by
// lane (schedules/hand/lanes.h).
//
// Tasks (axis): kBands of tile rows; kBlocks of output, after a parallel loop over input blocks that computes V.
//
// Sums are a second output of the same loops, as in map_loops, for 1-3 % more time (64 channels, 56 x 56).
//
// Measured and left out: Halide's prefetch of weights that stream from memory. It is non-temporal: one image gained a
// quarter (256 channels, 14 x 14), but the next images found nothing in L2, and eight took twice as long or more.
#include "generators/stages/winograd_transforms.h"
#include "schedules/apply.h"
#include "schedules/hand/lanes.h"
#include "schedules/hand/map_loops.h"

namespace senetc {

using namespace Halide;

namespace {

int round_up(int a, int b) {
    return (a + b - 1) / b * b;
}

// The loops that both outputs share, outermost last.
struct OuterLoops {
    Var ci{"ci"}, cv{"cv"}, tyi{"tyi"}, band{"band"}, ki{"ki"}, ko{"ko"}, ni{"ni"}, no{"no"};
};

// Loops over images aren't partitioned: LLVM might fuse other multiplications and additions in the code for a last,
// smaller group of images, and an image's result would depend on its place in the batch.
void split_outer(Func output, const MapVars& v, const OuterLoops& o, const Schedule& s) {
    output.split(v.c, o.cv, o.ci, s.number("lanes"))
        .split(v.ty, o.band, o.tyi, s.number("rows"), TailStrategy::GuardWithIf)
        .split(v.k, o.ko, o.ki, s.number("tile_k"))
        .split(v.n, o.no, o.ni, s.number("images"), TailStrategy::GuardWithIf)
        .vectorize(o.ci)
        .partition(o.no, Partition::Never)
        .partition(o.ni, Partition::Never);
    if (s.number("axis") == kImages) output.parallel(o.no);
    if (s.number("axis") == kBands) output.parallel(o.band);
    if (s.number("axis") == kBlocks) output.parallel(o.ko);
}

void schedule_outputs(const WinogradHandles& h, const OuterLoops& o, const Schedule& s) {
    const MapVars& v = h.v;
    const auto& [p, ex, ey, i, j] = h.w;
    const int m = h.tiles.m;
    if (h.out.map.defined()) {
        Func map = h.out.map;
        map.split(v.x, v.tx, i, m, TailStrategy::GuardWithIf).split(v.y, v.ty, j, m, TailStrategy::GuardWithIf);
        split_outer(map, v, o, s);
        map.reorder(o.ci, i, j, o.cv, v.tx, o.tyi, o.ki, o.ni, o.ko, o.band, o.no).unroll(i).unroll(j);
    }
    if (h.out.sums.defined()) {
        Func sums = h.out.sums;
        split_outer(sums, v, o, s);
        sums.reorder(o.ci, o.cv, v.tx, o.tyi, o.ki, o.ni, o.ko, o.band, o.no);
        if (h.out.map.defined()) sums.compute_with(h.out.map, o.cv);
    }
}

}  // namespace

WinogradTiles winograd_tiles(int out_h, int out_w, int stride, const Schedule& schedule) {
    WinogradTiles t;
    t.m = winograd_tile(schedule);
    t.elements = winograd_elements(t.m, stride);
    t.tiles_x = (out_w + t.m - 1) / t.m;
    t.tiles_y = (out_h + t.m - 1) / t.m;
    t.rows = schedule.number("rows");
    // Where a GPU's blocks of threads stage what they read, all are whole.
    const int tiles_at_once = is_staged(schedule) ? schedule.number("block") : 1;
    t.band_tiles = round_up(t.rows * t.tiles_x, schedule.number("tile_p") * tiles_at_once);
    return t;
}

void schedule_winograd(const WinogradHandles& h, const Schedule& schedule) {
    const auto& [c, x, y, k, n, tx, ty] = h.v;
    const auto& [p, ex, ey, i, j] = h.w;
    const OuterLoops o;
    const int m = h.tiles.m, elements = h.tiles.elements;
    const int lanes = schedule.number("lanes"), images = schedule.number("images");
    schedule_outputs(h, o, schedule);

    Func leader = h.out.leader(), value = h.value, output_rows = h.output_rows;
    value.compute_at(leader, o.cv).bound(i, 0, m).bound(j, 0, m);
    value.vectorize(c).unroll(i).unroll(j);
    output_rows.compute_at(leader, o.cv).bound(i, 0, m).bound(ey, 0, elements);
    output_rows.reorder(c, i, ey).vectorize(c).unroll(i).unroll(ey);
    for (Func part : {value, output_rows}) {  // one tile, which isn't plain to see where outputs share loops
        part.bound_extent(c, lanes).bound_extent(tx, 1).bound_extent(ty, 1).bound_extent(k, 1).bound_extent(n, 1);
    }

    const Var cv("cv"), ci("ci"), po("po"), pi("pi"), ko("ko"), ki("ki");
    Func product = h.product, sum = h.sum;
    product.compute_at(leader, o.ko).store_in(MemoryType::Heap);
    product.bound_extent(c, kBlock).bound_extent(p, h.tiles.band_tiles).bound(ex, 0, elements).bound(ey, 0, elements);
    product.bound_storage(n, images);
    product.split(c, cv, ci, lanes)
        .split(k, ko, ki, schedule.number("tile_k"))
        .split(p, po, pi, schedule.number("tile_p"))
        .reorder(ci, cv, ki, pi, po, n, ex, ey, ko)
        .vectorize(ci)
        .unroll(cv)
        .unroll(ki)
        .unroll(pi);
    sum.compute_at(product, po).bound_extent(c, kBlock);
    sum.split(c, cv, ci, lanes).reorder(ci, cv, k, p).vectorize(ci).unroll(cv).unroll(k).unroll(p);
    Halide::Stage update = sum.update();
    update.split(c, cv, ci, lanes).vectorize(ci).unroll(cv).unroll(k).unroll(p);
    if (reads_lanes(schedule, h.channels)) {
        const RVar channel("channel"), quad("quad");
        update.split(h.channels[0], quad, channel, kQuad).unroll(channel);
        update.reorder(ci, p, cv, k, ex, ey, n, channel, quad, h.channels[1]);
        load_quads(h.spectrum, sum, quad);
    } else {
        update.reorder(ci, cv, k, p, ex, ey, n, h.channels[0], h.channels[1]);
    }

    Func spectrum = h.spectrum, input_rows = h.input_rows;
    spectrum.compute_at(leader, o.band).store_in(MemoryType::Heap);
    spectrum.bound_extent(c, kBlock).bound_extent(p, h.tiles.band_tiles).bound(ex, 0, elements).bound(ey, 0, elements);
    spectrum.bound_storage(n, images);
    if (schedule.number("pad") != 0) spectrum.align_storage(k, h.input_blocks + 1);
    spectrum.split(c, cv, ci, lanes).reorder(ci, ex, ey, cv, p, k, n).vectorize(ci).unroll(ex).unroll(ey);
    if (schedule.number("axis") == kBlocks) spectrum.parallel(k);
    input_rows.compute_at(spectrum, cv).bound_extent(c, lanes).bound(ex, 0, elements).bound(y, 0, elements);
    input_rows.vectorize(c).unroll(ex).unroll(y);
}

}  // namespace senetc
