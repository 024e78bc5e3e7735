// A few rows and columns of each channel block, read once: serial, or a task per image.
#include "schedules/apply.h"

namespace senetc {

using namespace Halide;

void schedule_window_means(const WindowMeansHandles& h, const Schedule& schedule) {
    const auto& [c, x, y, k, n, tx, ty] = h.v;
    Func output = h.output;
    output.reorder(c, h.tap, k, n).vectorize(c).unroll(h.tap).bound(h.tap, 0, 9);
    if (schedule.number("parallel") != 0) output.parallel(n);
    for (Func part : {h.total, h.row, h.column}) {
        part.compute_at(output, k).vectorize(c);
        part.update().vectorize(c);
    }
    for (Func pair : {h.row, h.column}) {
        pair.bound_extent(x, 2).unroll(x);
        pair.update().reorder(c, x).unroll(x);
    }
}

}  // namespace senetc
