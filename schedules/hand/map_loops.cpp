#include "schedules/hand/map_loops.h"

namespace senetc {

using namespace Halide;

namespace {

// Fuses `inner` and `outer` into one loop of tasks.
Var fuse_tasks(Func& output, const Var& inner, const Var& outer, const std::string& name) {
    const Var fused(name);
    output.fuse(inner, outer, fused);
    return fused;
}

}  // namespace

MapLoops map_loops(Func output, const MapVars& v, const Schedule& s) {
    const Var xg("xg"), xr("xr"), xt("xt"), xi("xi"), yg("yg"), yr("yr"), yt("yt"), yi("yi");
    const Var xb("xb"), xgi("xgi"), yb("yb"), ygi("ygi"), ko("ko"), ki("ki"), ct("ct"), cr("cr"), cv("cv"), ci("ci");
    output.split(v.x, xg, xr, s.number("group_x"), TailStrategy::ShiftInwards)
        .split(xr, xt, xi, s.number("tile_x"), TailStrategy::GuardWithIf)
        .split(xg, xb, xgi, s.number("band_x"), TailStrategy::GuardWithIf)
        .split(v.y, yg, yr, s.number("group_y"), TailStrategy::ShiftInwards)
        .split(yr, yt, yi, s.number("tile_y"), TailStrategy::GuardWithIf)
        .split(yg, yb, ygi, s.number("band_y"), TailStrategy::GuardWithIf)
        .split(v.k, ko, ki, s.number("tile_k"))
        .split(v.c, ct, cr, s.number("tile_c"))
        .split(cr, cv, ci, s.number("lanes"));
    if (s.number("bands_inside") != 0) {
        output.reorder(ci, xi, yi, cv, ki, xt, yt, ct, xgi, ygi, xb, yb, ko, v.n);
    } else {
        output.reorder(ci, xi, yi, cv, ki, xt, yt, ct, xgi, ygi, ko, xb, yb, v.n);
    }
    output.vectorize(ci).unroll(cv).unroll(ki).unroll(xi).unroll(yi).unroll(xt).unroll(yt);
    if (s.number("parallel") == 2) {
        const Var band = fuse_tasks(output, xb, yb, "band");
        const Var task =
            s.number("bands_inside") != 0 ? fuse_tasks(output, band, ko, "task") : fuse_tasks(output, ko, band, "task");
        output.parallel(fuse_tasks(output, task, v.n, "image_task"));
    } else if (s.number("parallel") == 1) {
        output.parallel(v.n);
    }
    return {xt};
}

}  // namespace senetc
