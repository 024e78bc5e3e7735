#include "generators/compiler/targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "models/error.h"
#include "senet/model_abi.h"

namespace senetc {

const std::vector<TargetInfo>& targets() {
    static const VariantInfo avx512 = {"avx512", "x86-64-linux-avx-avx2-avx512-avx512_skylake-f16c-fma-sse41",
                                       SENET_CPU_X86_AVX2 | SENET_CPU_X86_AVX512, 16, 32};
    static const VariantInfo avx2 = {"avx2", "x86-64-linux-avx-avx2-f16c-fma-sse41", SENET_CPU_X86_AVX2, 8, 16};
    // Every AArch64 CPU has NEON; why it is the only variant: docs/adr/0015-one-variant-for-arm.md
    static const VariantInfo neon = {"neon", "arm-64-linux", 0, 4, 32};
    // A kernel's entry, which launches, is x86-64 code.
    static const VariantInfo cuda = {
        "cuda", avx2.halide_target + "-cuda-cuda_capability_70", avx2.cpu_features, 0, 0, SENET_DEVICE_CUDA, 70};
    static const std::vector<TargetInfo> all = {
        {"x86-64",
         "Linux on x86-64 with AVX2 and FMA (2013 and later)",
         "x86_64-unknown-linux-gnu",
         "znver4",
         {avx512, avx2}},
        {"x86-64-cuda",
         "Linux on x86-64 with an NVIDIA GPU of compute capability 7.0 or later, or without one",
         "x86_64-unknown-linux-gnu",
         "znver4",
         {cuda, avx512, avx2}},
        {"arm-64", "Linux on 64-bit ARM (AArch64)", "aarch64-unknown-linux-gnu", "neoverse-n1", {neon}},
    };
    return all;
}

const TargetInfo& find_target(const std::string& name) {
    std::vector<std::string> names;
    for (const TargetInfo& target : targets()) {
        if (target.name == name) return target;
        names.push_back(target.name);
    }
    throw Error(fmt::format("there is no target '{}'; the targets are {}", name, fmt::join(names, ", ")));
}

const VariantInfo& find_variant(const std::string& name) {
    std::vector<std::string> names;
    for (const TargetInfo& target : targets()) {
        for (const VariantInfo& variant : target.variants) {
            if (variant.name == name) return variant;
        }
        names.push_back(fmt::format("{} of {}", variant_names(target), target.name));
    }
    throw Error(fmt::format("there is no variant '{}'; the variants are {}", name, fmt::join(names, ", ")));
}

bool any_on_gpu(const std::vector<std::string>& variants) {
    return std::any_of(variants.begin(), variants.end(),
                       [](const std::string& variant) { return find_variant(variant).on_gpu(); });
}

const TargetInfo& target_of(const VariantInfo& variant) {
    const auto has_it = [&](const TargetInfo& target) {
        return std::any_of(target.variants.begin(), target.variants.end(),
                           [&](const VariantInfo& v) { return v.name == variant.name; });
    };
    const auto found = std::find_if(targets().begin(), targets().end(), has_it);
    if (found == targets().end()) throw std::logic_error("no target has the variant '" + variant.name + "'");
    return *found;
}

const TargetInfo* native_target() {
#if defined(__x86_64__)
    return &find_target("x86-64");
#elif defined(__aarch64__)
    return &find_target("arm-64");
#else
    return nullptr;
#endif
}

bool is_native(const TargetInfo& target) {
    return native_target() != nullptr && native_target()->triple == target.triple;
}

std::string variant_names(const TargetInfo& target) {
    std::vector<std::string> names;
    for (const VariantInfo& variant : target.variants) names.push_back(variant.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace senetc
