#include "generators/oracle/evaluate.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "generators/oracle/winograd_magnitudes.h"

namespace senetc::oracle {

namespace {

constexpr double kUlp = 1.0 / (1 << 24);  // half a float's unit in the last place, relative

// A float sum of `terms` products: gamma_n times the sum of magnitudes, in whatever order it is done.
struct Sum {
    double value = 0, magnitude = 0;
    int terms = 0;

    void add(double term) {
        value += term;
        magnitude += std::fabs(term);
        terms++;
    }
    double bound() const { return (terms + 4) * kUlp * magnitude; }
};

struct Activated {
    double value, bound;
};

Activated activate(const std::string& act, double value, double bound) {
    if (act == "relu") return {std::max(value, 0.0), bound};
    if (act == "sigmoid") return {1 / (1 + std::exp(-value)), bound / 4 + 1.5e-7};
    return {value, bound};
}

void put(Expected& e, size_t index, const Activated& a) {
    e.value.values[index] = a.value;
    e.bound.values[index] = a.bound;
}

Expected expected(const Stage& s) {
    const Array empty(logical_shape(s, "output"));
    return {empty, empty};
}

// The 1x1 convolution that stands in for a residual, at element `index` of the map, in channel `o`.
void add_shortcut(const Stage& s, const Arguments& a, Sum& sum, size_t index, size_t o) {
    const Array &from = a.at("shortcut_map"), &weight = a.at("shortcut_weight");
    const int stride = s.number("shortcut_stride"), channels = from.shape[0];
    const int width = (from.shape[2] - 1) / stride + 1, height = (from.shape[1] - 1) / stride + 1;
    const int pixel = static_cast<int>(index) % (width * height);
    sum.add(a.at("shortcut_bias").values[o]);
    for (int i = 0; i < channels; i++)
        sum.add(from.at(i, pixel / width * stride, pixel % width * stride) *
                weight.values[o * static_cast<size_t>(channels) + static_cast<size_t>(i)]);
}

// y = activation(gate * (sum + bias) + residual) at element `index` of the map, in channel `o`. A depthwise gate is the
// input's: gate * sum + bias.
Activated epilogue(const Stage& s, const Arguments& a, Sum sum, size_t index, size_t o, bool depthwise) {
    const auto gate = a.find("gate_vector"), residual = a.find("residual_map");
    const double bias = a.at("bias").values[o];
    if (!depthwise) sum.add(bias);
    if (gate != a.end()) {
        sum.value *= gate->second.values[o];
        sum.magnitude *= std::fabs(gate->second.values[o]);
        sum.terms++;
    }
    if (depthwise) sum.add(bias);
    if (residual != a.end()) sum.add(residual->second.values[index]);
    if (a.count("shortcut_map") != 0) add_shortcut(s, a, sum, index, o);
    return activate(s.params.at("act"), sum.value, sum.bound());
}

Expected conv(const Stage& s, const Schedule& schedule, const Arguments& a, bool depthwise) {
    const Array &in = a.at("input"), &weight = a.at("weight");
    const int stride = s.number("stride"), pad = s.number("pad");
    const int kh = weight.shape[2], kw = weight.shape[3], ci = weight.shape[1];
    const int m = winograd_tile(schedule);
    Array magnitudes;
    if (m != 0) magnitudes = winograd_magnitudes(m, stride, in, weight);
    Expected e = expected(s);
    const auto& shape = e.value.shape;
    size_t index = 0;
    for (int o = 0; o < shape[0]; o++) {
        for (int y = 0; y < shape[1]; y++) {
            for (int x = 0; x < shape[2]; x++, index++) {
                Sum sum;
                for (int i = 0; i < ci; i++) {
                    for (int ky = 0; ky < kh; ky++) {
                        const int row = y * stride + ky - pad;
                        if (row < 0 || row >= in.shape[1]) continue;
                        for (int kx = 0; kx < kw; kx++) {
                            const int column = x * stride + kx - pad;
                            if (column < 0 || column >= in.shape[2]) continue;
                            sum.add(in.at(depthwise ? o : i, row, column) *
                                    weight.values[static_cast<size_t>(((o * ci + i) * kh + ky) * kw + kx)]);
                        }
                    }
                }
                if (m != 0) {
                    // A sum over channels between transforms of at most m + 2 terms in each of four directions.
                    sum.magnitude = magnitudes.values[index];
                    sum.terms = ci + 4 * (m + 2);
                }
                put(e, index, epilogue(s, a, sum, index, static_cast<size_t>(o), depthwise));
            }
        }
    }
    return e;
}

// y = activation(x * scale[c] + shift), with the shift per channel or per element.
Expected elementwise(const Stage& s, const Array& in, const Array* scale, const Array* shift) {
    Expected e = expected(s);
    const size_t plane = in.values.size() / static_cast<size_t>(in.shape[0]);
    for (size_t i = 0; i < in.values.size(); i++) {
        Sum sum;
        sum.add(in.values[i] * (scale != nullptr ? scale->values[i / plane] : 1));
        if (shift != nullptr) sum.add(shift->values[shift->shape.size() == 1 ? i / plane : i]);
        put(e, i, activate(s.params.at("act"), sum.value, sum.bound()));
    }
    return e;
}

Expected scale_add(const Stage& s, const Arguments& a) {
    const auto gate = a.find("gate_vector"), residual = a.find("residual_map");
    return elementwise(s, a.at("input"), gate != a.end() ? &gate->second : nullptr,
                       residual != a.end() ? &residual->second : nullptr);
}

Expected squeeze(const Stage& s, const Arguments& a) {
    const Array& in = a.at("input");
    Expected e = expected(s);
    const int plane = in.shape[1] * in.shape[2];
    for (int c = 0; c < in.shape[0]; c++) {
        Sum sum;
        for (int i = 0; i < plane; i++) sum.add(in.values[static_cast<size_t>(c * plane + i)]);
        const int pixels = s.number("pixels");  // more than `plane` where its values are sums of tiles
        put(e, static_cast<size_t>(c), {sum.value / pixels, sum.bound() / pixels});
    }
    return e;
}

// The mean of what each tap of a 3x3 window sees, from the map and its sums by tile. A tap's share of the total that it
// doesn't see is subtracted again, a corner twice.
Expected window_means(const Stage& s, const Arguments& a) {
    const Array& in = a.at("input");
    const int channels = in.shape[0], h = in.shape[1], w = in.shape[2];
    Expected e = expected(s);
    size_t index = 0;
    for (int tap = 0; tap < 9; tap++) {
        const int dy = tap / 3 - 1, dx = tap % 3 - 1;
        for (int c = 0; c < channels; c++, index++) {
            Sum sum;
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    const bool seen = y - dy >= 0 && y - dy < h && x - dx >= 0 && x - dx < w;
                    sum.add(seen ? in.at(c, y, x) : 0);
                    if (!seen) sum.magnitude += 4 * std::fabs(in.at(c, y, x));
                }
            }
            put(e, index, {sum.value / (h * w), sum.bound() / (h * w)});
        }
    }
    return e;
}

