// How a camera was held, as EXIF records it, and turning the picture upright.
#pragma once

#include "runtime/cli/image/decode.h"

namespace senet::cli {

// Reads the orientation of EXIF data (a TIFF header; "Exif\0\0" may precede it) by libexif. Returns 1, upright, when
// there is none or the data is damaged: a picture with odd metadata is still a picture.
int exif_orientation(Bytes exif);

// 1 as it is; 2 mirrored; 3 upside down; 4 flipped; 5 transposed; 6 a quarter turn clockwise makes it upright;
// 7 transposed over the other diagonal; 8 a quarter turn anticlockwise makes it upright.
Image turn_upright(Image image, int orientation);

}  // namespace senet::cli
