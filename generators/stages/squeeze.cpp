// The squeeze of Hu et al. 2018, eq. 2: the mean of every channel over the map, from the map or from its sums by tile.
//
// Rows are summed first, then the row sums, each in `kParts` partial sums per channel: independent chains keep the
// adders busy, and no chain is longer than a row and a column, which is where the accuracy of a long float sum comes
// from.
#include "generators/compiler/stage.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

constexpr int kParts = 4;  // 4 chains of 16 lanes: an addition takes 4 cycles

class Squeeze : public Halide::Generator<Squeeze> {
  public:
    GeneratorParam<int> ch{"ch", 16}, h{"h", 1}, w{"w", 1}, in_halo{"in_halo", 0};
    GeneratorParam<int> pixels{"pixels", 1};  // of the map: what the sum is divided by
    GeneratorParam<std::string> schedule_text{"schedule", "direct"};

    Input<Buffer<float, 5>> input{"input"};     // [16 c, x, y, block, n]: pixels, or sums of tiles
    Output<Buffer<float, 3>> output{"output"};  // [16 c, block, n]

    void generate() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        const Var part = handles_.part;
        const int steps = w / kParts, rest = w % kParts;
        Func row("row"), total("total");
        row(c, part, y, k, n) = 0.0f;
        if (steps > 0) {
            RDom r(0, kParts, 0, steps, "columns");
            row(c, r.x, y, k, n) += input(c, r.y * kParts + r.x, y, k, n);
            handles_.row_updates.push_back(r);
        }
        if (rest > 0) {
            RDom r(0, rest, "rest");
            row(c, r.x, y, k, n) += input(c, steps * kParts + r.x, y, k, n);
            handles_.row_updates.push_back(r);
        }
        RDom rows(0, h, "rows");
        total(c, part, k, n) = 0.0f;
        total(c, part, k, n) += row(c, part, rows, k, n);
        static_assert(kParts == 4);
        const Expr sum = (total(c, 0, k, n) + total(c, 1, k, n)) + (total(c, 2, k, n) + total(c, 3, k, n));
        output(c, k, n) = sum / static_cast<float>(int{pixels});
        handles_.row = row, handles_.total = total, handles_.rows = rows, handles_.output = output;
    }

    void schedule() { apply_schedule(schedule_squeeze, handles_, schedule_text); }

  private:
    SqueezeHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(Squeeze, squeeze)
