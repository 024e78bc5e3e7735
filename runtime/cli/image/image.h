// A decoded image: eight bits a channel, red green blue interleaved, rows from the top without padding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace senet::cli {

struct Image {
    int width = 0, height = 0;
    std::vector<uint8_t> rgb;  // height * width * 3

    Image() = default;
    Image(int w, int h) : width(w), height(h), rgb(size_t(w) * size_t(h) * 3) {}

    uint8_t* row(int y) { return rgb.data() + size_t(y) * size_t(width) * 3; }
    const uint8_t* row(int y) const { return rgb.data() + size_t(y) * size_t(width) * 3; }
};

}  // namespace senet::cli
