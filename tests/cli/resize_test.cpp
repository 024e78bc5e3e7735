#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "runtime/cli/error.h"
#include "runtime/cli/image/preprocess.h"
#include "tests/cli/support/pictures.h"

using namespace senet::cli;

namespace {

struct Reference {
    int width, height, x, y;
    int rgb[3];
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

TEST_CASE("resizing is within one level of Pillow's antialiased bilinear, larger and smaller") {
    const Image image = hashed(61, 41);
    for (const Reference& reference : references) {
        const auto& [width, height, x, y, rgb] = reference;
        CAPTURE(width);
        CAPTURE(height);
        const Image result = resized(image, width, height);
        for (int c = 0; c < 3; c++) CHECK(std::abs(result.row(y)[3 * x + c] - rgb[c]) <= 1);
    }
}

TEST_CASE("at the rim the filter sees the outermost pixels repeated") {
    Image image(32, 8);  // its first column is white
    for (int y = 0; y < 8; y++) std::fill_n(image.row(y), 3, uint8_t(255));
    const Image result = resized(image, 8, 8);
    // The filter's weights at pixels -2, -1 and 0, 1/8 + 3/8 + 5/8 of 4 in all, are white.
    for (int y = 0; y < 8; y++) {
        CHECK(std::abs(result.row(y)[0] - 255 * 9 / 32) <= 1);
        CHECK(result.row(y)[3] == 0);
    }
}

TEST_CASE("one colour stays that colour at every size") {
    std::mt19937 random(11);
    for (int round = 0; round < 300; round++) {
        const auto side = [&](unsigned limit) { return int(1 + random() % limit); };
        const Image image = uniform(side(round % 3 ? 300 : 3), side(round % 5 ? 300 : 3000), 10, 77, 255);
        const int width = side(round % 7 ? 300 : 4), height = side(300);
        CAPTURE(image.width);
        CAPTURE(image.height);
        CHECK(largest_difference(resized(image, width, height), uniform(width, height, 10, 77, 255)) == 0);
    }
}

TEST_CASE("a window of a resized image holds the same pixels as the whole, within rounding") {
    const Image image = hashed(61, 41), whole = resized(image, 47, 90);
    const Window window{13, 31, 20, 40};
    Image part(window.width, window.height);
    resize_window(image, 47, 90, window, part.rgb.data());
    for (int y = 0; y < window.height; y++) {
        for (int i = 0; i < window.width * 3; i++) {
            REQUIRE(std::abs(part.row(y)[i] - whole.row(window.y + y)[3 * window.x + i]) <= 1);
        }
    }
}

TEST_CASE(
    "the shorter side is resized, the longer rounded down, and the centre cropped with half pixels to the even side") {
    const Image image = hashed(61, 41);  // to 29 x 20 (29.76), margins 4.5 -> 4 and 5
    const Image result = input_of(image, {10, 20, 20, 10, 20}), whole = resized(image, 29, 20);
    for (int y = 0; y < 10; y++) {
        for (int i = 0; i < 60; i++) REQUIRE(std::abs(result.row(y)[i] - whole.row(y + 5)[3 * 4 + i]) <= 1);
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
    for (int y = 0; y < 20; y++) REQUIRE(std::equal(crop.row(y), crop.row(y) + 90, image.row(y + 10) + 3 * 16));
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

TEST_CASE("an image too long for the resizer's memory is refused in a sentence") {
    const Image image(30000000, 1);
    CHECK_THROWS_WITH_AS(input_of(image, {4, 4, 0, 0, 0}),
                         "the image, 30000000 x 1 pixels, is too long and thin to be resized", Error);
}
