// Dense 2-D convolution with bias, then a gate, a residual and an activation when asked for. With a shortcut the
// residual is the 1x1 convolution of another map, which goes on in the same accumulators.
#include "generators/stages/epilogue.h"
#include "generators/stages/map_stage.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

enum class Layout { blocked, planar };

class Conv : public MapStage<Conv> {
  public:
    // The shape: extents, strides and halos reach the buffers as constraints (generators/compiler/emit_kernel.cpp).
    GeneratorParam<int> ci{"ci", 16}, co{"co", 16}, in_h{"in_h", 1}, in_w{"in_w", 1};
    GeneratorParam<int> kernel_h{"kernel_h", 1}, kernel_w{"kernel_w", 1}, stride{"stride", 1}, pad{"pad", 0};
    GeneratorParam<int> in_halo{"in_halo", 0}, res_halo{"res_halo", 0};
    GeneratorParam<Layout> layout{
        "layout", Layout::blocked, {{"blocked", Layout::blocked}, {"planar", Layout::planar}}};
    GeneratorParam<int> gate{"gate", 0}, residual{"residual", 0};
    GeneratorParam<int> shortcut_ci{"shortcut_ci", 0}, shortcut_h{"shortcut_h", 1}, shortcut_w{"shortcut_w", 1};
    GeneratorParam<int> shortcut_stride{"shortcut_stride", 1};

    Input<Buffer<float>> input{"input"};  // blocked [16 c, x, y, block, n], or planar [x, y, channel, n]
    Input<Buffer<float>> weight{
        "weight"};  // [16 c_out, nv, 16 c_in, x, y, block_in, block_out / nv], planar without blocks in
    Input<Buffer<float, 2>> bias{"bias"};  // [16 c, block]

    void configure() {
        input.set_dimensions(planar() ? 4 : 5);
        weight.set_dimensions(planar() ? 6 : 7);
        if (gate != 0) gate_input_ = add_input<Buffer<float, 3>>("gate_vector");  // [16 c, block, n]
        if (shortcut_ci != 0) {
            shortcut_input_ = add_input<Buffer<float, 5>>("shortcut_map");      // blocked
            shortcut_weight_ = add_input<Buffer<float, 7>>("shortcut_weight");  // as weight
            shortcut_bias_ = add_input<Buffer<float, 2>>("shortcut_bias");      // [16 c, block]
        } else if (residual != 0) {
            residual_input_ = add_input<Buffer<float, 5>>("residual_map");  // as the output
        }
        add_map_outputs();
    }

    void generate() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        const int nv = blocks_per_row(co);
        Func& sum = handles_.sum;
        sum = Func("sum");
        sum(c, x, y, k, n) = bias(c, k);
        if (planar()) {
            RDom r(0, kernel_w, 0, kernel_h, 0, ci, "tap");
            skip_padding(r, r.y);
            sum(c, x, y, k, n) += input(x * stride + r.x - pad, y * stride + r.y - pad, r.z, n) *
                                  weight(c, k % nv, r.x, r.y, r.z, k / nv);
            handles_.taps = {r.x, r.y, r.z};
        } else {
            RDom r(0, kBlock, 0, kernel_w, 0, kernel_h, 0, blocks(ci), "tap");
            skip_padding(r, r.z);
            sum(c, x, y, k, n) += input(r.x, x * stride + r.y - pad, y * stride + r.z - pad, r.w, n) *
                                  weight(c, k % nv, r.x, r.y, r.z, r.w, k / nv);
            handles_.taps = {r.x, r.y, r.z, r.w};
        }
        handles_.input = input, handles_.weight = weight;
        if (shortcut_ci != 0) add_shortcut(nv);
        handles_.out = define_map(handles_.v, [&](const Expr& px, const Expr& py) {
            return epilogue(act, sum(c, px, py, k, n), shortcut_ci != 0 ? nullptr : gate_input_, residual_input_, c, px,
                            py, k, n);
        });
    }

    void schedule() { apply_schedule(schedule_conv, handles_, schedule_text); }

  private:
    // Rows of taps that lie in the zeros above or below the map are left out where a register tile is one row of
    // pixels, so that all of it skips the same ones; columns differ within a tile. Not by lane: rows that a condition
    // bounds go through memory there. Nor on GPUs, where threads of one warp would skip different rows; nor where an
    // autoscheduler chooses the tiles.
    void skip_padding(RDom& taps, const RVar& tap_row) {
        const Schedule schedule = parse_schedule(schedule_text);
        if (pad == 0 || is_autoscheduled(schedule) || is_on_gpu(schedule)) return;
        if (schedule.number("tile_y") != 1 || schedule.params.count("by_lane") != 0) return;
        const Expr row = handles_.v.y * stride + tap_row - pad;
        taps.where(row >= 0 && row < in_h);
    }

    bool planar() const { return layout == Layout::planar; }

    // sum = gate * sum + shortcut_bias + the shortcut's convolution
    void add_shortcut(int nv) {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        Func& sum = handles_.sum;
        Expr scaled = sum(c, x, y, k, n);
        if (gate_input_ != nullptr) scaled *= (*gate_input_)(c, k, n);
        sum(c, x, y, k, n) = scaled + (*shortcut_bias_)(c, k);
        RDom r(0, kBlock, 0, blocks(shortcut_ci), "channel");
        sum(c, x, y, k, n) += (*shortcut_input_)(r.x, x * shortcut_stride, y * shortcut_stride, r.y, n) *
                              (*shortcut_weight_)(c, k % nv, r.x, 0, 0, r.y, k / nv);
        handles_.shortcut = *shortcut_input_, handles_.shortcut_weight = *shortcut_weight_;
        handles_.shortcut_channels = {r.x, r.y};
    }

    GeneratorInput<Buffer<float, 3>>* gate_input_ = nullptr;
    GeneratorInput<Buffer<float, 5>>*residual_input_ = nullptr, *shortcut_input_ = nullptr;
    GeneratorInput<Buffer<float, 7>>* shortcut_weight_ = nullptr;
    GeneratorInput<Buffer<float, 2>>* shortcut_bias_ = nullptr;
    ConvHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(Conv, conv)