Expected max_pool(const Stage& s, const Arguments& a) {
    const Array& in = a.at("input");
    const int kernel = s.number("kernel"), stride = s.number("stride"), pad = s.number("pad");
    Expected e = expected(s);
    const auto& shape = e.value.shape;
    size_t index = 0;
    for (int c = 0; c < shape[0]; c++) {
        for (int y = 0; y < shape[1]; y++) {
            for (int x = 0; x < shape[2]; x++, index++) {
                double best = -std::numeric_limits<double>::infinity();
                for (int row = y * stride - pad; row < y * stride - pad + kernel; row++) {
                    for (int column = x * stride - pad; column < x * stride - pad + kernel; column++) {
                        const bool inside = row >= 0 && row < in.shape[1] && column >= 0 && column < in.shape[2];
                        if (inside) best = std::max(best, in.at(c, row, column));
                    }
                }
                put(e, index, {best, 0});
            }
        }
    }
    return e;
}

// y = activation(W x + b), with a bound on x's own errors passed through.
Expected matrix_vector(const Array& weight, const Array& bias, const Array& x, const Array& x_bound,
                       const std::string& act) {
    const size_t rows = static_cast<size_t>(weight.shape[0]), columns = static_cast<size_t>(weight.shape[1]);
    Expected e{Array({weight.shape[0]}), Array({weight.shape[0]})};
    for (size_t o = 0; o < rows; o++) {
        Sum sum;
        double passed = 0;
        for (size_t i = 0; i < columns; i++) {
            sum.add(weight.values[o * columns + i] * x.values[i]);
            passed += std::fabs(weight.values[o * columns + i]) * x_bound.values[i];
        }
        sum.add(bias.values[o]);
        put(e, o, activate(act, sum.value, sum.bound() + passed));
    }
    return e;
}

