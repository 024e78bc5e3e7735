// Pictures that tests make: pixels from a formula, encoded as JPEG or PNG in every form that files come in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/cli/image/image.h"

namespace senet::cli {

using FileBytes = std::vector<uint8_t>;

Image uniform(int width, int height, uint8_t red, uint8_t green, uint8_t blue);

// Smooth, different in every channel and without symmetry.
Image gradient(int width, int height);

// The largest difference of two images' bytes; 256 when their sizes differ.
int largest_difference(const Image& a, const Image& b);

struct JpegForm {
    int components = 3;  // 1 grey, 3 RGB, 4 CMYK (stored inverted, as Adobe does, with ink 255 - rgb and no black)
    bool ycck = false;   // of CMYK
    bool progressive = false;
    int orientation = 0;  // EXIF's, 0: no EXIF
    bool big_endian = false;
};
FileBytes encode_jpeg(const Image& image, const JpegForm& form = {});

struct PngForm {
    int type = 2;   // PNG colour type: 0 grey, 2 RGB, 3 palette (of the image's first 256 distinct colours), 4 grey +
                    // alpha, 6 RGBA
    int depth = 8;  // 16: each byte twice; below 8: of grey
    bool interlaced = false;
    bool transparent_entry = false;  // a tRNS chunk
    int orientation = 0;
};
FileBytes encode_png(const Image& image, const PngForm& form = {});

// EXIF data (a TIFF header) that holds an orientation and, before it, another tag.
FileBytes exif(int orientation, bool big_endian = false);

void write_file(const std::string& path, const FileBytes& bytes);

}  // namespace senet::cli
