// y = activation(x * gate + residual), gate and residual each optional: the end of an SE block, of a residual block, or
// a lone activation.
#include "generators/compiler/stage.h"
#include "generators/stages/activation.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

class ScaleAdd : public Halide::Generator<ScaleAdd> {
  public:
    GeneratorParam<int> ch{"ch", 16}, h{"h", 1}, w{"w", 1}, in_halo{"in_halo", 0}, out_halo{"out_halo", 0};
    GeneratorParam<int> gate{"gate", 0}, residual{"residual", 0}, res_halo{"res_halo", 0};
    GeneratorParam<ActivationKind> act{"act", ActivationKind::none, activation_names()};
    GeneratorParam<std::string> schedule_text{"schedule", "hand"};

    Input<Buffer<float, 5>> input{"input"};     // [16 c, x, y, block, n]
    Output<Buffer<float, 5>> output{"output"};  // [16 c, x, y, block, n]

    void configure() {
        if (gate != 0) gate_input_ = add_input<Buffer<float, 3>>("gate_vector");           // [16 c, block, n]
        if (residual != 0) residual_input_ = add_input<Buffer<float, 5>>("residual_map");  // [16 c, x, y, block, n]
    }

    void generate() {
        const auto& [c, x, y, k, n] = handles_.v;
        Expr value = input(c, x, y, k, n);
        if (gate_input_ != nullptr) value *= (*gate_input_)(c, k, n);
        if (residual_input_ != nullptr) value += (*residual_input_)(c, x, y, k, n);
        output(c, x, y, k, n) = activate(act, value);
        handles_.output = output;
    }

    void schedule() { schedule_map(handles_, parse_schedule(schedule_text)); }

  private:
    GeneratorInput<Buffer<float, 3>>* gate_input_ = nullptr;
    GeneratorInput<Buffer<float, 5>>* residual_input_ = nullptr;
    MapHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(ScaleAdd, scale_add)
