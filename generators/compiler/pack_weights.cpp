#include "generators/compiler/pack_weights.h"

#include <array>
#include <stdexcept>

#include "generators/stages/winograd_transforms.h"

namespace senetc {

namespace {

// A packing's text has the form of a stage: "conv_blocked ci=64 co=256 ...".
using Packing = Stage;

class Packer {
  public:
    Packer(const Argument& argument, const Tensor& values)
        : packed_(static_cast<size_t>(argument.storage_elements)), values_(values) {}

    // packed[target] = values[source]
    void copy(int64_t target, int64_t source) {
        packed_.at(static_cast<size_t>(target)) = static_cast<float>(values_[source]);
    }
    void put(int64_t target, double value) { packed_.at(static_cast<size_t>(target)) = static_cast<float>(value); }
    double value(int64_t source) const { return values_[source]; }
    std::vector<float> take() { return std::move(packed_); }

  private:
    std::vector<float> packed_;  // zeros where nothing is copied: channels up to the next multiple of 16
    const Tensor& values_;
};

// OIHW -> [co / 16nv][ci / 16][y][x][16 ci][nv][16 co]; planar: [co / 16nv][ci][y][x][nv][16 co].
void pack_conv(const Packing& p, Packer& packer) {
    const bool planar = p.generator == "conv_planar";
    const int co = p.number("co"), ci = p.number("ci"), kh = p.number("kernel_h"), kw = p.number("kernel_w");
    const int nv = p.number("nv"), row = kBlock * nv;
    const int block_in = planar ? 1 : kBlock, blocks_in = planar ? ci : blocks(ci);
    for (int o = 0; o < co; o++) {
        for (int i = 0; i < ci; i++) {
            for (int tap = 0; tap < kh * kw; tap++) {
                const int64_t step =
                    ((int64_t{o / row} * blocks_in + i / block_in) * kh * kw + tap) * block_in + i % block_in;
                packer.copy(step * row + o % row, (int64_t{o} * ci + i) * kh * kw + tap);
            }
        }
    }
}

// G g GT of a 3x3 filter g, in double: [gy][gx].
std::vector<double> transform_filter(const std::vector<std::array<double, 3>>& matrix, const Packer& packer,
                                     int64_t filter) {
    std::vector<double> elements;
    for (const auto& down : matrix) {
        for (const auto& across : matrix) {
            double sum = 0;
            for (int tap = 0; tap < 9; tap++) {
                sum += down[static_cast<size_t>(tap / 3)] * across[static_cast<size_t>(tap % 3)] *
                       packer.value(filter * 9 + tap);
            }
            elements.push_back(sum);
        }
    }
    return elements;
}

// OI33 -> [co / 16nv][gy][gx][ci / 16][16 ci][nv][16 co], each filter transformed
void pack_winograd(const Packing& p, Packer& packer) {
    const int co = p.number("co"), ci = p.number("ci"), row = kBlock * p.number("nv");
    const auto matrix = winograd_filter_matrix(p.number("m"), p.number("stride"));
    const int64_t plane = int64_t{blocks(ci)} * kBlock * row,
                  count = static_cast<int64_t>(matrix.size() * matrix.size());
    for (int o = 0; o < co; o++) {
        for (int i = 0; i < ci; i++) {
            const std::vector<double> elements = transform_filter(matrix, packer, int64_t{o} * ci + i);
            for (int64_t e = 0; e < count; e++) {
                packer.put((o / row * count + e) * plane + int64_t{i} * row + o % row,
                           elements[static_cast<size_t>(e)]);
            }
        }
    }
}

// [ch, 1, y, x] -> [ch / 16][y][x][16 c]
void pack_depthwise(const Packing& p, Packer& packer) {
    const int ch = p.number("ch"), taps = p.number("kernel") * p.number("kernel");
    for (int c = 0; c < ch; c++) {
        for (int tap = 0; tap < taps; tap++) {
            packer.copy((int64_t{c / kBlock} * taps + tap) * kBlock + c % kBlock, int64_t{c} * taps + tap);
        }
    }
}

// [hidden, segments, ch] -> [hidden][segments][ch / 16][16 c], which only pads each run of channels
void pack_excite_w1(const Packing& p, Packer& packer) {
    const int ch = p.number("ch"), runs = p.number("hidden") * p.number("segments");
    for (int run = 0; run < runs; run++) {
        for (int c = 0; c < ch; c++) packer.copy(int64_t{run} * blocks(ch) * kBlock + c, int64_t{run} * ch + c);
    }
}

// [ch, hidden] -> [ch / 16][hidden][16 c]
void pack_excite_w2(const Packing& p, Packer& packer) {
    const int ch = p.number("ch"), hidden = p.number("hidden");
    for (int c = 0; c < ch; c++) {
        for (int h = 0; h < hidden; h++) {
            packer.copy((int64_t{c / kBlock} * hidden + h) * kBlock + c % kBlock, int64_t{c} * hidden + h);
        }
    }
}

// A list, zeros after it up to the storage's end.
void pack_list(const Packing& p, Packer& packer) {
    for (int i = 0; i < p.number("count"); i++) packer.copy(i, i);
}

}  // namespace

std::vector<float> pack_parameter(const Argument& argument, const Tensor* values) {
    if (values == nullptr) return std::vector<float>(static_cast<size_t>(argument.storage_elements));
    static const std::map<std::string, void (*)(const Packing&, Packer&)> packings = {
        {"conv_blocked", pack_conv},   {"conv_planar", pack_conv},       {"depthwise", pack_depthwise},
        {"excite_w1", pack_excite_w1}, {"excite_w2", pack_excite_w2},    {"channels", pack_list},
        {"vector", pack_list},         {"conv_winograd", pack_winograd},
    };
    const Packing packing = parse_stage(argument.packing);
    Packer packer(argument, *values);
    packings.at(packing.generator)(packing, packer);
    return packer.take();
}

}  // namespace senetc
