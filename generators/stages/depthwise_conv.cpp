// Depthwise convolution: every channel has its own square window.
#include "generators/compiler/stage.h"
#include "generators/stages/activation.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

class DepthwiseConv : public Halide::Generator<DepthwiseConv> {
  public:
    GeneratorParam<int> ch{"ch", 16}, in_h{"in_h", 1}, in_w{"in_w", 1}, in_halo{"in_halo", 0}, out_halo{"out_halo", 0};
    GeneratorParam<int> kernel{"kernel", 3}, stride{"stride", 1}, pad{"pad", 1};
    GeneratorParam<ActivationKind> act{"act", ActivationKind::none, activation_names()};
    GeneratorParam<std::string> schedule_text{"schedule", "hand"};

    Input<Buffer<float, 5>> input{"input"};     // [16 c, x, y, block, n]
    Input<Buffer<float, 4>> weight{"weight"};   // [16 c, x, y, block]
    Input<Buffer<float, 2>> bias{"bias"};       // [16 c, block]
    Output<Buffer<float, 5>> output{"output"};  // [16 c, x, y, block, n]

    // The window is written out term by term: it is small, and its weights then stay in registers along a row.
    void generate() {
        const auto& [c, x, y, k, n] = handles_.v;
        Expr sum = bias(c, k);
        for (int ky = 0; ky < kernel; ky++) {
            for (int kx = 0; kx < kernel; kx++) {
                sum += input(c, x * stride + (kx - pad), y * stride + (ky - pad), k, n) * weight(c, kx, ky, k);
            }
        }
        output(c, x, y, k, n) = activate(act, sum);
        handles_.output = output;
    }

    void schedule() { schedule_map(handles_, parse_schedule(schedule_text)); }

  private:
    MapHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(DepthwiseConv, depthwise_conv)
