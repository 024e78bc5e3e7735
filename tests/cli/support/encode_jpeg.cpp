#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include "tests/cli/support/pictures.h"

namespace senet::cli {

namespace {

int grey_of(const uint8_t* rgb) {
    return (rgb[0] + rgb[1] + rgb[2]) / 3;
}

FileBytes row_of(const Image& image, int y, int components) {
    FileBytes row;
    for (int x = 0; x < image.width; x++) {
        const uint8_t* rgb = image.row(y) + 3 * x;
        if (components == 1) {
            row.push_back(uint8_t(grey_of(rgb)));
        } else {
            row.insert(row.end(), rgb, rgb + 3);  // for CMYK: 255 - ink is the colour itself
            if (components == 4) row.push_back(255);
        }
    }
    return row;
}

void write_exif(jpeg_compress_struct& jpeg, const JpegForm& form) {
    FileBytes marker = {'E', 'x', 'i', 'f', 0, 0};
    const FileBytes data = exif(form.orientation, form.big_endian);
    marker.insert(marker.end(), data.begin(), data.end());
    jpeg_write_marker(&jpeg, JPEG_APP0 + 1, marker.data(), unsigned(marker.size()));
}

}  // namespace

FileBytes encode_jpeg(const Image& image, const JpegForm& form) {
    jpeg_compress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    unsigned char* memory = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&jpeg, &memory, &size);
    jpeg.image_width = unsigned(image.width);
    jpeg.image_height = unsigned(image.height);
    jpeg.input_components = form.components;
    jpeg.in_color_space = form.components == 1 ? JCS_GRAYSCALE : form.components == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&jpeg);
    if (form.ycck) jpeg_set_colorspace(&jpeg, JCS_YCCK);
    jpeg_set_quality(&jpeg, 100, TRUE);
    for (int c = 0; c < jpeg.num_components; c++) jpeg.comp_info[c].h_samp_factor = jpeg.comp_info[c].v_samp_factor = 1;
    if (form.progressive) jpeg_simple_progression(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    if (form.orientation) write_exif(jpeg, form);
    for (int y = 0; y < image.height; y++) {
        FileBytes row = row_of(image, y, form.components);
        JSAMPROW pointer = row.data();
        jpeg_write_scanlines(&jpeg, &pointer, 1);
    }
    jpeg_finish_compress(&jpeg);
    FileBytes bytes(memory, memory + size);
    jpeg_destroy_compress(&jpeg);
    std::free(memory);
    return bytes;
}

}  // namespace senet::cli
