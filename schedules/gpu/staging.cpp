#include "schedules/gpu/staging.h"

#include "schedules/hand/lanes.h"

namespace senetc::gpu {

using namespace Halide;

namespace {

struct Threads {
    Var c{"ct"}, p{"pt"}, k{"kt"};
};

struct Inside {
    Var c{"ci"}, p{"pi"}, k{"ki"};
};

void append(std::vector<VarOrRVar>& order, const auto& loops) {
    order.insert(order.end(), loops.begin(), loops.end());
}

// `step`: unrolled inside a pixel; `inside` and `outside` of the threads' loops.
void split_for_threads(Halide::Stage stage, const StagedDims& dims, const BlockShape& shape,
                       const std::vector<RVar>& step, const std::vector<RVar>& inside,
                       const std::vector<RVar>& outside) {
    const Threads t;
    const Inside i;
    stage.split(dims.c, t.c, i.c, shape.lanes)
        .split(dims.p, i.p, t.p, shape.tiles)
        .split(dims.k, t.k, i.k, shape.tile_k);
    std::vector<VarOrRVar> order = {i.c, i.k};
    append(order, step);
    order.push_back(i.p);
    append(order, dims.rows);
    append(order, dims.single);
    append(order, inside);
    order.insert(order.end(), {t.c, t.p, t.k});
    append(order, outside);
    stage.reorder(order).vectorize(i.c).unroll(i.k).unroll(i.p).gpu_threads(t.c, t.p, t.k);
    for (const Var& row : dims.rows) stage.unroll(row);
    for (const RVar& channel : step) stage.unroll(channel);
}

// All of `copy` by all threads.
void copy_by_threads(Func copy, const BlockShape& shape) {
    const Threads t;
    const Var quad("quad"), lane("lane"), turn("turn"), after_c("after_c"), after_p("after_p");
    const std::vector<Var> v = copy.args();
    copy.split(v[0], quad, lane, kQuad);
    Var all = quad;
    for (size_t i = 1; i < v.size(); i++) {
        const Var fused("all" + std::to_string(i));
        copy.fuse(all, v[i], fused);
        all = fused;
    }
    const TailStrategy tail = TailStrategy::GuardWithIf;
    copy.split(all, after_c, t.c, kBlock / shape.lanes, tail)
        .split(after_c, after_p, t.p, shape.tiles, tail)
        .split(after_p, turn, t.k, shape.groups, tail)
        .reorder(lane, turn, t.c, t.p, t.k)
        .vectorize(lane)
        .unroll(turn)
        .gpu_threads(t.c, t.p, t.k);
}

}  // namespace

Var launch_staged(Func f, const StagedDims& dims, const StagedTile& tile, const std::vector<Var>& planes,
                  const Var& n) {
    const Threads t;
    const Inside i;
    const Var pb("pb"), pr("pr"), ko("ko"), kb("kb"), group("group"), rows("rows"), yi("yi");
    const BlockShape& shape = tile.shape;
    f.split(dims.p, pb, pr, shape.tiles * tile.tile_p, TailStrategy::ShiftInwards)
        .split(pr, i.p, t.p, shape.tiles)
        .split(dims.k, ko, i.k, shape.tile_k)
        .split(ko, kb, t.k, shape.groups)
        .split(dims.c, t.c, i.c, shape.lanes);
    std::vector<VarOrRVar> order = {i.c, i.k, i.p};
    std::vector<Var> outer = planes;
    for (const Var& row : dims.rows) {
        f.split(row, rows, yi, tile.tile_y, TailStrategy::ShiftInwards).unroll(yi);
        order.push_back(yi);
        outer.insert(outer.begin(), rows);
    }
    order.insert(order.end(), {t.c, t.p, t.k, pb, kb});
    append(order, outer);
    order.push_back(n);
    f.reorder(order).fuse(pb, kb, group);
    Var plane = outer[0];
    for (size_t o = 1; o < outer.size(); o++) {
        const Var fused("plane" + std::to_string(o));
        f.fuse(plane, outer[o], fused);
        plane = fused;
    }
    f.vectorize(i.c).unroll(i.k).unroll(i.p).gpu_threads(t.c, t.p, t.k).gpu_blocks(group, plane, n);
    return group;
}

void hold_for_block(Func sum, const StagedDims& dims, const StagedTile& tile) {
    const BlockShape& shape = tile.shape;
    sum.store_in(MemoryType::Register).bound_extent(dims.c, kBlock).bound_extent(dims.k, shape.groups * shape.tile_k);
    sum.bound_extent(dims.p, shape.tiles * tile.tile_p);
    for (const Var& row : dims.rows) sum.bound_extent(row, tile.tile_y);
    for (const Var& one : dims.single) sum.bound_extent(one, 1);
    compute_for_block(sum, dims, tile);
}

void compute_for_block(Halide::Stage stage, const StagedDims& dims, const StagedTile& tile) {
    split_for_threads(stage, dims, tile.shape, {}, {}, {});
}

void accumulate_staged(Func sum, int update, const StagedDims& dims, const StagedTile& tile, const Func& pixels,
                       const Func& weights, const std::vector<RVar>& taps) {
    Halide::Stage stage = sum.update(update);
    const RVar channel("channel"), quad("quad"), block("block"), copied("copied");
    stage.split(taps.front(), quad, channel, kQuad);
    std::vector<RVar> inside = {quad}, outside(taps.begin() + 1, taps.end());
    if (tile.stage_k > 1) {
        stage.split(outside.back(), copied, block, tile.stage_k);
        inside.insert(inside.end(), outside.begin(), outside.end() - 1);
        inside.push_back(block);
        outside = {copied};
    } else if (outside.size() > 1) {  // a window's columns
        inside.push_back(outside.front());
        outside.erase(outside.begin());
    }
    split_for_threads(stage, dims, tile.shape, {channel}, inside, outside);

    Func staged_pixels = Func(pixels).in(sum), staged_weights = Func(weights).in(sum);
    for (Func copy : {staged_pixels, staged_weights}) {
        copy.compute_at(sum, outside.front()).store_in(MemoryType::GPUShared);
        copy_by_threads(copy, tile.shape);
    }
    staged_pixels.align_storage(staged_pixels.args()[0], kStagedPixel);
    Func pixel = staged_pixels.in(sum);
    pixel.compute_at(sum, Inside().p).bound_extent(pixel.args()[0], kQuad).vectorize(pixel.args()[0]);
}

}  // namespace senetc::gpu
