// JPEG by libjpeg-turbo.
//
// libjpeg reports errors by a callback that must not return, so it jumps back to where a step began. A jump skips
// destructors, hence the discipline here: everything with one lives in decode_jpeg's frame, and what runs between
// setjmp and the jump (attempt's step, libjpeg, the callbacks) owns nothing.
#include <csetjmp>
#include <cstdio>
#include <string>

#include <jpeglib.h>

#include <jerror.h>

#include "runtime/cli/error.h"
#include "runtime/cli/image/attempt.h"
#include "runtime/cli/image/decode.h"
#include "runtime/cli/image/orientation.h"

namespace senet::cli {

namespace {

// A progressive file of few bytes may ask for any number of passes over all its pixels; real ones have about ten.
constexpr int max_scans = 500;

struct Reader {
    jpeg_decompress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg_progress_mgr progress{};
    jmp_buf start;
    bool truncated = false;
    char message[JMSG_LENGTH_MAX] = "";

    Reader() = default;
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() { jpeg_destroy_decompress(&jpeg); }  // fine on a struct of zeros too
};

Reader& reader_of(j_common_ptr jpeg) {
    return *static_cast<Reader*>(jpeg->client_data);
}

[[noreturn]] void fail(j_common_ptr jpeg) {
    Reader& reader = reader_of(jpeg);
    jpeg->err->format_message(jpeg, reader.message);
    longjmp(reader.start, 1);
}

// libjpeg fills up with grey what a file lacks at its end and only warns; for us that is no picture, be the file cut
// off or its picture data ended by an end marker too early. Other oddities (stray bytes between markers, a bad Huffman
// code) leave a picture that every viewer shows.
void on_message(j_common_ptr common, int level) {
    if (level >= 0) return;
    const int code = common->err->msg_code;
    const bool cut_off = code == JWRN_JPEG_EOF;
    const bool early_end =
        code == JWRN_HIT_MARKER && reinterpret_cast<j_decompress_ptr>(common)->unread_marker == JPEG_EOI;
    if (!cut_off && !early_end) return;
    reader_of(common).truncated = true;
    fail(common);
}

void on_progress(j_common_ptr common) {
    const auto* jpeg = reinterpret_cast<j_decompress_ptr>(common);
    if (jpeg->input_scan_number <= max_scans) return;
    std::snprintf(reader_of(common).message, JMSG_LENGTH_MAX, "more than %d scans", max_scans);
    longjmp(reader_of(common).start, 1);
}

void open(Reader& reader, Bytes file) {
    jpeg_decompress_struct& jpeg = reader.jpeg;
    jpeg.err = jpeg_std_error(&reader.errors);
    reader.errors.error_exit = fail;
    reader.errors.emit_message = on_message;
    reader.errors.output_message = [](j_common_ptr) {};
    jpeg.client_data = &reader;
    attempt(reader, "JPEG", [&jpeg, &reader, file] {
        jpeg_create_decompress(&jpeg);
        jpeg.client_data = &reader;
        reader.progress.progress_monitor = on_progress;
        jpeg.progress = &reader.progress;
        jpeg_mem_src(&jpeg, file.data(), file.size());
        jpeg_save_markers(&jpeg, JPEG_APP0 + 1, 0xffff);
        jpeg_read_header(&jpeg, TRUE);
        const bool ink = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
        jpeg.out_color_space = ink ? JCS_CMYK : JCS_RGB;
    });
}

int orientation(const Reader& reader) {
    for (const jpeg_marker_struct* marker = reader.jpeg.marker_list; marker; marker = marker->next) {
        constexpr std::string_view exif("Exif\0\0", 6);
        const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
        if (data.starts_with(exif)) return exif_orientation({marker->data, marker->data_length});
    }
    return 1;
}

// a * b / 255, rounded.
int times(int a, int b) {
    const int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

// Adobe's programs store ink inverted (255: none), and so do all files that one meets: v is 255 - ink.
void cmyk_to_rgb(const uint8_t* cmyk, uint8_t* rgb, int width) {
    for (int x = 0; x < width; x++, cmyk += 4, rgb += 3) {
        for (int c = 0; c < 3; c++) rgb[c] = uint8_t(cmyk[3] - times(255 - cmyk[c], cmyk[3]));
    }
}

void read_pixels(Reader& reader, Image& image, std::vector<uint8_t>& cmyk_row) {
    jpeg_decompress_struct& jpeg = reader.jpeg;
    attempt(reader, "JPEG", [&jpeg, &image, &cmyk_row] {
        jpeg_start_decompress(&jpeg);
        while (jpeg.output_scanline < jpeg.output_height) {
            uint8_t* out = image.row(int(jpeg.output_scanline));
            uint8_t* row = cmyk_row.empty() ? out : cmyk_row.data();
            jpeg_read_scanlines(&jpeg, &row, 1);
            if (row != out) cmyk_to_rgb(row, out, image.width);
        }
    });
}

}  // namespace

Decoded decode_jpeg(Bytes file, uint64_t max_pixels) {
    Reader reader;
    open(reader, file);
    check_pixels(reader.jpeg.image_width, reader.jpeg.image_height, max_pixels);
    Decoded decoded{Image(int(reader.jpeg.image_width), int(reader.jpeg.image_height)), orientation(reader)};
    std::vector<uint8_t> cmyk_row(reader.jpeg.out_color_space == JCS_CMYK ? size_t(decoded.image.width) * 4 : 0);
    read_pixels(reader, decoded.image, cmyk_row);
    return decoded;
}

}  // namespace senet::cli