Expected excite(const Stage&, const Arguments& a) {
    const Array exact(a.at("input").shape);
    const Expected hidden = matrix_vector(a.at("w1"), a.at("b1"), a.at("input"), exact, "relu");
    return matrix_vector(a.at("w2"), a.at("b2"), hidden.value, hidden.bound, "sigmoid");
}

Expected dense(const Stage& s, const Arguments& a) {
    const Array exact(a.at("input").shape);
    return matrix_vector(a.at("weight"), a.at("bias"), a.at("input"), exact, s.params.at("act"));
}

Expected ingest(const Stage& s, const Arguments& a) {
    const Array &in = a.at("input"), &normalisation = a.at("normalisation");
    Expected e = expected(s);
    const size_t channels = static_cast<size_t>(in.shape[0]), plane = in.values.size() / channels;
    for (size_t i = 0; i < in.values.size(); i++) {
        const size_t c = i / plane;
        Sum sum;
        sum.add(in.values[i] * (s.generator == "ingest_u8" ? normalisation.values[c] : 1));
        if (s.generator == "ingest_u8") sum.add(normalisation.values[channels + c]);
        put(e, i, {sum.value, s.generator == "ingest_u8" ? sum.bound() : 0});
    }
    return e;
}

// Sums of the map by tile; the last tiles of a row or column hold what is left.
Expected sum_tiles(const Stage& s, const Schedule& schedule, const Expected& map) {
    const MapShape shape = output_map(s);
    const auto [tile_x, tile_y] = sum_tile(schedule);
    const int tiles_x = (shape.width + tile_x - 1) / tile_x, tiles_y = (shape.height + tile_y - 1) / tile_y;
    const Array empty({shape.channels, tiles_y, tiles_x});
    Expected sums{empty, empty};
    size_t from = 0;
    for (int c = 0; c < shape.channels; c++) {
        for (int y = 0; y < shape.height; y++) {
            for (int x = 0; x < shape.width; x++, from++) {
                const size_t to = static_cast<size_t>((c * tiles_y + y / tile_y) * tiles_x + x / tile_x);
                const double value = map.value.values[from];
                sums.value.values[to] += value;
                sums.bound.values[to] += map.bound.values[from] + tile_x * tile_y * kUlp * std::fabs(value);
            }
        }
    }
    return sums;
}

}  // namespace

Expected evaluate_result(const Stage& s, const Schedule& schedule, const Arguments& a) {
    if (s.generator == "conv" || s.generator == "depthwise_conv")
        return conv(s, schedule, a, s.generator == "depthwise_conv");
    static const std::map<std::string, std::function<Expected(const Stage&, const Arguments&)>> generators = {
        {"batch_norm",
         [](const Stage& t, const Arguments& b) {
             return elementwise(t, b.at("input"), &b.at("scale"), &b.at("shift"));
         }},
        {"scale_add", scale_add},
        {"squeeze", squeeze},
        {"window_means", window_means},
        {"max_pool", max_pool},
        {"excite", excite},
        {"dense", dense},
        {"ingest_f32", ingest},
        {"ingest_u8", ingest},
    };
    return generators.at(s.generator)(s, a);
}

Outputs outputs(const Stage& s, const Schedule& schedule, Expected result) {
    Outputs outputs;
    if (has_sums(s)) outputs.emplace("tile_sums", sum_tiles(s, schedule, result));
    outputs.emplace("output", std::move(result));
    return outputs;
}

}  // namespace senetc::oracle
