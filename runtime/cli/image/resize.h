// Antialiased bilinear resizing, by stb_image_resize. Trained networks have seen pictures resized so by Pillow, and a
// filter without antialiasing changes predictions. Every value is within one level of Pillow's Image.resize(...,
// BILINEAR), except at the picture's rim: there the filter sees the outermost pixels repeated, where Pillow leaves out
// what lies outside. A photograph's rim differs by up to about ten levels; a centre crop has none of it.
#pragma once

#include "runtime/cli/image/image.h"

namespace senet::cli {

// A part of an image, in pixels.
struct Window {
    int x, y, width, height;
};

// Writes to out (window.height * window.width * 3 bytes) the window of `image` resized to width x height. Only what the
// window needs is computed. The window lies inside the resized image. Throws Error for an image so long and thin that
// it needs more than a GiB of working memory.
void resize_window(const Image& image, int width, int height, const Window& window, uint8_t* out);

}  // namespace senet::cli
