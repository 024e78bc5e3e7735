#include <algorithm>
#include <array>

#include <png.h>

#include "tests/cli/support/pictures.h"

namespace senet::cli {

namespace {

using Colour = std::array<uint8_t, 3>;

Colour colour_at(const Image& image, int x, int y) {
    const uint8_t* p = image.row(y) + 3 * x;
    return {p[0], p[1], p[2]};
}

std::vector<Colour> palette_of(const Image& image) {
    std::vector<Colour> palette;
    for (int y = 0; y < image.height; y++) {
        for (int x = 0; x < image.width; x++) palette.push_back(colour_at(image, x, y));
    }
    std::sort(palette.begin(), palette.end());
    palette.erase(std::unique(palette.begin(), palette.end()), palette.end());
    palette.resize(std::min<size_t>(palette.size(), 256));
    return palette;
}

// One pixel's samples as bytes, alpha half transparent.
FileBytes samples_of(const Colour& colour, const PngForm& form, const std::vector<Colour>& palette) {
    const auto grey = uint8_t((colour[0] + colour[1] + colour[2]) / 3);
    switch (form.type) {
        case PNG_COLOR_TYPE_GRAY:
            return {grey};
        case PNG_COLOR_TYPE_GRAY_ALPHA:
            return {grey, 128};
        case PNG_COLOR_TYPE_RGB:
            return {colour[0], colour[1], colour[2]};
        case PNG_COLOR_TYPE_RGB_ALPHA:
            return {colour[0], colour[1], colour[2], 128};
        default:
            return {uint8_t(std::lower_bound(palette.begin(), palette.end(), colour) - palette.begin())};
    }
}

FileBytes row_of(const Image& image, int y, const PngForm& form, const std::vector<Colour>& palette) {
    FileBytes row;
    int used = 0;  // bits of the last byte, below depth 8
    for (int x = 0; x < image.width; x++) {
        for (const uint8_t sample : samples_of(colour_at(image, x, y), form, palette)) {
            if (form.depth >= 8) {
                row.insert(row.end(), size_t(form.depth / 8), sample);
                continue;
            }
            if (used % 8 == 0) row.push_back(0);
            row.back() |= uint8_t(sample >> (8 - form.depth) << (8 - form.depth) >> used % 8);
            used += form.depth;
        }
    }
    return row;
}

void write_palette(png_structp png, png_infop info, const PngForm& form, const std::vector<Colour>& palette) {
    std::vector<png_color> entries;
    for (const Colour& c : palette) entries.push_back({c[0], c[1], c[2]});
    if (form.type == PNG_COLOR_TYPE_PALETTE) png_set_PLTE(png, info, entries.data(), int(entries.size()));
    if (!form.transparent_entry) return;
    const png_byte alpha[] = {0, 100};
    png_color_16 colour{};
    png_set_tRNS(png, info, alpha, 2, form.type == PNG_COLOR_TYPE_PALETTE ? nullptr : &colour);
}

}  // namespace

FileBytes encode_png(const Image& image, const PngForm& form) {
    FileBytes bytes;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(
        png, &bytes,
        [](png_structp p, png_bytep data, size_t count) {
            auto& out = *static_cast<FileBytes*>(png_get_io_ptr(p));
            out.insert(out.end(), data, data + count);
        },
        [](png_structp) {});
    png_set_IHDR(png, info, unsigned(image.width), unsigned(image.height), form.depth, form.type,
                 form.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    const std::vector<Colour> palette = palette_of(image);
    write_palette(png, info, form, palette);
    FileBytes metadata = exif(form.orientation);
    if (form.orientation) png_set_eXIf_1(png, info, unsigned(metadata.size()), metadata.data());
    png_write_info(png, info);
    std::vector<FileBytes> rows;
    std::vector<png_bytep> pointers;
    for (int y = 0; y < image.height; y++) rows.push_back(row_of(image, y, form, palette));
    for (FileBytes& row : rows) pointers.push_back(row.data());
    png_write_image(png, pointers.data());
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return bytes;
}

}  // namespace senet::cli
