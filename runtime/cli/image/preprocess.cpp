#include "runtime/cli/image/preprocess.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdint>

#include "runtime/cli/error.h"
#include "runtime/cli/image/decode.h"

namespace senet::cli {

namespace {

struct Size {
    int width, height;
};

// The longer side is rounded down, as torchvision's Resize does.
Size resized(const Image& image, const InputShape& input) {
    if (input.resize == 0) return {image.width, image.height};
    const int64_t shorter = std::min(image.width, image.height);
    const int64_t width = int64_t(image.width) * input.resize / shorter;
    const int64_t height = int64_t(image.height) * input.resize / shorter;
    const bool fits = std::max(width, height) <= INT_MAX / 4;
    const bool small_enough = input.crop_width > 0 || uint64_t(width) * uint64_t(height) <= default_max_pixels;
    if (!fits || !small_enough) {
        throw Error("the image is too long and thin: {} x {} pixels when resized to {}", width, height, input.resize);
    }
    return {int(width), int(height)};
}

// Half of what the crop leaves over; of an odd number the even half, as torchvision's CenterCrop.
int margin(int whole, int part) {
    return int(std::nearbyint((whole - part) / 2.0));
}

Window centre(const Size& size, const InputShape& input) {
    if (input.crop_width == 0) return {0, 0, size.width, size.height};
    if (size.width < input.crop_width || size.height < input.crop_height) {
        throw Error(
            "the image, {} x {} pixels when resized, is smaller than the crop of {} x {}; choose a larger --resize",
            size.width, size.height, input.crop_width, input.crop_height);
    }
    return {margin(size.width, input.crop_width), margin(size.height, input.crop_height), input.crop_width,
            input.crop_height};
}

}  // namespace

void to_input(const Image& image, const InputShape& input, uint8_t* out) {
    const Window whole{0, 0, input.width, input.height};
    if (input.resize == 0 && input.crop_width == 0) {
        resize_window(image, input.width, input.height, whole, out);
        return;
    }
    const Size size = resized(image, input);
    const Window window = centre(size, input);
    if (window.width == input.width && window.height == input.height) {
        resize_window(image, size.width, size.height, window, out);
        return;
    }
    Image cropped(window.width, window.height);
    resize_window(image, size.width, size.height, window, cropped.rgb.data());
    resize_window(cropped, input.width, input.height, whole, out);
}

}  // namespace senet::cli
