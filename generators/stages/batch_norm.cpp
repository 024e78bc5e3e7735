// Inference batch normalisation that no conv could take in: a scale and a shift per channel, computed at build time.
#include "generators/compiler/stage.h"
#include "generators/stages/activation.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

class BatchNorm : public Halide::Generator<BatchNorm> {
  public:
    GeneratorParam<int> ch{"ch", 16}, h{"h", 1}, w{"w", 1}, in_halo{"in_halo", 0}, out_halo{"out_halo", 0};
    GeneratorParam<ActivationKind> act{"act", ActivationKind::none, activation_names()};
    GeneratorParam<std::string> schedule_text{"schedule", "direct"};

    Input<Buffer<float, 5>> input{"input"};     // [16 c, x, y, block, n]
    Input<Buffer<float, 2>> scale{"scale"};     // [16 c, block]
    Input<Buffer<float, 2>> shift{"shift"};     // [16 c, block]
    Output<Buffer<float, 5>> output{"output"};  // [16 c, x, y, block, n]

    void generate() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        output(c, x, y, k, n) = activate(act, input(c, x, y, k, n) * scale(c, k) + shift(c, k));
        handles_.out.map = output;
    }

    void schedule() { apply_schedule(schedule_map, handles_, schedule_text); }

  private:
    MapHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(BatchNorm, batch_norm)
