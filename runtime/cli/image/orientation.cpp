#include "runtime/cli/image/orientation.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include <libexif/exif-data.h>

namespace senet::cli {

namespace {

using ExifPointer = std::unique_ptr<ExifData, decltype(&exif_data_unref)>;

constexpr uint8_t prefix[] = {'E', 'x', 'i', 'f', 0, 0};

// libexif wants the prefix, which JPEG has and PNG has not.
std::vector<uint8_t> with_prefix(Bytes exif) {
    std::vector<uint8_t> data;
    const bool has = exif.size() >= sizeof(prefix) && std::equal(prefix, prefix + sizeof(prefix), exif.begin());
    if (!has) data.assign(prefix, prefix + sizeof(prefix));
    data.insert(data.end(), exif.begin(), exif.end());
    return data;
}

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
    const std::vector<uint8_t> data = with_prefix(exif);
    const ExifPointer parsed(exif_data_new(), exif_data_unref);
    if (!parsed) throw std::bad_alloc();
    exif_data_unset_option(parsed.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);  // tags as they are, none mended
    exif_data_load_data(parsed.get(), data.data(), unsigned(data.size()));
    const ExifEntry* entry = exif_content_get_entry(parsed->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
    if (!entry || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return 1;
    const int value = exif_get_short(entry->data, exif_data_get_byte_order(parsed.get()));
    return value >= 1 && value <= 8 ? value : 1;
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
