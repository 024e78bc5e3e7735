// Copying an image in: a task is a band of rows of one channel (planar), or the whole image (blocked).
#include "schedules/apply.h"

namespace senetc {

using namespace Halide;

void schedule_ingest(const IngestHandles& h, const Schedule& schedule) {
    const auto& [c, x, y, k, n, tx, ty] = h.v;
    Func output = h.output;
    if (!h.planar) {
        output.vectorize(c);
        if (schedule.number("parallel") != 0) output.parallel(n);
        return;
    }
    const Var xo("xo"), xi("xi"), yb("yb"), yi("yi"), task("task"), image_task("image_task");
    output.split(x, xo, xi, schedule.number("tile_x"), TailStrategy::GuardWithIf).vectorize(xi);
    if (schedule.number("parallel") == 2) {
        output.split(y, yb, yi, schedule.number("rows"), TailStrategy::GuardWithIf)
            .fuse(yb, c, task)
            .fuse(task, n, image_task)
            .parallel(image_task);
    } else if (schedule.number("parallel") == 1) {
        output.parallel(n);
    }
}

}  // namespace senetc
