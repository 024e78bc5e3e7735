// PNG by libpng. Errors jump, as in decode_jpeg.cpp, and the same discipline holds.
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <png.h>

#include "runtime/cli/error.h"
#include "runtime/cli/image/attempt.h"
#include "runtime/cli/image/decode.h"
#include "runtime/cli/image/orientation.h"

namespace senet::cli {

namespace {

// What any real file's headers and profiles take beside its own bytes and a few rows of pixels.
constexpr size_t spare_bytes = 8 << 20;

struct Reader {
    png_structp png = nullptr;
    png_infop info = nullptr;
    Bytes rest;            // of the file
    size_t max_bytes = 0;  // that libpng may ask for at once
    bool truncated = false;
    char message[200] = "";
    jmp_buf start;

    Reader() = default;
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
};

[[noreturn]] void fail(png_structp png, const char* message) {
    auto& reader = *static_cast<Reader*>(png_get_error_ptr(png));
    std::snprintf(reader.message, sizeof(reader.message), "%s", message);
    longjmp(reader.start, 1);
}

void ignore(png_structp, const char*) {}

// libpng takes memory for a chunk on the word of its length, up to 2 GiB, before it finds that the file ends.
void* allocate(png_structp png, size_t bytes) {
    return bytes <= static_cast<Reader*>(png_get_mem_ptr(png))->max_bytes ? std::malloc(bytes) : nullptr;
}

void release(png_structp, void* memory) {
    std::free(memory);
}

void read_bytes(png_structp png, png_bytep out, size_t bytes) {
    auto& reader = *static_cast<Reader*>(png_get_io_ptr(png));
    if (bytes > reader.rest.size()) {
        reader.truncated = true;
        png_error(png, "the file ends early");
    }
    std::memcpy(out, reader.rest.data(), bytes);
    reader.rest = reader.rest.subspan(bytes);
}

void read_header(Reader& reader) {
    reader.max_bytes = reader.rest.size() + spare_bytes;
    reader.png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &reader, fail, ignore, &reader, allocate, release);
    reader.info = reader.png ? png_create_info_struct(reader.png) : nullptr;
    if (!reader.info) throw std::bad_alloc();
    attempt(reader, "PNG", [&reader] {
        png_set_read_fn(reader.png, &reader, read_bytes);
        png_set_user_limits(reader.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // check_pixels says it better
        png_read_info(reader.png, reader.info);
    });
}

// Asks libpng for 8-bit RGB rows, whatever the file holds. Transparency, be it a channel or a tRNS chunk, is dropped.
// Returns how often each row is to be read: seven times when the file is interlaced.
int ask_for_rgb(Reader& reader) {
    volatile int passes = 1;
    attempt(reader, "PNG", [&reader, &passes] {
        png_structp png = reader.png;
        const int type = png_get_color_type(png, reader.info);
        if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
        if (!(type & PNG_COLOR_MASK_COLOR)) {
            png_set_expand_gray_1_2_4_to_8(png);
            png_set_gray_to_rgb(png);
        }
        png_set_scale_16(png);
        png_set_strip_alpha(png);
        passes = png_set_interlace_handling(png);
        png_read_update_info(png, reader.info);
        if (png_get_rowbytes(png, reader.info) != size_t(png_get_image_width(png, reader.info)) * 3) {
            png_error(png, "rows of an unexpected size");
        }
    });
    return passes;
}

void read_pixels(Reader& reader, Image& image, int passes) {
    attempt(reader, "PNG", [&reader, &image, passes] {
        for (int pass = 0; pass < passes; pass++) {
            for (int y = 0; y < image.height; y++) png_read_row(reader.png, image.row(y), nullptr);
        }
        png_read_end(reader.png, reader.info);
    });
}

int orientation(Reader& reader) {
    png_uint_32 bytes = 0;
    png_bytep exif = nullptr;
    if (!png_get_eXIf_1(reader.png, reader.info, &bytes, &exif)) return 1;
    return exif_orientation({exif, bytes});
}

}  // namespace

Decoded decode_png(Bytes file, uint64_t max_pixels) {
    Reader reader;
    reader.rest = file;
    read_header(reader);
    const uint32_t width = png_get_image_width(reader.png, reader.info);
    const uint32_t height = png_get_image_height(reader.png, reader.info);
    check_pixels(width, height, max_pixels);
    reader.max_bytes += size_t(width) * 16;  // a row of the deepest pixels, and as much for what turns them into RGB
    const int passes = ask_for_rgb(reader);
    Decoded decoded{Image(int(width), int(height)), 1};
    read_pixels(reader, decoded.image, passes);
    decoded.orientation = orientation(reader);
    return decoded;
}

}  // namespace senet::cli
