// A network by hand that names an image's dominant colour, so that tests know what senet must answer:
//
//     image [3][4][4] -> ingest -> pixels (c, x, y, block, image) -> means -> logits [3], ten times each channel's mean
//
// Variants: "future" needs a CPU that doesn't exist; "plain" runs; "slow" takes 20 ms per image; "infinite" has an
// infinite logit when the image's red is above its middle.
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

#include "senet/model_abi.h"

namespace {

constexpr int channels = 3, side = 4, lanes = 4, classes = 3;
constexpr uint64_t pixels_bytes = side * side * lanes * sizeof(float), logits_offset = pixels_bytes;

using Buffer = senet_kernel_buffer_v1_t;

const Buffer& argument(void** args, int index) {
    return *static_cast<const Buffer*>(args[index + 1]);
}

float* pixel(const Buffer& pixels, int c, int x, int y, int n) {
    return reinterpret_cast<float*>(pixels.host) + c + x * lanes + y * side * lanes + n * pixels.dim[4].stride;
}

// Image, normalisation, pixels. Float images are [3][4][4], bytes [4][4][3].
template <typename T>
int ingest(void** args) {
    const Buffer &image = argument(args, 0), &pixels = argument(args, 2);
    const float* norm = reinterpret_cast<const float*>(argument(args, 1).host);
    const T* in = reinterpret_cast<const T*>(image.host);
    constexpr bool planes = sizeof(T) == 4;
    for (int n = 0; n < pixels.dim[4].extent; n++) {
        for (int i = 0; i < channels * side * side; i++, in++) {
            const int c = planes ? i / (side * side) : i % channels, at = planes ? i % (side * side) : i / channels;
            *pixel(pixels, c, at % side, at / side, n) = float(*in) * norm[c] + norm[channels + c];
        }
    }
    return 0;
}

int means(void** args) {
    const Buffer &pixels = argument(args, 0), &logits = argument(args, 1);
    for (int n = 0; n < logits.dim[1].extent; n++) {
        for (int c = 0; c < channels; c++) {
            float sum = 0;
            for (int i = 0; i < side * side; i++) sum += *pixel(pixels, c, i % side, i / side, n);
            reinterpret_cast<float*>(logits.host)[n * logits.dim[1].stride + c] = sum * 10 / (side * side);
        }
    }
    return 0;
}

int slow_means(void** args) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20) * argument(args, 1).dim[1].extent);
    return means(args);
}

int infinite_means(void** args) {
    const int result = means(args);
    const Buffer& logits = argument(args, 1);
    for (int n = 0; n < logits.dim[1].extent; n++) {
        float& red = reinterpret_cast<float*>(logits.host)[n * logits.dim[1].stride];
        if (red > 5) red = std::numeric_limits<float>::infinity();
    }
    return result;
}

constexpr senet_buffer_v1_t buffers[] = {
    {SENET_STORAGE_INPUT, 2, 32, 4, 1, 0, 0, 0, {{0, 4, 1, 0}, {0, 4, 4, 0}, {0, 3, 16, 0}, {0, 1, 48, 0}}},
    {SENET_STORAGE_INPUT, 1, 8, 4, 1, 0, 0, 0, {{0, 3, 1, 0}, {0, 4, 3, 0}, {0, 4, 12, 0}, {0, 1, 48, 0}}},
    {SENET_STORAGE_NORMALISATION, 2, 32, 2, 0, 0, 0, 0, {{0, 3, 1, 0}, {0, 2, 3, 0}}},
    {SENET_STORAGE_ARENA,
     2,
     32,
     5,
     1,
     0,
     0,
     0,
     {{0, 4, 1, 0}, {0, 4, 4, 0}, {0, 4, 16, 0}, {0, 1, 64, 0}, {0, 1, 64, 0}}},
    {SENET_STORAGE_ARENA, 2, 32, 2, 1, 0, logits_offset, 0, {{0, classes, 1, 0}, {0, 1, 32, 0}}},
};
constexpr uint32_t args[] = {0, 2, 3, 1, 2, 3, 3, 4};

constexpr senet_step_v1_t ingest_step(senet_kernel_v1_t entry, uint32_t first) {
    return {"input", "ingest", nullptr, nullptr, "pixels", entry, first, 3,       SENET_NONE, 0,
            0,       channels, side,    side,    1,        0,     472,   nullptr, 0};
}
constexpr senet_step_v1_t means_step(senet_kernel_v1_t entry) {
    return {"means", "means [3][4][4]", "direct", "hand", "means", entry, 6,   2,       SENET_NONE, 0,
            0,       classes,           0,        0,      1,       96,    268, nullptr, 0};
}
constexpr senet_step_v1_t plain[] = {means_step(means)}, slow[] = {means_step(slow_means)},
                          infinite[] = {means_step(infinite_means)};

constexpr senet_variant_v1_t variant(const char* name, uint64_t features, const senet_step_v1_t* steps) {
    return {name,
            SENET_DEVICE_CPU,
            0,
            features,
            buffers,
            args,
            steps,
            5,
            8,
            1,
            4,
            {ingest_step(ingest<float>, 0), ingest_step(ingest<uint8_t>, 3)},
            pixels_bytes + 128,
            0};
}
constexpr senet_variant_v1_t variants[] = {variant("future", uint64_t(1) << 40, plain), variant("plain", 0, plain),
                                           variant("slow", 0, slow), variant("infinite", 0, infinite)};
constexpr const char* labels[] = {"red", "green", "blue, as the sky"};
alignas(128) constexpr uint8_t weights[128] = {};

constexpr senet_model_v1_t model = {
    .abi_version = SENET_MODEL_ABI_VERSION,
    .num_variants = 4,
    .name = "colours",
    .producer = "by hand",
    .description = "the dominant colour",
    .channels = channels,
    .height = side,
    .width = side,
    .classes = classes,
    .preprocess = {.resize = 0, .crop_height = 0, .crop_width = 0, .mean = {0, 0, 0, 0}, .deviation = {1, 1, 1, 1}},
    .labels = labels,
    .weights = weights,
    .weights_file = nullptr,
    .weights_bytes = sizeof(weights),
    .weights_hash = {0x89abcdef, 0x01234567},
    .variants = variants,
    .graph = "graph colours",
    .flags = "--by hand",
    .build_id = {0xfedcba9876543210, 0x0123456789abcdef},
};

}  // namespace

extern "C" __attribute__((visibility("default"))) const senet_model_v1_t* senet_model_colours(uint32_t) {
    return &model;
}
