// y = activation(x * gate + residual), gate and residual each optional: the end of an SE block, of a residual block, or
// a lone activation.
#include "generators/stages/epilogue.h"
#include "generators/stages/map_stage.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

class ScaleAdd : public MapStage<ScaleAdd> {
  public:
    GeneratorParam<int> ch{"ch", 16}, h{"h", 1}, w{"w", 1}, in_halo{"in_halo", 0};
    GeneratorParam<int> gate{"gate", 0}, residual{"residual", 0}, res_halo{"res_halo", 0};

    Input<Buffer<float, 5>> input{"input"};  // [16 c, x, y, block, n]

    void configure() {
        if (gate != 0) gate_input_ = add_input<Buffer<float, 3>>("gate_vector");           // [16 c, block, n]
        if (residual != 0) residual_input_ = add_input<Buffer<float, 5>>("residual_map");  // [16 c, x, y, block, n]
        add_map_outputs();
    }

    void generate() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        define(handles_, [&](const Expr& px, const Expr& py) {
            return epilogue(act, input(c, px, py, k, n), gate_input_, residual_input_, c, px, py, k, n);
        });
    }

    void schedule() { apply_schedule(schedule_map, handles_, schedule_text); }

  private:
    GeneratorInput<Buffer<float, 3>>* gate_input_ = nullptr;
    GeneratorInput<Buffer<float, 5>>* residual_input_ = nullptr;
    MapHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(ScaleAdd, scale_add)
