// Dense 3x3 convolution of stride 1 or 2 by Winograd's minimal filtering: with stride 1 (m+2)^2 multiplications for m^2
// outputs instead of 9 m^2, with stride 2 (2m+1)^2. A `conv` stage whose algorithm is "winograd" is emitted from here;
// transforms: winograd_transforms.h.
//
//     spectrum   V (c, p, block, ex, ey, n): BT d B of tile p, rows first
//     product    M (c, p, ex, ey, k, n): for each of the spectrum's elements a matrix product over the channels
//     value      (c, i, j, tx, ty, k, n): AT M A, then bias, gate, residual and activation
//
// Tiles are numbered along rows: p = tx + tiles_x * ty. Tiles may reach past the map's right and lower edge: inputs
// there are read from the first halo column or row, whose zeros stand for all further ones, so halos needn't grow with
// the tile; outputs there aren't stored and don't count in the sums.
#include "generators/stages/epilogue.h"
#include "generators/stages/map_stage.h"
#include "generators/stages/winograd_transforms.h"
#include "schedules/apply.h"

namespace {

using namespace Halide;
using namespace senetc;

enum class Layout { blocked };

class Winograd : public MapStage<Winograd> {
  public:
    // As conv's; kernel and pad are always 3 and 1.
    GeneratorParam<int> ci{"ci", 16}, co{"co", 16}, in_h{"in_h", 1}, in_w{"in_w", 1};
    GeneratorParam<int> kernel_h{"kernel_h", 3}, kernel_w{"kernel_w", 3}, stride{"stride", 1}, pad{"pad", 1};
    GeneratorParam<int> in_halo{"in_halo", 1}, res_halo{"res_halo", 0};
    GeneratorParam<Layout> layout{"layout", Layout::blocked, {{"blocked", Layout::blocked}}};
    GeneratorParam<int> gate{"gate", 0}, residual{"residual", 0};

    Input<Buffer<float, 5>> input{"input"};    // [16 c, x, y, block, n]
    Input<Buffer<float, 7>> weight{"weight"};  // [16 c_out, nv, 16 c_in, block_in, gx, gy, block_out / nv]
    Input<Buffer<float, 2>> bias{"bias"};      // [16 c, block]

    void configure() {
        if (gate != 0) gate_input_ = add_input<Buffer<float, 3>>("gate_vector");           // [16 c, block, n]
        if (residual != 0) residual_input_ = add_input<Buffer<float, 5>>("residual_map");  // as the output
        add_map_outputs();
    }

    void generate() {
        schedule_ = parse_schedule(schedule_text);
        out_h_ = (in_h - 1) / stride + 1, out_w_ = (in_w - 1) / stride + 1;
        handles_.tiles = winograd_tiles(out_h_, out_w_, stride, schedule_);
        handles_.input_blocks = blocks(ci);
        m_ = handles_.tiles.m;
        transform_input();
        multiply();
        transform_output();
        write_outputs();
    }

    void schedule() { apply_schedule(schedule_winograd, handles_, schedule_text); }

  private:
    // An input's coordinate: the map's first column or row of zeros instead of those after it, where `past` says that
    // tiles get there.
    static Expr within(const Expr& coordinate, bool past, int extent) {
        return past ? min(coordinate, extent) : coordinate;
    }

    void transform_input() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        const auto& [p, ex, ey, i, j] = handles_.w;
        const WinogradTiles& t = handles_.tiles;
        const int step = stride * m_, last = t.elements - 2 - step;  // the last tile's end, from that of its step
        const bool past_x = t.tiles_x * step + last > in_w, past_y = t.computed_rows() * step + last > in_h;
        Func rows("input_rows"), spectrum("spectrum");
        const Expr row = within(p / t.tiles_x * step + (y - 1), past_y, in_h);
        std::vector<Expr> values;
        for (int a = 0; a < t.elements; a++) {
            values.push_back(input(c, within(p % t.tiles_x * step + (a - 1), past_x, in_w), row, k, n));
        }
        rows(c, ex, y, p, k, n) = mux(ex, winograd_input(m_, stride, values));
        values.clear();
        for (int a = 0; a < t.elements; a++) values.push_back(rows(c, ex, a, p, k, n));
        spectrum(c, p, k, ex, ey, n) = mux(ey, winograd_input(m_, stride, values));
        handles_.input_rows = rows, handles_.spectrum = spectrum;
    }

