// Fully connected layer. One pixel of a 1x1 conv has too few accumulators to keep the FMA units busy, so every output
// has `kParts` partial sums, added at the end in a fixed order.
#include "generators/compiler/stage.h"
#include "generators/stages/activation.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

constexpr int kParts = 4;

class Dense : public Halide::Generator<Dense> {
  public:
    GeneratorParam<int> in{"in", 16}, out{"out", 16}, logits{"logits", 0};
    GeneratorParam<ActivationKind> act{"act", ActivationKind::none, activation_names()};
    GeneratorParam<std::string> schedule_text{"schedule", "direct"};

    Input<Buffer<float, 3>> input{"input"};    // [16 c, block, n]
    Input<Buffer<float, 7>> weight{"weight"};  // as a 1x1 conv's
    Input<Buffer<float, 2>> bias{"bias"};      // [16 c, block]
    Output<Buffer<float>> output{"output"};    // [16 c, block, n]; logits: [class, n]

    void configure() { output.set_dimensions(logits != 0 ? 2 : 3); }

    void generate() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        const auto& [part, o] = std::tie(handles_.part, handles_.o);
        const int nv = blocks_per_row(out);
        RDom r(0, kParts, 0, kBlock / kParts, 0, blocks(in), "features");
        Func sums("sums");
        const Expr feature = r.y * kParts + r.x;
        sums(c, part, k, n) = 0.0f;
        sums(c, r.x, k, n) += input(feature, r.z, n) * weight(c, k % nv, feature, 0, 0, r.z, k / nv);
        const auto value = [&](const Expr& lane, const Expr& block) {
            const Expr sum = (sums(lane, 0, block, n) + sums(lane, 1, block, n)) +
                             (sums(lane, 2, block, n) + sums(lane, 3, block, n));
            return activate(act, sum + bias(lane, block));
        };
        if (logits != 0) {
            output(o, n) = value(o % kBlock, o / kBlock);
        } else {
            output(c, k, n) = value(c, k);
        }
        handles_.sums = sums, handles_.parts = r.x, handles_.steps = r.y, handles_.blocks = r.z;
        handles_.output = output;
    }

    void schedule() { apply_schedule(schedule_dense, handles_, schedule_text); }

  private:
    DenseHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(Dense, dense)
