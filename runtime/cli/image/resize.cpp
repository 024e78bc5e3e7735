#include "runtime/cli/image/resize.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <new>

// stb checks that a pixel's weights sum to 1 before it makes them so; rounding fails that on common sizes (500 to 341)
// and does no harm.
#define STBIR_ASSERT(condition) ((void)0)
#define STB_IMAGE_RESIZE_STATIC
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#include <stb/stb_image_resize.h>

#include "runtime/cli/error.h"

namespace senet::cli {

namespace {

constexpr uint64_t max_working_bytes = 1u << 30;  // stb counts them in 32 bits

// One axis as stb takes it: outputs i = 0 .. outputs lie at (i + 0.5 + shift) / scale of inputs first .. first +
// inputs.
struct Axis {
    int first, inputs, outputs;
    double scale, shift;

    double reach() const { return std::max(1.0, 1 / scale); }  // of the filter, in inputs
};

// Outputs begin .. begin + outputs of `size` in all, from the inputs that they need and no others: stb works in single
// precision, which far from the start of a long axis is too coarse.
Axis part_of_axis(int input, int size, int begin, int outputs) {
    Axis axis{0, 0, outputs, double(size) / input, 0};
    const double margin = axis.reach() + 1;
    axis.first = std::max(0, int(std::floor(begin / axis.scale - margin)));
    axis.inputs = std::min(input, int(std::ceil((begin + outputs) / axis.scale + margin))) - axis.first;
    axis.shift = begin - axis.first * axis.scale;
    return axis;
}

// An upper bound of what stb allocates: on each axis two weights and a range for every input that the filter can see or
// every output, one row of inputs, and as many rows of outputs as the filter is tall, all of floats.
uint64_t working_bytes(const Axis& across, const Axis& down) {
    constexpr uint64_t weights = 16, pixel = 3 * sizeof(float);
    const auto seen = [](const Axis& axis) { return uint64_t(axis.inputs + 2 * std::ceil(axis.reach())); };
    return weights * (seen(across) + uint64_t(across.outputs) + seen(down) + uint64_t(down.outputs)) +
           pixel * seen(across) + pixel * uint64_t(across.outputs) * uint64_t(2 * std::ceil(down.reach()) + 3);
}

}  // namespace

void resize_window(const Image& image, int width, int height, const Window& window, uint8_t* out) {
    const Axis across = part_of_axis(image.width, width, window.x, window.width);
    const Axis down = part_of_axis(image.height, height, window.y, window.height);
    if (working_bytes(across, down) > max_working_bytes) {
        throw Error("the image, {} x {} pixels, is too long and thin to be resized", image.width, image.height);
    }
    const uint8_t* in = image.row(down.first) + 3 * size_t(across.first);
    const int done =
        stbir_resize_subpixel(in, across.inputs, down.inputs, 3 * image.width, out, window.width, window.height, 0,
                              STBIR_TYPE_UINT8, 3, STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP, STBIR_EDGE_CLAMP,
                              STBIR_FILTER_TRIANGLE, STBIR_FILTER_TRIANGLE, STBIR_COLORSPACE_LINEAR, nullptr,
                              float(across.scale), float(down.scale), float(across.shift), float(down.shift));
    if (!done) throw std::bad_alloc();
}

}  // namespace senet::cli