    // The row of G that an element of the spectrum is multiplied with.
    Expr filter_row(const Expr& element) const {
        const int shared = winograd_shared_rows(m_, stride);
        return shared == 0 ? element : max(element - shared, 0);
    }

    void multiply() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        const auto& [p, ex, ey, i, j] = handles_.w;
        const int nv = blocks_per_row(co);
        RDom r(0, kBlock, 0, blocks(ci), "channels");
        Func sum("sum"), product("product");
        sum(c, p, ex, ey, k, n) = 0.0f;
        sum(c, p, ex, ey, k, n) += handles_.spectrum(r.x, p, r.y, ex, ey, n) *
                                   weight(c, k % nv, r.x, r.y, filter_row(ex), filter_row(ey), k / nv);
        product(c, p, ex, ey, k, n) = sum(c, p, ex, ey, k, n);
        handles_.sum = sum, handles_.product = product, handles_.weight = weight;
        handles_.channels = {r.x, r.y};
    }

    void transform_output() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        const auto& [p, ex, ey, i, j] = handles_.w;
        Func rows("output_rows"), value("value");
        std::vector<Expr> values;
        for (int a = 0; a < handles_.tiles.elements; a++) {
            values.push_back(handles_.product(c, tx + handles_.tiles.tiles_x * ty, a, ey, k, n));
        }
        rows(c, i, ey, tx, ty, k, n) = mux(i, winograd_output(m_, stride, values));
        values.clear();
        for (int a = 0; a < handles_.tiles.elements; a++) values.push_back(rows(c, i, a, tx, ty, k, n));
        const Expr sum = mux(j, winograd_output(m_, stride, values)) + bias(c, k);
        // A residual past the map isn't used, but must be read from somewhere.
        const Expr column = out_w_ % m_ != 0 ? min(tx * m_ + i, out_w_ - 1) : tx * m_ + i;
        const Expr row = out_h_ % m_ != 0 ? min(ty * m_ + j, out_h_ - 1) : ty * m_ + j;
        value(c, i, j, tx, ty, k, n) = epilogue(act, sum, gate_input_, residual_input_, c, column, row, k, n);
        handles_.output_rows = rows, handles_.value = value;
    }

    void write_outputs() {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        if (map_ != nullptr) {
            (*map_)(c, x, y, k, n) = handles_.value(c, x % m_, y % m_, x / m_, y / m_, k, n);
            handles_.out.map = *map_;
        }
        if (sums_ != nullptr) {
            (*sums_)(c, tx, ty, k, n) = sum_of_tile();
            handles_.out.sums = *sums_;
        }
    }

    Expr sum_of_tile() const {
        const auto& [c, x, y, k, n, tx, ty] = handles_.v;
        Expr sum;
        for (int j = 0; j < m_; j++) {
            Expr row;
            for (int i = 0; i < m_; i++) {
                Expr pixel = handles_.value(c, i, j, tx, ty, k, n);
                if (out_w_ % m_ != 0) pixel = select(tx * m_ + i < out_w_, pixel, 0.0f);
                if (out_h_ % m_ != 0) pixel = select(ty * m_ + j < out_h_, pixel, 0.0f);
                row = row.defined() ? row + pixel : pixel;
            }
            sum = sum.defined() ? sum + row : row;
        }
        return sum;
    }

    GeneratorInput<Buffer<float, 3>>* gate_input_ = nullptr;
    GeneratorInput<Buffer<float, 5>>* residual_input_ = nullptr;
    Schedule schedule_;
    int m_ = 0, out_h_ = 1, out_w_ = 1;
    WinogradHandles handles_;
};

}  // namespace

HALIDE_REGISTER_GENERATOR(Winograd, winograd)
