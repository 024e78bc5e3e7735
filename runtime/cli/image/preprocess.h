// From a decoded image to the bytes of a network's input: resize the shorter side, crop the centre, and resize what is
// left straight to the input's size if it differs. Scaling to [0, 1], mean and deviation are the network's own first
// step.
#pragma once

#include "runtime/cli/image/resize.h"

namespace senet::cli {

struct InputShape {
    int height = 0, width = 0;            // of the network's input
    int resize = 0;                       // of the shorter side, the longer follows; 0: as it is
    int crop_height = 0, crop_width = 0;  // 0: all of it

    size_t bytes() const { return size_t(height) * size_t(width) * 3; }
};

// Writes input.bytes() bytes, [height][width][3]. Throws Error when the resized image is smaller than the crop.
void to_input(const Image& image, const InputShape& input, uint8_t* out);

}  // namespace senet::cli
