#include "runtime/cli/image/orientation.h"

#include <algorithm>
#include <cstring>

namespace senet::cli {

namespace {

constexpr uint32_t orientation_tag = 0x0112, type_short = 3, entry_bytes = 12;

// TIFF data of either byte order. Reads outside the data give zeros, which no caller takes for a tag it looks for.
class Tiff {
  public:
    explicit Tiff(Bytes data) : data_(data), big_(data.size() >= 2 && data[0] == 'M') {}

    uint32_t u16(size_t at) const { return uint32_t(number(at, 2)); }
    uint32_t u32(size_t at) const { return uint32_t(number(at, 4)); }

    bool valid() const {
        return data_.size() >= 8 && (data_[0] == 'M' || data_[0] == 'I') && data_[0] == data_[1] && u16(2) == 42;
    }

  private:
    uint64_t number(size_t at, size_t bytes) const {
        if (at > data_.size() || data_.size() - at < bytes) return 0;
        uint64_t value = 0;
        for (size_t i = 0; i < bytes; i++) {
            value = value << 8 | data_[big_ ? at + i : at + bytes - 1 - i];
        }
        return value;
    }

    Bytes data_;
    bool big_;
};

// Moves every pixel; `from(x, y)` gives the source's coordinates of the result's pixel.
template <typename From>
Image rearrange(const Image& image, int width, int height, From from) {
    Image result(width, height);
    for (int y = 0; y < height; y++) {
        uint8_t* out = result.row(y);
        for (int x = 0; x < width; x++) {
            const auto [sx, sy] = from(x, y);
            std::memcpy(out + 3 * size_t(x), image.row(sy) + 3 * size_t(sx), 3);
        }
    }
    return result;
}

}  // namespace

int exif_orientation(Bytes exif) {
    constexpr uint8_t prefix[] = {'E', 'x', 'i', 'f', 0, 0};
    if (exif.size() >= sizeof(prefix) && std::equal(prefix, prefix + sizeof(prefix), exif.begin())) {
        exif = exif.subspan(sizeof(prefix));
    }
    const Tiff tiff(exif);
    if (!tiff.valid()) return 1;
    const size_t directory = tiff.u32(4);
    const uint32_t entries = tiff.u16(directory);
    for (uint32_t i = 0; i < entries; i++) {
        const size_t entry = directory + 2 + size_t(i) * entry_bytes;
        if (tiff.u16(entry) != orientation_tag) continue;
        const uint32_t value = tiff.u16(entry + 8);
        const bool known = tiff.u16(entry + 2) == type_short && value >= 1 && value <= 8;
        return known ? int(value) : 1;
    }
    return 1;
}

Image turn_upright(Image image, int orientation) {
    struct At {
        int x, y;
    };
    const int w = image.width, h = image.height;
    switch (orientation) {
        case 2:
            return rearrange(image, w, h, [=](int x, int y) { return At{w - 1 - x, y}; });
        case 3:
            return rearrange(image, w, h, [=](int x, int y) { return At{w - 1 - x, h - 1 - y}; });
        case 4:
            return rearrange(image, w, h, [=](int x, int y) { return At{x, h - 1 - y}; });
        case 5:
            return rearrange(image, h, w, [=](int x, int y) { return At{y, x}; });
        case 6:
            return rearrange(image, h, w, [=](int x, int y) { return At{y, h - 1 - x}; });
        case 7:
            return rearrange(image, h, w, [=](int x, int y) { return At{w - 1 - y, h - 1 - x}; });
        case 8:
            return rearrange(image, h, w, [=](int x, int y) { return At{w - 1 - y, x}; });
        default:
            return image;
    }
}

}  // namespace senet::cli
