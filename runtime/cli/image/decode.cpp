#include "runtime/cli/image/decode.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "runtime/cli/error.h"
#include "runtime/cli/image/orientation.h"

namespace senet::cli {

namespace {

struct Signature {
    size_t at;
    std::string_view bytes;
    const char* name;
};

constexpr std::string_view png_signature("\x89PNG\r\n\x1a\n", 8);
constexpr std::string_view jpeg_signature("\xff\xd8\xff", 3);

// Formats that people often have; named so that the sentence can say what the file is.
constexpr std::array other_formats = {
    Signature{0, "GIF8", "GIF"},
    Signature{0, "BM", "BMP"},
    Signature{8, "WEBP", "WebP"},
    Signature{0, std::string_view("II*\0", 4), "TIFF"},
    Signature{0, std::string_view("MM\0*", 4), "TIFF"},
    Signature{4, "ftypavif", "AVIF"},
    Signature{4, "ftypheic", "HEIC"},
    Signature{4, "ftypmif1", "HEIF"},
    Signature{0, std::string_view("\0\0\0\x0cjP  ", 8), "JPEG 2000"},
    Signature{0, std::string_view("\xff\x0a", 2), "JPEG XL"},
};

bool has(Bytes file, size_t at, std::string_view bytes) {
    return file.size() >= at + bytes.size() && std::equal(bytes.begin(), bytes.end(), file.begin() + std::ptrdiff_t(at),
                                                          [](char a, uint8_t b) { return uint8_t(a) == b; });
}

Decoded decode_any(Bytes file, uint64_t max_pixels) {
    if (file.empty()) throw Error("the file is empty");
    if (has(file, 0, jpeg_signature)) return decode_jpeg(file, max_pixels);
    if (has(file, 0, png_signature)) return decode_png(file, max_pixels);
    for (const Signature& format : other_formats) {
        if (has(file, format.at, format.bytes)) {
            throw Error("this is a {} image; convert it to JPEG or PNG", format.name);
        }
    }
    throw Error("neither a JPEG nor a PNG image");
}

}  // namespace

void check_pixels(uint64_t width, uint64_t height, uint64_t max_pixels) {
    if (width * height > max_pixels) {
        throw Error("{} x {} pixels are above the limit of {}; raise it with --max-pixels", width, height, max_pixels);
    }
}

Image decode_image(Bytes file, uint64_t max_pixels) {
    Decoded decoded = decode_any(file, max_pixels);
    return turn_upright(std::move(decoded.image), decoded.orientation);
}

}  // namespace senet::cli
