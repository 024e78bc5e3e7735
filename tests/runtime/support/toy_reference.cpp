#include "tests/runtime/support/toy_reference.h"

#include <cmath>

#include "tests/runtime/toy/toy.h"

namespace senetc {
namespace {

using namespace toy;

constexpr int kPixels = kHeight * kWidth;

double pixel(const std::vector<double>& maps, int c, int y, int x) {
    if (y < 0 || y >= kHeight || x < 0 || x >= kWidth) return 0;
    return maps[static_cast<size_t>(c * kPixels + y * kWidth + x)];
}

std::vector<double> box_sums(const std::vector<double>& in) {
    std::vector<double> out;
    for (int c = 0; c < kFeatures; ++c)
        for (int i = 0; i < kPixels; ++i) {
            double sum = 0;
            for (int k = 0; k < 9; ++k) sum += pixel(in, c, i / kWidth + k / 3 - 1, i % kWidth + k % 3 - 1);
            out.push_back(sum);
        }
    return out;
}

std::vector<double> convolve(const std::vector<double>& in) {
    std::vector<double> out;
    for (int f = 0; f < kFeatures; ++f)
        for (int i = 0; i < kPixels; ++i) {
            double sum = 0;
            for (int k = 0; k < kChannels * 9; ++k)
                sum += toy::weights()[f * kChannels * 9 + k] *
                       pixel(in, k / 9, i / kWidth + k % 9 / 3 - 1, i % kWidth + k % 3 - 1);
            out.push_back(sum);
        }
    return out;
}

}  // namespace

ToyValues evaluate_toy(const std::vector<double>& image) {
    ToyValues values;
    values.conv = convolve(image);
    values.box1 = box_sums(values.conv);
    values.box2 = box_sums(values.box1);
    for (int f = 0; f < kFeatures; ++f) {
        double sum = 0;
        for (int i = 0; i < kPixels; ++i) sum += values.box2[static_cast<size_t>(f * kPixels + i)];
        values.squeeze.push_back(sum / kPixels);
    }
    for (int k = 0; k < kClasses; ++k) {
        double sum = 0;
        for (int f = 0; f < kFeatures; ++f)
            sum += toy::weights()[kConvWeights + k * kFeatures + f] * values.squeeze[static_cast<size_t>(f)];
        values.dense.push_back(sum);
    }
    return values;
}

std::vector<float> toy_images(int count) {
    std::vector<float> images(static_cast<size_t>(count) * kChannels * kPixels);
    for (size_t i = 0; i < images.size(); ++i) images[i] = std::cos(0.37f * static_cast<float>(i)) * 1.5f;
    return images;
}

std::vector<uint8_t> toy_bytes(int count) {
    std::vector<uint8_t> bytes(static_cast<size_t>(count) * kChannels * kPixels);
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i * 37 + i / 256);
    return bytes;
}

}  // namespace senetc
