#include "generators/compiler/pack_weights.h"

#include <stdexcept>

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

// [ch, 1, y, x] -> [ch / 16][y][x][16 c]
void pack_depthwise(const Packing& p, Packer& packer) {
    const int ch = p.number("ch"), taps = p.number("kernel") * p.number("kernel");
    for (int c = 0; c < ch; c++) {
        for (int tap = 0; tap < taps; tap++) {
            packer.copy((int64_t{c / kBlock} * taps + tap) * kBlock + c % kBlock, int64_t{c} * taps + tap);
        }
    }
}

// [hidden, ch] -> [hidden][ch / 16][16 c], which only pads each row
void pack_excite_w1(const Packing& p, Packer& packer) {
    const int ch = p.number("ch"), hidden = p.number("hidden");
    for (int h = 0; h < hidden; h++) {
        for (int c = 0; c < ch; c++) packer.copy(int64_t{h} * blocks(ch) * kBlock + c, int64_t{h} * ch + c);
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
        {"conv_blocked", pack_conv},   {"conv_planar", pack_conv},    {"depthwise", pack_depthwise},
        {"excite_w1", pack_excite_w1}, {"excite_w2", pack_excite_w2}, {"channels", pack_list},
        {"vector", pack_list},
    };
    const Packing packing = parse_stage(argument.packing);
    Packer packer(argument, *values);
    packings.at(packing.generator)(packing, packer);
    return packer.take();
}

}  // namespace senetc
