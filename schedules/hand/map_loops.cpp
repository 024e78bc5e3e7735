#include "schedules/hand/map_loops.h"

namespace senetc {

using namespace Halide;

namespace {

struct Loops {
    Var xi{"xi"}, yi{"yi"}, ci{"ci"}, cv{"cv"}, cr{"cr"}, ct{"ct"}, ki{"ki"}, ko{"ko"};
    Var xt{"xt"}, xb{"xb"}, yt{"yt"}, yb{"yb"};
};

// Bands, blocks and lanes: the same for map and sums, which share these loops.
void cut(Func f, const Loops& l, const MapVars& v, const Schedule& s) {
    f.split(v.tx, l.xb, l.xt, s.number("band_x"), TailStrategy::GuardWithIf)
        .split(v.ty, l.yb, l.yt, s.number("band_y"), TailStrategy::GuardWithIf)
        .split(v.k, l.ko, l.ki, s.number("tile_k"))
        .split(v.c, l.ct, l.cr, s.number("tile_c"))
        .split(l.cr, l.cv, l.ci, s.number("lanes"));
}

void order(Func f, std::vector<VarOrRVar> inside_tile, const Loops& l, const MapVars& v, const Schedule& s) {
    std::vector<VarOrRVar> loops = std::move(inside_tile);
    loops.insert(loops.end(), {l.ct, l.xt, l.yt});
    if (s.number("axis") != kBlocks) {
        loops.insert(loops.end(), {l.ko, l.xb, l.yb, v.n});
    } else if (s.number("images_inside") != 0) {
        loops.insert(loops.end(), {l.xb, l.yb, v.n, l.ko});
    } else {
        loops.insert(loops.end(), {l.xb, l.yb, l.ko, v.n});
    }
    f.reorder(loops).vectorize(l.ci).unroll(l.cv).unroll(l.ki);
    // A map that is one long row has one band of rows and many along the row: one of the two loops has one turn.
    if (s.number("axis") == kBands) f.parallel(l.xb).parallel(l.yb);
    if (s.number("axis") == kBlocks) f.parallel(l.ko);
    if (s.number("axis") == kImages) f.parallel(v.n);
}

}  // namespace

Var map_loops(const MapOutputs& out, const MapVars& v, const Schedule& s) {
    const Loops l;
    if (out.map.defined()) {
        Func map = out.map;
        map.split(v.x, v.tx, l.xi, s.number("tile_x"), TailStrategy::ShiftInwards)
            .split(v.y, v.ty, l.yi, s.number("tile_y"), TailStrategy::ShiftInwards);
        cut(map, l, v, s);
        order(map, {l.ci, l.xi, l.yi, l.cv, l.ki}, l, v, s);
        map.unroll(l.xi).unroll(l.yi);
    }
    if (out.sums.defined()) {
        Func sums = out.sums;
        cut(sums, l, v, s);
        order(sums, {l.ci, l.cv, l.ki}, l, v, s);
        if (out.map.defined()) sums.compute_with(out.map, l.ct);
    }
    return l.ct;
}

}  // namespace senetc
