// What the taps of a 3 x 3 convolution with padding 1 see on average: for each of the nine taps the mean over all
// output positions of the input under it, zeros outside of the map counted. A tap that looks one row up never sees the
// last row, and so on: its sum is the total less one border row, less one border column, plus the corner that both
// have.
//
//     sum over y, x of in(x + dx, y + dy)  =  total - row(dy) - column(dx) + corner(dx, dy)
//
// The total comes from the producer's sums by tile, so only the map's border is read. (Where the producer has none, the
// map itself is given for them.)
#include "generators/compiler/stage.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

class WindowMeans : public Halide::Generator<WindowMeans> {
  public:
    GeneratorParam<int> ch{"ch", 16}, h{"h", 1}, w{"w", 1}, in_halo{"in_halo", 0};
    GeneratorParam<int> tiles_x{"tiles_x", 1}, tiles_y{"tiles_y", 1}, sums_halo{"sums_halo", 0};
    GeneratorParam<std::string> schedule_text{"schedule", "direct"};

    Input<Buffer<float, 5>> input{"input"};            // [16 c, x, y, block, n]
    Input<Buffer<float, 5>> input_sums{"input_sums"};  // [16 c, tx, ty, block, n]
    Output<Buffer<float, 4>> output{"output"};         // [16 c, block, tap, n]

    void generate() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        const Var tap = handles_.tap;
        RDom cells(0, tiles_x, 0, tiles_y, "cells"), columns(0, w, "columns"), rows(0, h, "rows");
        Func total("total"), row("row"), column("column");
        total(c, k, n) = 0.0f;
        total(c, k, n) += input_sums(c, cells.x, cells.y, k, n);
        row(c, x, k, n) = 0.0f;  // x = 0: the first row, 1: the last
        row(c, x, k, n) += input(c, columns, x * (h - 1), k, n);
        column(c, x, k, n) = 0.0f;
        column(c, x, k, n) += input(c, x * (w - 1), rows, k, n);

        std::vector<Expr> sums;
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                const int unseen_row = dy < 0 ? 1 : 0, unseen_column = dx < 0 ? 1 : 0;
                Expr sum = total(c, k, n);
                if (dy != 0) sum -= row(c, unseen_row, k, n);
                if (dx != 0) sum -= column(c, unseen_column, k, n);
                if (dy != 0 && dx != 0) sum += input(c, unseen_column * (w - 1), unseen_row * (h - 1), k, n);
                sums.push_back(sum / static_cast<float>(int{h} * int{w}));
            }
        }
        output(c, k, tap, n) = mux(tap, sums);
        handles_.total = total, handles_.row = row, handles_.column = column, handles_.output = output;
    }

    void schedule() { apply_schedule(schedule_window_means, handles_, schedule_text); }

  private:
    WindowMeansHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(WindowMeans, window_means)
