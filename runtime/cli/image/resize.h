// Antialiased bilinear resizing as Pillow's Image.resize(..., BILINEAR) does it, across and then down, bit for bit:
// trained networks have seen pictures resized that way, and a filter without antialiasing changes predictions.
#pragma once

#include "runtime/cli/image/image.h"

namespace senet::cli {

// A part of an image, in pixels.
struct Window {
    int x, y, width, height;
};

// Writes to out (window.height * window.width * 3 bytes) the window of `image` resized to width x height. Only what the
// window needs is computed. The window lies inside the resized image.
void resize_window(const Image& image, int width, int height, const Window& window, uint8_t* out);

}  // namespace senet::cli
