// The toy network evaluated plainly, in double: what sessions' results are compared with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace senetc {

struct ToyValues {
    std::vector<double> conv, box1, box2, squeeze, dense;
};

// One image, [channels][height][width], normalised.
ToyValues evaluate_toy(const std::vector<double>& image);

// Images that differ in every value: [count][channels][height][width].
std::vector<float> toy_images(int count);
std::vector<uint8_t> toy_bytes(int count);  // [count][height][width][channels]

}  // namespace senetc
