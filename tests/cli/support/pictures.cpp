#include "tests/cli/support/pictures.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>

namespace senet::cli {

Image uniform(int width, int height, uint8_t red, uint8_t green, uint8_t blue) {
    Image image(width, height);
    const uint8_t colour[] = {red, green, blue};
    for (size_t i = 0; i < image.rgb.size(); i++) image.rgb[i] = colour[i % 3];
    return image;
}

Image gradient(int width, int height) {
    Image image(width, height);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            uint8_t* pixel = image.row(y) + 3 * x;
            pixel[0] = uint8_t(250 * x / width);
            pixel[1] = uint8_t(250 * y / height);
            pixel[2] = uint8_t(120 * (x + 2 * y) / (width + 2 * height) + 60);
        }
    }
    return image;
}

int largest_difference(const Image& a, const Image& b) {
    if (a.width != b.width || a.height != b.height) return 256;
    int largest = 0;
    for (size_t i = 0; i < a.rgb.size(); i++) largest = std::max(largest, std::abs(a.rgb[i] - b.rgb[i]));
    return largest;
}

FileBytes exif(int orientation, bool big_endian) {
    FileBytes bytes;
    const auto put = [&](uint32_t value, int count) {
        for (int i = 0; i < count; i++) bytes.push_back(uint8_t(value >> 8 * (big_endian ? count - 1 - i : i)));
    };
    const auto entry = [&](uint32_t tag, uint32_t value) {
        put(tag, 2);
        put(3, 2);  // SHORT
        put(1, 4);
        put(value, 2);
        put(0, 2);
    };
    bytes = big_endian ? FileBytes{'M', 'M'} : FileBytes{'I', 'I'};
    put(42, 2);
    put(8, 4);
    put(2, 2);
    entry(0x0100, 6);  // ImageWidth, which is not to be taken for the orientation
    entry(0x0112, uint32_t(orientation));
    put(0, 4);
    return bytes;
}

void write_file(const std::string& path, const FileBytes& bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
}

}  // namespace senet::cli
