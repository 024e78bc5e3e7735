// The tables: the CPU toy's, with storage of its own for every map that has a halo.
#include "tests/cuda/toy/gpu_toy.h"

#include <string>
#include <vector>

#include "tests/cuda/toy/entries.h"
#include "tests/runtime/toy/toy.h"

namespace gpu_toy {
namespace {

// "conv" -> the tables' buffers of the maps, as in the CPU toy: each map's view, then its view with halo
constexpr uint32_t kFirstMap = 3, kFirstVector = 10, kLogits = 11;
constexpr uint32_t kMapOfView[] = {0, 0, 1, 1, 2, 2, 3};

const senet_variant_v1_t& plain() {
    return senet_model_toy(1)->variants[1];
}

std::vector<senet_buffer_v1_t> make_buffers(uint64_t* arena_bytes) {
    std::vector<senet_buffer_v1_t> buffers(plain().buffers, plain().buffers + plain().num_buffers);
    const uint64_t map_bytes = static_cast<uint64_t>(buffers[kFirstMap].dim[4].stride) * sizeof(float);
    for (uint32_t i = kFirstMap; i < kFirstVector; ++i) buffers[i].offset = kMapOfView[i - kFirstMap] * map_bytes;
    buffers[kFirstVector].offset = 4 * map_bytes;
    buffers[kLogits].offset = 4 * map_bytes + 128;
    *arena_bytes = 4 * map_bytes + 256;
    return buffers;
}

struct Code {
    std::string cubins[3];
    senet_gpu_code_v1_t table[3];
};

const senet_gpu_code_v1_t* code_of(uint32_t call) {
    static Code codes[kNumCalls];
    constexpr uint32_t kCapabilities[][2] = {{8, 0}, {8, 6}, {9, 0}};
    for (uint32_t i = 0; i < 3; ++i) {
        codes[call].cubins[i] = std::string(
                                    "\x7f"
                                    "ELFfake") +
                                ptx_of(call);
        codes[call].table[i] = {kCapabilities[i][0], kCapabilities[i][1],
                                reinterpret_cast<const uint8_t*>(codes[call].cubins[i].data()),
                                codes[call].cubins[i].size()};
    }
    return codes[call].table;
}

struct Tables {
    uint64_t arena_bytes = 0;
    std::vector<senet_buffer_v1_t> buffers = make_buffers(&arena_bytes);
    std::vector<senet_step_v1_t> steps{plain().steps, plain().steps + plain().num_steps};
    senet_variant_v1_t variants[2] = {plain(), plain()};
    senet_model_v1_t model = *senet_model_toy(1);

    Tables(uint32_t num_variants, bool coded) {
        senet_variant_v1_t& cuda = variants[0];
        for (uint32_t i = 0; i < kNumCalls; ++i) {
            senet_step_v1_t& step = i < 2 ? cuda.ingest[i] : steps[i - 2];
            step.entry = entry_of(i);
            if (coded) step.gpu_code = code_of(i), step.num_gpu_code = 3;
        }
        cuda.name = "cuda";
        cuda.device = SENET_DEVICE_CUDA;
        cuda.capability = 70;
        cuda.buffers = buffers.data();
        cuda.steps = steps.data();
        cuda.arena_bytes = arena_bytes;
        cuda.scratch_bytes = 0;
        model.variants = variants;
        model.num_variants = num_variants;
    }
    Tables(const Tables&) = delete;
};

}  // namespace
}  // namespace gpu_toy

extern "C" {

const senet_model_v1_t* senet_model_gpu_toy(uint32_t) {
    static const gpu_toy::Tables tables(2, false);
    return &tables.model;
}
const senet_model_v1_t* senet_model_gpu_toy_alone(uint32_t) {
    static const gpu_toy::Tables tables(1, false);
    return &tables.model;
}
const senet_model_v1_t* senet_model_gpu_toy_coded(uint32_t) {
    static const gpu_toy::Tables tables(1, true);
    return &tables.model;
}
}
