#include "runtime/cli/image/resize.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace senet::cli {

namespace {

// Weights are rounded to this many fraction bits and each pass rounds to eight bits, as Pillow does.
constexpr int fraction_bits = 22;

// How one axis is resampled: output pixel i is the weighted sum of inputs first(i) .. first(i) + taps.
struct Filter {
    int taps;                 // room for each output's weights; the last ones may be 0
    std::vector<int> first;   // [outputs]
    std::vector<int> count;   // [outputs], at most taps
    std::vector<int> weight;  // [outputs][taps]
};

// An axis that keeps its size: out[i] = in[begin + i].
Filter identity(int begin, int outputs) {
    Filter filter{1, {}, {}, {}};
    for (int i = 0; i < outputs; i++) {
        filter.first.push_back(begin + i);
        filter.count.push_back(1);
        filter.weight.push_back(1 << fraction_bits);
    }
    return filter;
}

// The triangle filter, widened by the scale when shrinking, for outputs begin .. begin + outputs of `size` in all.
Filter triangle_filter(int input, int size, int begin, int outputs) {
    if (input == size) return identity(begin, outputs);
    const double scale = double(input) / size;
    const double support = std::max(scale, 1.0);
    Filter filter;
    filter.taps = int(std::ceil(support)) * 2 + 1;
    filter.weight.assign(size_t(outputs) * size_t(filter.taps), 0);
    std::vector<double> weights(size_t(filter.taps), 0.0);
    for (int i = 0; i < outputs; i++) {
        const double centre = (begin + i + 0.5) * scale;
        const int first = std::max(int(centre - support + 0.5), 0);
        const int count = std::min(int(centre + support + 0.5), input) - first;
        double sum = 0;
        for (int t = 0; t < count; t++) {
            const double distance = (t + first - centre + 0.5) * (1 / support);
            weights[size_t(t)] = std::max(1.0 - std::abs(distance), 0.0);
            sum += weights[size_t(t)];
        }
        for (int t = 0; t < count; t++) {
            const double weight = weights[size_t(t)] / sum * (1 << fraction_bits);
            filter.weight[size_t(i) * size_t(filter.taps) + size_t(t)] = int(weight + 0.5);
        }
        filter.first.push_back(first);
        filter.count.push_back(count);
    }
    return filter;
}

uint8_t to_byte(int sum) {
    return uint8_t(std::clamp(sum >> fraction_bits, 0, 255));
}

// out[i] = sum of weights * in, along a row of RGB pixels.
void filter_row(const Filter& filter, const uint8_t* in, uint8_t* out) {
    for (size_t i = 0; i < filter.first.size(); i++, out += 3) {
        const uint8_t* pixel = in + 3 * size_t(filter.first[i]);
        const int* weight = &filter.weight[i * size_t(filter.taps)];
        int sum[3] = {1 << (fraction_bits - 1), 1 << (fraction_bits - 1), 1 << (fraction_bits - 1)};
        for (int t = 0; t < filter.count[i]; t++, pixel += 3) {
            for (int c = 0; c < 3; c++) sum[c] += pixel[c] * weight[t];
        }
        for (int c = 0; c < 3; c++) out[c] = to_byte(sum[c]);
    }
}

// Output row i from the rows below each other at `rows`, `bytes` each; the first of them is input row `row0`.
void filter_column(const Filter& filter, size_t i, const uint8_t* rows, int row0, size_t bytes, std::vector<int>& sum,
                   uint8_t* out) {
    std::fill(sum.begin(), sum.end(), 1 << (fraction_bits - 1));
    const int* weight = &filter.weight[i * size_t(filter.taps)];
    const uint8_t* in = rows + size_t(filter.first[i] - row0) * bytes;
    for (int t = 0; t < filter.count[i]; t++, in += bytes) {
        for (size_t x = 0; x < bytes; x++) sum[x] += in[x] * weight[t];
    }
    for (size_t x = 0; x < bytes; x++) out[x] = to_byte(sum[x]);
}

}  // namespace

void resize_window(const Image& image, int width, int height, const Window& window, uint8_t* out) {
    const Filter across = triangle_filter(image.width, width, window.x, window.width);
    const Filter down = triangle_filter(image.height, height, window.y, window.height);
    const size_t bytes = size_t(window.width) * 3;
    const int row0 = down.first.front(), row1 = down.first.back() + down.count.back();

    std::vector<uint8_t> rows(size_t(row1 - row0) * bytes);  // resized across, not yet down
    for (int y = row0; y < row1; y++) filter_row(across, image.row(y), rows.data() + size_t(y - row0) * bytes);
    std::vector<int> sum(bytes);
    for (size_t y = 0; y < size_t(window.height); y++) {
        filter_column(down, y, rows.data(), row0, bytes, sum, out + y * bytes);
    }
}

}  // namespace senet::cli
