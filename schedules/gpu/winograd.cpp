// Winograd's three parts are three kernels, whose intermediates go through L2 or the device's memory:
//     spectrum   a thread transforms `lanes` channels of a tile, all its elements in registers
//     product    for each element of the spectrum a matrix product; a thread has tile_p tiles of tile_c lanes in tile_k
//                blocks, as in the direct convolution, staged or not (accumulators.h, staging.h)
//     map, sums  a thread transforms `lanes` channels of a tile back, with the epilogue
// All of an image's tiles are one band.
#include <algorithm>

#include "schedules/apply.h"
#include "schedules/gpu/accumulators.h"
#include "schedules/gpu/staging.h"
#include "schedules/gpu/thread_loops.h"
#include "schedules/hand/lanes.h"

namespace senetc::gpu {

using namespace Halide;

namespace {

constexpr int kTransformThreads = 128;

// Of the transform back: a thread has lanes of one block, and a block of threads `groups` at most, a divisor of theirs.
BlockShape transform_shape(const WinogradHandles& h, const Schedule& s) {
    const int lanes = s.number("lanes"), columns = kTransformThreads * lanes / kBlock;
    const int tiles = std::min(h.tiles.tiles_x, columns);
    int groups = s.number("tile_k") * s.number("block_k");
    while (groups > 1 && groups * tiles > columns) groups = groups % 2 == 0 ? groups / 2 : 1;
    return {lanes, 1, tiles, groups, true};
}

void transform_back(const WinogradHandles& h, const BlockShape& shape) {
    const MapVars& v = h.v;
    const auto& [p, ex, ey, i, j] = h.w;
    const int m = h.tiles.m;
    const ThreadLoops l;
    if (h.out.map.defined()) {
        Func map = h.out.map;
        map.split(v.x, v.tx, i, m, TailStrategy::GuardWithIf).split(v.y, v.ty, j, m, TailStrategy::GuardWithIf);
        launch(map, {i, j}, l, v, shape);
    }
    if (h.out.sums.defined()) {
        Func sums = h.out.sums;
        launch(sums, {}, l, v, shape);
        if (h.out.map.defined()) sums.compute_with(h.out.map, l.ct);
    }
    Func value = h.value, rows = h.output_rows;
    for (Func part : {value, rows}) {
        part.compute_at(h.out.leader(), l.ct).store_in(MemoryType::Register);
        part.bound_extent(v.c, shape.lanes).bound_extent(v.tx, 1).bound_extent(v.ty, 1).bound_extent(v.k, 1);
        part.bound_extent(v.n, 1).bound(i, 0, m);
    }
    value.bound(j, 0, m);
    rows.bound(ey, 0, h.tiles.elements);
    unroll_tile(value, {v.c, {i, j}, {v.tx, v.ty, v.k, v.n}});
    unroll_tile(rows, {v.c, {i, ey}, {v.tx, v.ty, v.k, v.n}});
}

void bound_elements(Func f, const WinogradHandles& h) {
    const int elements = h.tiles.elements;
    f.bound_extent(h.v.c, kBlock).bound_extent(h.w.p, h.tiles.band_tiles);
    f.bound(h.w.ex, 0, elements).bound(h.w.ey, 0, elements);
}

BlockShape product_shape(const Schedule& s) {
    return {s.number("tile_c"), s.number("tile_k"), s.number("block"), s.number("block_k"), false};
}

void multiply(const WinogradHandles& h, const Schedule& s) {
    const MapVars& v = h.v;
    const auto& [p, ex, ey, i, j] = h.w;
    const BlockShape shape = product_shape(s);
    const Var pi("pi"), po("po"), element("element"), group("group");
    const ThreadLoops l;
    Func product = h.product, sum = h.sum;
    product.split(p, po, pi, s.number("tile_p"))
        .split(po, l.pb, l.pt, shape.tiles, TailStrategy::GuardWithIf)
        .split(v.k, l.ko, l.ki, shape.tile_k)
        .split(l.ko, l.kb, l.kt, shape.groups)
        .split(v.c, l.ct, l.ci, shape.lanes)
        .reorder(l.ci, l.ki, pi, l.ct, l.pt, l.kt, l.pb, l.kb, ex, ey, v.n)
        .fuse(ex, ey, element)
        .fuse(l.pb, l.kb, group)
        .vectorize(l.ci)
        .unroll(l.ki)
        .unroll(pi)
        .gpu_threads(l.ct, l.pt, l.kt)
        .gpu_blocks(group, element, v.n)
        .partition(l.pt, Partition::Never)
        .partition(group, Partition::Never);

    sum.compute_at(product, l.ct).store_in(MemoryType::Register);
    sum.bound_extent(v.c, shape.lanes).bound_extent(p, s.number("tile_p")).bound_extent(v.k, shape.tile_k);
    for (const Var& one : {ex, ey, v.n}) sum.bound_extent(one, 1);
    const TileDims dims = {v.c, {v.k, p}, {ex, ey, v.n}};
    unroll_tile(sum, dims);
    accumulate(sum, 0, dims, h.spectrum, h.channels);
}

void multiply_staged(const WinogradHandles& h, const Schedule& s) {
    const auto& [p, ex, ey, i, j] = h.w;
    const StagedDims dims = {h.v.c, p, {}, h.v.k, {ex, ey, h.v.n}};
    const StagedTile tile = {product_shape(s), s.number("tile_p"), 1, s.number("stage_k")};
    Func sum = h.sum;
    sum.compute_at(h.product, launch_staged(h.product, dims, tile, {ex, ey}, h.v.n));
    hold_for_block(sum, dims, tile);
    accumulate_staged(sum, 0, dims, tile, h.spectrum, h.weight, h.channels);
}

void transform_input(const WinogradHandles& h, int lanes) {
    const MapVars& v = h.v;
    const auto& [p, ex, ey, i, j] = h.w;
    const int tiles = kTransformThreads * lanes / kBlock;
    const ThreadLoops l;
    Func spectrum = h.spectrum, rows = h.input_rows;
    spectrum.compute_root();
    bound_elements(spectrum, h);
    spectrum.split(v.c, l.ct, l.ci, lanes)
        .split(p, l.pb, l.pt, tiles, TailStrategy::GuardWithIf)
        .reorder(l.ci, ex, ey, l.ct, l.pt, l.pb, v.k, v.n)
        .vectorize(l.ci)
        .unroll(ex)
        .unroll(ey)
        .gpu_threads(l.ct, l.pt)
        .gpu_blocks(l.pb, v.k, v.n)
        .partition(l.pt, Partition::Never)
        .partition(l.pb, Partition::Never);
    rows.compute_at(spectrum, l.ct).store_in(MemoryType::Register);
    rows.bound_extent(v.c, lanes).bound(ex, 0, h.tiles.elements).bound(v.y, 0, h.tiles.elements);
    for (const Var& one : {p, v.k, v.n}) rows.bound_extent(one, 1);
    unroll_tile(rows, {v.c, {ex, v.y}, {p, v.k, v.n}});
}

}  // namespace

void schedule(const WinogradHandles& h, const Schedule& s) {
    transform_back(h, transform_shape(h, s));
    Func product = h.product;
    product.compute_root();
    bound_elements(product, h);
    is_staged(s) ? multiply_staged(h, s) : multiply(h, s);
    transform_input(h, s.number("lanes"));
}

}  // namespace senetc::gpu
