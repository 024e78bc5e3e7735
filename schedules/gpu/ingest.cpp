// Copying an image in, a pixel or a lane to each thread: bound by memory and by the launch.
#include "schedules/apply.h"

namespace senetc::gpu {

using namespace Halide;

void schedule(const IngestHandles& h, const Schedule& s) {
    const auto& [c, x, y, k, n, tx, ty] = h.v;
    const Var xo("xo"), xi("xi"), yo("yo"), yi("yi"), pixel("pixel"), plane("plane");
    const int block = s.number("block");
    Func output = h.output;
    if (h.planar) {
        output.split(x, xo, xi, 32, TailStrategy::GuardWithIf)
            .split(y, yo, yi, block, TailStrategy::GuardWithIf)
            .reorder(xi, yi, xo, yo, c, n)
            .fuse(c, n, plane)
            .gpu_threads(xi, yi)
            .gpu_blocks(xo, yo, plane);
    } else {
        output.fuse(x, y, pixel)
            .split(pixel, xo, xi, block, TailStrategy::GuardWithIf)
            .gpu_threads(c, xi)
            .gpu_blocks(xo, k, n);
    }
}

}  // namespace senetc::gpu
