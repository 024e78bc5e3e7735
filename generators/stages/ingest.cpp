// The caller's images become the network's first map: float NCHW as it is, bytes NHWC normalised to x * scale + shift.
// The first conv may read planes, whose halo is written here too; other first stages read a blocked map.
#include "generators/compiler/stage.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

enum class Layout { blocked, planar };

template <class Pixel>
class Ingest : public Halide::Generator<Ingest<Pixel>> {
    using Base = Halide::Generator<Ingest<Pixel>>;

  public:
    template <class T>
    using Param = typename Base::template GeneratorParam<T>;

    Param<int> ch{"ch", 3}, h{"h", 1}, w{"w", 1}, out_halo{"out_halo", 0};
    Param<Layout> layout{"layout", Layout::planar, {{"blocked", Layout::blocked}, {"planar", Layout::planar}}};
    Param<std::string> schedule_text{"schedule", "direct"};

    typename Base::template Input<Buffer<Pixel, 4>> input{"input"};                  // [x, y, channel, n]
    typename Base::template Input<Buffer<float, 2>> normalisation{"normalisation"};  // [channel, {scale, shift}]
    typename Base::template Output<Buffer<float>> output{"output"};  // [x, y, channel, n] or [16 c, x, y, block, n]

    void configure() { output.set_dimensions(layout == Layout::planar ? 4 : 5); }

    void generate() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        if (layout == Layout::planar) {
            const Expr inside = x >= 0 && x < w && y >= 0 && y < h;
            output(x, y, c, n) = select(inside, value(clamp(x, 0, w - 1), clamp(y, 0, h - 1), c, n), 0.0f);
        } else {
            const Expr channel = k * kBlock + c;
            output(c, x, y, k, n) = select(channel < ch, value(x, y, min(channel, ch - 1), n), 0.0f);
        }
        handles_.output = output;
        handles_.planar = layout == Layout::planar;
    }

    void schedule() { apply_schedule(schedule_ingest, handles_, schedule_text); }

  private:
    Expr value(const Expr& x, const Expr& y, const Expr& channel, const Expr& n) {
        if constexpr (std::is_same_v<Pixel, float>) {
            return input(x, y, channel, n);
        } else {
            return cast<float>(input(x, y, channel, n)) * normalisation(channel, 0) + normalisation(channel, 1);
        }
    }

    IngestHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(Ingest<float>, ingest_f32)
HALIDE_REGISTER_GENERATOR(Ingest<uint8_t>, ingest_u8)
