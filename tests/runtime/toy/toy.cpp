// The toy model's tables, as the compiler would emit them.
#include "tests/runtime/toy/toy.h"

#include <cmath>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "tests/runtime/toy/kernels.h"

namespace toy {
namespace {

struct alignas(128) Weights {
    float values[kConvWeights + kDenseWeights];
    Weights() {
        for (int i = 0; i < kConvWeights + kDenseWeights; ++i)
            values[i] = std::sin(1.7f * static_cast<float>(i) + 0.3f);
    }
};
const Weights kWeights;

// A map's storage for one image: two blocks of 16 channels with a halo of 1. map0 uses the first block alone.
constexpr int kRow = (kWidth + 2) * kLanes, kPlane = (kHeight + 2) * kRow, kMapBytes = 2 * kPlane * 4;
constexpr int kStart = (kRow + kLanes) * 4;
// map2 lies over map0, shifted, so that map0's values are where map2's halo must be zero.
constexpr uint64_t kMapA = 0, kMapC = 256, kMapB = kMapC + kMapBytes, kVector = kMapB + kMapBytes,
                   kLogits = kVector + 128;
static_assert(kMapBytes % 128 == 0);

constexpr senet_buffer_v1_t map_view(uint64_t offset, int blocks) {
    return {SENET_STORAGE_ARENA,
            2,
            32,
            5,
            1,
            0,
            offset,
            kStart,
            {{0, kLanes, 1, 0},
             {0, kWidth, kLanes, 0},
             {0, kHeight, kRow, 0},
             {0, blocks, kPlane, 0},
             {0, 1, 2 * kPlane, 0}}};
}
// With the halo readable, as a kernel that pads sees it, and as the runtime zeroes it.
constexpr senet_buffer_v1_t halo_view(uint64_t offset, int blocks) {
    return {SENET_STORAGE_ARENA,
            2,
            32,
            5,
            1,
            0,
            offset,
            0,
            {{0, kLanes, 1, 0},
             {-1, kWidth + 2, kLanes, 0},
             {-1, kHeight + 2, kRow, 0},
             {0, blocks, kPlane, 0},
             {0, 1, 2 * kPlane, 0}}};
}

enum BufferIndex : uint32_t {
    kImageF32,
    kImageU8,
    kNorm,
    kMap0,
    kHalo0,
    kMap1,
    kHalo1,
    kMap2,
    kHalo2,
    kMap3,
    kSqueezed,
    kOut,
    kConvW,
    kDenseW,
    kNumBuffers
};

constexpr senet_buffer_v1_t kBuffers[kNumBuffers] = {
    {SENET_STORAGE_INPUT,
     2,
     32,
     4,
     1,
     0,
     0,
     0,
     {{0, kWidth, 1, 0},
      {0, kHeight, kWidth, 0},
      {0, kChannels, kWidth* kHeight, 0},
      {0, 1, kWidth* kHeight* kChannels, 0}}},
    {SENET_STORAGE_INPUT,
     1,
     8,
     4,
     1,
     0,
     0,
     0,
     {{0, kChannels, 1, 0},
      {0, kWidth, kChannels, 0},
      {0, kHeight, kWidth* kChannels, 0},
      {0, 1, kWidth* kHeight* kChannels, 0}}},
    {SENET_STORAGE_NORMALISATION, 2, 32, 2, 0, 0, 0, 0, {{0, kChannels, 1, 0}, {0, 2, kChannels, 0}}},
    map_view(kMapA, 1),
    halo_view(kMapA, 1),
    map_view(kMapB, 2),
    halo_view(kMapB, 2),
    map_view(kMapC, 2),
    halo_view(kMapC, 2),
    map_view(kMapB, 2),
    {SENET_STORAGE_ARENA, 2, 32, 3, 1, 0, kVector, 0, {{0, kLanes, 1, 0}, {0, 2, kLanes, 0}, {0, 1, 2 * kLanes, 0}}},
    {SENET_STORAGE_ARENA, 2, 32, 2, 1, 0, kLogits, 0, {{0, kClasses, 1, 0}, {0, 1, 8, 0}}},
    {SENET_STORAGE_WEIGHTS, 2, 32, 1, 0, 0, 0, 0, {{0, kConvWeights, 1, 0}}},
    {SENET_STORAGE_WEIGHTS, 2, 32, 1, 0, 0, kConvWeights * 4, 0, {{0, kDenseWeights, 1, 0}}},
};

constexpr uint32_t kArgs[] = {kImageF32, kNorm, kMap0,  kImageU8, kNorm, kMap0,     kHalo0,    kConvW,  kMap1,
                              kHalo1,    kMap2, kHalo2, kMap3,    kMap3, kSqueezed, kSqueezed, kDenseW, kOut};
constexpr uint32_t kNumArgs = sizeof(kArgs) / sizeof(kArgs[0]);

constexpr senet_step_v1_t map_step(const char* name, const char* stage, senet_kernel_v1_t entry, uint32_t first,
                                   uint32_t args, uint32_t halo, uint32_t channels) {
    return {name,    name,     nullptr, nullptr, stage, entry, first, args,    halo, kWidth,
            kHeight, channels, kHeight, kWidth,  1,     1000,  100,   nullptr, 0};
}
constexpr senet_step_v1_t vector_step(const char* name, const char* stage, senet_kernel_v1_t entry, uint32_t first,
                                      uint32_t args, uint32_t channels, uint64_t flops) {
    return {name, name,     nullptr, nullptr, stage, entry, first, args,    SENET_NONE, 0,
            0,    channels, 0,       0,       1,     flops, 100,   nullptr, 0};
}

#define TOY_STEPS(BOX)                                                          \
    {                                                                           \
        map_step("conv", "features", conv, 6, 3, kHalo1, kFeatures),            \
            map_step("box1", nullptr, BOX, 9, 2, kHalo2, kFeatures),            \
            map_step("box2", "blurred", box, 11, 2, SENET_NONE, kFeatures),     \
            vector_step("squeeze", "squeezed", squeeze, 13, 2, kFeatures, 700), \
            vector_step("dense", "logits", dense, 15, 3, kClasses, 200),        \
    }
constexpr senet_step_v1_t kPlainSteps[] = TOY_STEPS(box);
constexpr senet_step_v1_t kGreedySteps[] = TOY_STEPS(box_greedy);
constexpr senet_step_v1_t kFailingSteps[] = TOY_STEPS(box_failing);

constexpr senet_variant_v1_t variant(const char* name, uint64_t features, const senet_step_v1_t* steps) {
    return {name,
            SENET_DEVICE_CPU,
            0,
            features,
            kBuffers,
            kArgs,
            steps,
            kNumBuffers,
            kNumArgs,
            5,
            kOut,
            {map_step("input", nullptr, ingest_f32, 0, 3, kHalo0, kChannels),
             map_step("input", nullptr, ingest_u8, 3, 3, kHalo0, kChannels)},
            kLogits + 128,
            4 * (kWidth + 2)};
}
constexpr senet_variant_v1_t kVariants[] = {variant("future", kFutureFeature, kPlainSteps),
                                            variant("plain", 0, kPlainSteps), variant("greedy", 0, kGreedySteps),
                                            variant("failing", 0, kFailingSteps)};
constexpr const char* kLabels[] = {"ant", "bee", "cat", "dog", "eel"};

senet_model_v1_t make_model() {
    senet_model_v1_t model{};
    model.abi_version = SENET_MODEL_ABI_VERSION;
    model.num_variants = sizeof(kVariants) / sizeof(kVariants[0]);
    model.variants = kVariants;
    model.name = "toy";
    model.producer = "by hand";
    model.description = "five classes of nothing";
    model.channels = kChannels;
    model.height = kHeight;
    model.width = kWidth;
    model.classes = kClasses;
    model.labels = kLabels;
    model.preprocess = senet_preprocess_v1_t{.resize = 0,
                                             .crop_height = 0,
                                             .crop_width = 0,
                                             .mean = {0.5f, 0.25f, 0.125f, 0},
                                             .deviation = {0.5f, 0.25f, 2.0f, 1}};
    model.weights = reinterpret_cast<const uint8_t*>(kWeights.values);
    model.weights_bytes = sizeof(kWeights.values);
    const XXH128_hash_t hash = XXH3_128bits(kWeights.values, sizeof(kWeights.values));
    model.weights_hash[0] = hash.low64;
    model.weights_hash[1] = hash.high64;
#ifdef TOY_WEIGHTS_BESIDE
    model.weights = nullptr;
    model.weights_file = "toy.weights";
#endif
    return model;
}

}  // namespace

const float* weights() {
    return kWeights.values;
}

}  // namespace toy

extern "C" const senet_model_v1_t* senet_model_toy(uint32_t abi_version) {
    static const senet_model_v1_t model = toy::make_model();
    return abi_version >= 1 ? &model : nullptr;
}
