#include "runtime/core/variant.h"

#include <cstdio>
#include <cstring>

#include "runtime/core/status.h"

namespace senet {
namespace {

constexpr size_t kListBytes = 256;

void list_variants(const senet_model_v1_t& model, char (&text)[kListBytes]) {
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < model.num_variants && used < sizeof(text); ++i) {
        const int length = snprintf(text + used, sizeof(text) - used, "%s%s", i ? ", " : "", model.variants[i].name);
        used += static_cast<size_t>(length);
    }
}

const senet_variant_v1_t* find(const senet_model_v1_t& model, const char* name) {
    for (uint32_t i = 0; i < model.num_variants; ++i)
        if (strcmp(model.variants[i].name, name) == 0) return &model.variants[i];
    return nullptr;
}

senet_status refuse(const senet_model_v1_t& model, const CpuRegisters& cpu, const senet_variant_v1_t* asked) {
    char variants[kListBytes], missing[kListBytes];
    list_variants(model, variants);
    const senet_variant_v1_t& least = asked ? *asked : model.variants[model.num_variants - 1];
    list_missing(cpu, least.cpu_features, missing, sizeof(missing));
    if (asked)
        return fail(SENET_UNSUPPORTED_CPU, "this CPU can't run variant %s of %s: it lacks %s (variants: %s)",
                    asked->name, model.name, missing, variants);
    return fail(SENET_UNSUPPORTED_CPU, "this CPU runs no variant of %s (%s): for %s it lacks %s", model.name, variants,
                least.name, missing);
}

}  // namespace

bool runs(const CpuRegisters& cpu, const senet_variant_v1_t& variant) {
    return (variant.cpu_features & ~cpu_features(cpu)) == 0;
}

senet_status choose_variant(const senet_model_v1_t& model, const CpuRegisters& cpu, const char* name,
                            const senet_variant_v1_t** variant) {
    if (name != nullptr) {
        const senet_variant_v1_t* asked = find(model, name);
        if (asked == nullptr) {
            char variants[kListBytes];
            list_variants(model, variants);
            return fail(SENET_INVALID_ARGUMENT, "%s has no variant '%.100s': it has %s", model.name, name, variants);
        }
        if (!runs(cpu, *asked)) return refuse(model, cpu, asked);
        *variant = asked;
        return SENET_OK;
    }
    for (uint32_t i = 0; i < model.num_variants; ++i) {
        if (model.variants[i].device != SENET_DEVICE_CPU || !runs(cpu, model.variants[i])) continue;
        *variant = &model.variants[i];
        return SENET_OK;
    }
    return refuse(model, cpu, nullptr);
}

}  // namespace senet
