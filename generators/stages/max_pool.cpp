// Max pooling. Coordinates are clamped to the map instead of reading the padding: a clamped window repeats values that
// it holds anyway, so padding never wins.
#include "generators/compiler/stage.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

class MaxPool : public Halide::Generator<MaxPool> {
  public:
    GeneratorParam<int> ch{"ch", 16}, in_h{"in_h", 1}, in_w{"in_w", 1}, in_halo{"in_halo", 0}, out_halo{"out_halo", 0};
    GeneratorParam<int> kernel{"kernel", 3}, stride{"stride", 2}, pad{"pad", 1};
    GeneratorParam<std::string> schedule_text{"schedule", "direct"};

    Input<Buffer<float, 5>> input{"input"};     // [16 c, x, y, block, n]
    Output<Buffer<float, 5>> output{"output"};  // [16 c, x, y, block, n]

    void generate() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        Expr best;
        for (int ky = 0; ky < kernel; ky++) {
            for (int kx = 0; kx < kernel; kx++) {
                const Expr column = clamp(x * stride + (kx - pad), 0, in_w - 1);
                const Expr row = clamp(y * stride + (ky - pad), 0, in_h - 1);
                const Expr value = input(c, column, row, k, n);
                best = best.defined() ? max(best, value) : value;
            }
        }
        output(c, x, y, k, n) = best;
        handles_.out.map = output;
    }

    void schedule() { apply_schedule(schedule_map, handles_, schedule_text); }

  private:
    MapHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(MaxPool, max_pool)
