#include <doctest/doctest.h>

#include <random>

#include "runtime/cli/error.h"
#include "runtime/cli/image/decode.h"
#include "runtime/cli/image/orientation.h"
#include "tests/cli/support/pictures.h"

using namespace senet::cli;

namespace {

constexpr int jpeg_loss = 4;  // of quality 100

std::string failure(const FileBytes& bytes, uint64_t max_pixels = default_max_pixels) {
    try {
        decode_image(bytes, max_pixels);
        return "";
    } catch (const Error& error) {
        return error.what();
    }
}

Image grey_of(Image image) {
    for (size_t i = 0; i < image.rgb.size(); i += 3) {
        const int grey = (image.rgb[i] + image.rgb[i + 1] + image.rgb[i + 2]) / 3;
        for (size_t c = 0; c < 3; c++) image.rgb[i + c] = uint8_t(grey);
    }
    return image;
}

// What a camera stores for `upright` when its EXIF says `orientation`: written from EXIF's definition of where the
// first row and the first column of the stored picture belong.
Image stored(const Image& upright, int orientation) {
    const bool swapped = orientation >= 5;
    Image result(swapped ? upright.height : upright.width, swapped ? upright.width : upright.height);
    for (int row = 0; row < result.height; row++) {
        for (int column = 0; column < result.width; column++) {
            const int far_row = (swapped ? upright.width : upright.height) - 1 - row;
            const int far_column = (swapped ? upright.height : upright.width) - 1 - column;
            int x = 0, y = 0;
            switch (orientation) {
                case 1:
                    y = row, x = column;
                    break;  // row 0 top, column 0 left
                case 2:
                    y = row, x = far_column;
                    break;  // top, right
                case 3:
                    y = far_row, x = far_column;
                    break;  // bottom, right
                case 4:
                    y = far_row, x = column;
                    break;  // bottom, left
                case 5:
                    x = row, y = column;
                    break;  // left, top
                case 6:
                    x = far_row, y = column;
                    break;  // right, top
                case 7:
                    x = far_row, y = far_column;
                    break;  // right, bottom
                case 8:
                    x = row, y = far_column;
                    break;  // left, bottom
            }
            for (int c = 0; c < 3; c++) result.row(row)[3 * column + c] = upright.row(y)[3 * x + c];
        }
    }
    return result;
}

}  // namespace

TEST_CASE("a JPEG gives its picture, baseline and progressive") {
    const Image image = gradient(37, 21);
    for (const bool progressive : {false, true}) {
        CHECK(largest_difference(decode_image(encode_jpeg(image, {.progressive = progressive})), image) <= jpeg_loss);
    }
}

TEST_CASE("grey is replicated") {
    const Image image = gradient(37, 21);
    CHECK(largest_difference(decode_image(encode_jpeg(image, {.components = 1})), grey_of(image)) <= jpeg_loss);
    CHECK(largest_difference(decode_image(encode_png(image, {.type = 0})), grey_of(image)) == 0);
}

TEST_CASE("CMYK and YCCK with Adobe's inverted ink become RGB") {
    const Image image = gradient(37, 21);
    CHECK(largest_difference(decode_image(encode_jpeg(image, {.components = 4})), image) <= jpeg_loss);
    CHECK(largest_difference(decode_image(encode_jpeg(image, {.components = 4, .ycck = true})), image) <= jpeg_loss);
}

TEST_CASE("PNGs give their picture exactly: RGB, alpha dropped, palettes, interlaced, 16 bits scaled") {
    const Image image = gradient(16, 16);
    for (const bool interlaced : {false, true}) {
        for (const int type : {2, 3, 6}) {
            CAPTURE(type);
            CHECK(largest_difference(decode_image(encode_png(image, {.type = type, .interlaced = interlaced})),
                                     image) == 0);
        }
        CHECK(largest_difference(decode_image(encode_png(image, {.type = 4, .interlaced = interlaced})),
                                 grey_of(image)) == 0);
    }
    for (const int type : {2, 6})
        CHECK(largest_difference(decode_image(encode_png(image, {.type = type, .depth = 16})), image) == 0);
    CHECK(largest_difference(decode_image(encode_png(image, {.type = 0, .depth = 16})), grey_of(image)) == 0);
}

TEST_CASE("grey of few bits is spread over the whole range") {
    for (const int depth : {1, 2, 4}) {
        Image levels(1 << depth, 1);
        for (int x = 0; x < levels.width; x++) {
            for (int c = 0; c < 3; c++) levels.row(0)[3 * x + c] = uint8_t(255 * x / (levels.width - 1));
        }
        CHECK(largest_difference(decode_image(encode_png(levels, {.type = 0, .depth = depth})), levels) == 0);
    }
}

TEST_CASE("a tRNS chunk changes no colour") {
    const Image image = gradient(16, 16);
    CHECK(largest_difference(decode_image(encode_png(image, {.type = 3, .transparent_entry = true})), image) == 0);
    CHECK(largest_difference(decode_image(encode_png(image, {.type = 2, .transparent_entry = true})), image) == 0);
}

TEST_CASE("all eight EXIF orientations turn a picture upright, in JPEG and PNG and either byte order") {
    const Image upright = gradient(24, 16);
    for (int orientation = 1; orientation <= 8; orientation++) {
        CAPTURE(orientation);
        const Image image = stored(upright, orientation);
        for (const bool big : {false, true}) {
            const FileBytes jpeg = encode_jpeg(image, {.orientation = orientation, .big_endian = big});
            CHECK(largest_difference(decode_image(jpeg), upright) <= jpeg_loss);
        }
        CHECK(largest_difference(decode_image(encode_png(image, {.orientation = orientation})), upright) == 0);
    }
}

