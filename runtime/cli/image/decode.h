// From the bytes of an image file to pixels. The format is told by content, never by the file's name.
//
// Grey is replicated to three channels, alpha and transparency are dropped, 16 bits are scaled to 8, CMYK becomes RGB,
// and the picture is turned as its EXIF orientation says.
#pragma once

#include <cstdint>
#include <span>

#include "runtime/cli/image/image.h"

namespace senet::cli {

using Bytes = std::span<const uint8_t>;

// Pillow's limit: an image of more pixels is likelier an attack than a photograph.
constexpr uint64_t default_max_pixels = 178956970;

// Throws Error for what is no JPEG or PNG, or is damaged, truncated or too large.
Image decode_image(Bytes file, uint64_t max_pixels = default_max_pixels);

// ---- One format each; decode_image chooses ------------------------------------------------------------------------

struct Decoded {
    Image image;
    int orientation = 1;  // EXIF: 1 (upright) to 8
};

Decoded decode_jpeg(Bytes file, uint64_t max_pixels);
Decoded decode_png(Bytes file, uint64_t max_pixels);

// Throws Error when width * height is above the limit; called before pixels are allocated.
void check_pixels(uint64_t width, uint64_t height, uint64_t max_pixels);

}  // namespace senet::cli
