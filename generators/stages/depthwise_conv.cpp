// Depthwise convolution: every channel has its own square window. A gate on the input comes out of the window's sum:
// conv(gate * x) = gate * conv(x), channel by channel.
#include "generators/stages/epilogue.h"
#include "generators/stages/map_stage.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

class DepthwiseConv : public MapStage<DepthwiseConv> {
  public:
    GeneratorParam<int> ch{"ch", 16}, in_h{"in_h", 1}, in_w{"in_w", 1}, in_halo{"in_halo", 0};
    GeneratorParam<int> kernel{"kernel", 3}, stride{"stride", 1}, pad{"pad", 1}, gate{"gate", 0};

    Input<Buffer<float, 5>> input{"input"};    // [16 c, x, y, block, n]
    Input<Buffer<float, 4>> weight{"weight"};  // [16 c, x, y, block]
    Input<Buffer<float, 2>> bias{"bias"};      // [16 c, block]

    void configure() {
        if (gate != 0) gate_input_ = add_input<Buffer<float, 3>>("gate_vector");  // [16 c, block, n]
        add_map_outputs();
    }

    // The window is written out term by term: it is small, and its weights then stay in registers along a row.
    void generate() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        const auto window = [&](const Expr& px, const Expr& py) {
            Expr sum = gate != 0 ? Expr(0.0f) : bias(c, k);
            for (int ky = 0; ky < kernel; ky++) {
                for (int kx = 0; kx < kernel; kx++) {
                    sum += input(c, px * stride + (kx - pad), py * stride + (ky - pad), k, n) * weight(c, kx, ky, k);
                }
            }
            if (gate != 0) sum = sum * (*gate_input_)(c, k, n) + bias(c, k);
            return activate(act, sum);
        };
        define(handles_, window);
    }

    void schedule() { apply_schedule(schedule_map, handles_, schedule_text); }

  private:
    GeneratorInput<Buffer<float, 3>>* gate_input_ = nullptr;
    MapHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(DepthwiseConv, depthwise_conv)
