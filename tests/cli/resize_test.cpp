#include <doctest/doctest.h>

#include "runtime/cli/error.h"
#include "runtime/cli/image/preprocess.h"
#include "tests/cli/support/pictures.h"

using namespace senet::cli;

namespace {

struct Reference {
    int width, height;
    uint32_t hash;
    uint8_t first[6];
};
constexpr Reference references[] = {
#include "tests/cli/resize_reference.inc"
};

// make_resize_reference.py's picture.
Image hashed(int width, int height) {
    Image image(width, height);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            for (uint32_t c = 0; c < 3; c++) {
                const uint32_t value =
                    uint32_t(x) * 2654435761u + uint32_t(y) * 40503u + c * 7919u + uint32_t(x * y) * 131u;
                image.row(y)[3 * x + int(c)] = uint8_t(value >> 8);
            }
        }
    }
    return image;
}

uint32_t fnv1a(const std::vector<uint8_t>& bytes) {
    uint32_t state = 2166136261u;
    for (const uint8_t byte : bytes) state = (state ^ byte) * 16777619u;
    return state;
}

Image resized(const Image& image, int width, int height) {
    Image result(width, height);
    resize_window(image, width, height, {0, 0, width, height}, result.rgb.data());
    return result;
}

Image input_of(const Image& image, const InputShape& shape) {
    Image result(shape.width, shape.height);
    to_input(image, shape, result.rgb.data());
    return result;
}

}  // namespace

TEST_CASE("resizing gives Pillow's antialiased bilinear, byte for byte, larger and smaller") {
    const Image image = hashed(61, 41);
    for (const Reference& reference : references) {
        CAPTURE(reference.width);
        CAPTURE(reference.height);
        const Image result = resized(image, reference.width, reference.height);
        for (size_t i = 0; i < std::min<size_t>(6, result.rgb.size()); i++)
            CHECK(int(result.rgb[i]) == int(reference.first[i]));
        CHECK(fnv1a(result.rgb) == reference.hash);
    }
}

TEST_CASE("a window of a resized image holds the same pixels as the whole") {
    const Image image = hashed(61, 41), whole = resized(image, 47, 90);
    const Window window{13, 31, 20, 40};
    Image part(window.width, window.height);
    resize_window(image, 47, 90, window, part.rgb.data());
    for (int y = 0; y < window.height; y++) {
        for (int i = 0; i < window.width * 3; i++) {
            REQUIRE(part.row(y)[i] == whole.row(window.y + y)[3 * window.x + i]);
        }
    }
}

TEST_CASE(
    "the shorter side is resized, the longer rounded down, and the centre cropped with half pixels to the even side") {
    const Image image = hashed(61, 41);  // to 29 x 20 (29.76), margins 4.5 -> 4 and 5
    const Image result = input_of(image, {10, 20, 20, 10, 20}), whole = resized(image, 29, 20);
    for (int y = 0; y < 10; y++) {
        for (int i = 0; i < 60; i++) REQUIRE(result.row(y)[i] == whole.row(y + 5)[3 * 4 + i]);
    }
}

TEST_CASE("without resize and crop both sides go straight to the input's size") {
    const Image image = hashed(61, 41);
    CHECK(input_of(image, {8, 9, 0, 0, 0}).rgb == resized(image, 9, 8).rgb);
}

TEST_CASE("a crop that is not the input's size is resized to it") {
    const Image image = hashed(61, 41);
    Image crop(30, 20);
    resize_window(image, 61, 41, {16, 10, 30, 20}, crop.rgb.data());
    CHECK(input_of(image, {8, 9, 0, 20, 30}).rgb == resized(crop, 9, 8).rgb);
}

TEST_CASE("an image smaller than the crop is refused in a sentence") {
    CHECK_THROWS_WITH_AS(
        input_of(hashed(61, 41), {50, 50, 40, 50, 50}),
        "the image, 59 x 40 pixels when resized, is smaller than the crop of 50 x 50; choose a larger --resize", Error);
}

TEST_CASE("a picture one pixel wide and very tall needs memory for its crop alone") {
    const Image image = uniform(1, 60000, 10, 20, 30);
    const Image result = input_of(image, {4, 4, 256, 4, 4});
    CHECK(largest_difference(result, uniform(4, 4, 10, 20, 30)) == 0);
    CHECK_THROWS_AS(input_of(image, {4, 4, 256, 0, 0}), Error);
}