TEST_CASE("damaged EXIF data means upright") {
    const FileBytes good = exif(6);
    REQUIRE(exif_orientation(good) == 6);
    for (size_t size = 0; size < good.size() - 10; size++) {
        CHECK(exif_orientation(FileBytes(good.begin(), good.begin() + std::ptrdiff_t(size))) == 1);
    }
    CHECK(exif_orientation(exif(9)) == 1);
    CHECK(exif_orientation(exif(0)) == 1);
    FileBytes far = good;
    far[4] = far[5] = far[6] = far[7] = 0xff;  // the directory's offset
    CHECK(exif_orientation(far) == 1);
}

TEST_CASE("a truncated image is an error wherever it is cut") {
    const FileBytes jpeg = encode_jpeg(gradient(40, 40)),
                    progressive = encode_jpeg(gradient(40, 40), {.progressive = true});
    const FileBytes png = encode_png(gradient(40, 40));
    for (const FileBytes* whole : {&jpeg, &progressive, &png}) {
        for (size_t size = 0; size < whole->size(); size++) {
            CHECK(failure(FileBytes(whole->begin(), whole->begin() + std::ptrdiff_t(size))) != "");
        }
    }
    CHECK(failure(FileBytes(png.begin(), png.begin() + 60)) == "the PNG is truncated");
    CHECK(failure(FileBytes(jpeg.begin(), jpeg.end() - 30)) == "the JPEG is truncated");
}

TEST_CASE("a JPEG whose picture data ends too early is an error even with an end marker") {
    FileBytes jpeg = encode_jpeg(gradient(40, 40));
    jpeg.resize(jpeg.size() - 200);
    jpeg.insert(jpeg.end(), {0xff, 0xd9});
    CHECK(failure(jpeg) == "the JPEG is truncated");
}

TEST_CASE("bytes after the end are no error") {
    for (FileBytes bytes : {encode_jpeg(gradient(8, 8)), encode_png(gradient(8, 8))}) {
        bytes.insert(bytes.end(), 100, 0x55);
        CHECK(failure(bytes) == "");
    }
}

TEST_CASE("images above the pixel limit are refused by their header") {
    const std::string sentence = "40 x 30 pixels are above the limit of 1199; raise it with --max-pixels";
    CHECK(failure(encode_jpeg(gradient(40, 30)), 1199) == sentence);
    CHECK(failure(encode_png(gradient(40, 30)), 1199) == sentence);
    CHECK(failure(encode_png(gradient(40, 30)), 1200) == "");
    FileBytes huge = encode_png(gradient(40, 30));
    for (const size_t at : {16, 20}) huge[at] = 0x7f;  // a header that claims 2130706472 x 2130706462 pixels
    CHECK(failure(huge) != "");
}

TEST_CASE("what is no JPEG or PNG is named") {
    CHECK(failure({}) == "the file is empty");
    CHECK(failure({'h', 'i'}) == "neither a JPEG nor a PNG image");
    CHECK(failure({'G', 'I', 'F', '8', '9', 'a'}) == "this is a GIF image; convert it to JPEG or PNG");
    CHECK(failure({'R', 'I', 'F', 'F', 1, 2, 3, 4, 'W', 'E', 'B', 'P'}) ==
          "this is a WebP image; convert it to JPEG or PNG");
}

TEST_CASE("a progressive JPEG can't make the decoder pass over its pixels without end") {
    FileBytes jpeg = encode_jpeg(gradient(16, 16), {.progressive = true});
    size_t scan = 0;  // the last start of a scan
    for (size_t i = 0; i + 1 < jpeg.size(); i++) {
        if (jpeg[i] == 0xff && jpeg[i + 1] == 0xda) scan = i;
    }
    const FileBytes last(jpeg.begin() + std::ptrdiff_t(scan), jpeg.end() - 2);
    jpeg.resize(jpeg.size() - 2);
    for (int i = 0; i < 600; i++) jpeg.insert(jpeg.end(), last.begin(), last.end());
    jpeg.insert(jpeg.end(), {0xff, 0xd9});
    CHECK(failure(jpeg) == "the JPEG is damaged: more than 500 scans");
}

TEST_CASE("random damage gives a picture or a sentence, nothing else") {
    std::mt19937 random(7);
    const std::vector<FileBytes> originals = {
        encode_jpeg(gradient(24, 24), {.orientation = 5}), encode_jpeg(gradient(24, 24), {.progressive = true}),
        encode_jpeg(gradient(24, 24), {.components = 4, .ycck = true}), encode_png(gradient(24, 24), {.type = 3}),
        encode_png(gradient(24, 24), {.type = 6, .depth = 16, .interlaced = true, .orientation = 7})};
    int refused = 0;
    for (int round = 0; round < 4000; round++) {
        FileBytes bytes = originals[size_t(round) % originals.size()];
        for (unsigned i = 0; i <= random() % 4; i++) bytes[random() % bytes.size()] = uint8_t(random());
        const std::string sentence = failure(bytes, 1 << 20);
        refused += !sentence.empty();
        CHECK(sentence.find('\n') == std::string::npos);
    }
    CHECK(refused > 100);
}
