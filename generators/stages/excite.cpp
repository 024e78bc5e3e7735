// The excitation of Hu et al. 2018, eq. 3: gate = sigmoid(W2 relu(W1 s + b1) + b2).
//
// Both products are vectors of 16 lanes without waste, however narrow the hidden layer: the first runs along the
// squeezed channels and adds its lanes at the end, the second has the gate's channels as lanes.
#include "generators/compiler/stage.h"
#include "generators/stages/activation.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

class Excite : public Halide::Generator<Excite> {
  public:
    // The input has `segments` runs of `ch` channels, each padded to whole blocks; there are `out` gates.
    GeneratorParam<int> ch{"ch", 16}, segments{"segments", 1}, hidden{"hidden", 1}, out{"out", 16};
    GeneratorParam<std::string> schedule_text{"schedule", "direct"};

    Input<Buffer<float, 3>> input{"input"};     // [16 c, block, n]
    Input<Buffer<float, 3>> w1{"w1"};           // [16 c, block, hidden]
    Input<Buffer<float, 1>> b1{"b1"};           // [hidden]
    Input<Buffer<float, 3>> w2{"w2"};           // [16 c, hidden, block]
    Input<Buffer<float, 2>> b2{"b2"};           // [16 c, block]
    Output<Buffer<float, 3>> output{"output"};  // [16 c, block, n]

    void generate() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        const Var h = handles_.h;
        RDom squeezed(0, segments * blocks(ch), "squeezed"), lane(0, kBlock, "lane"), unit(0, hidden, "unit");
        Func lanes("lanes"), dot("dot"), layer("hidden"), gate_sum("gate_sum");
        lanes(c, h, n) = 0.0f;
        lanes(c, h, n) += input(c, squeezed, n) * w1(c, squeezed, h);
        dot(h, n) = b1(h);
        dot(h, n) += lanes(lane, h, n);
        layer(h, n) = max(dot(h, n), 0.0f);
        gate_sum(c, k, n) = b2(c, k);
        gate_sum(c, k, n) += w2(c, unit, k) * layer(unit, n);
        output(c, k, n) = sigmoid(gate_sum(c, k, n));
        handles_.lanes = lanes, handles_.squeeze_blocks = squeezed;
        handles_.dot = dot, handles_.dot_lanes = lane, handles_.hidden = layer;
        handles_.gate_sum = gate_sum, handles_.units = unit, handles_.output = output;
    }

    void schedule() { apply_schedule(schedule_excite, handles_, schedule_text); }

  private:
    ExciteHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(Excite, excite)
