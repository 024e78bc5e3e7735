#include "runtime/core/choose_device.h"

#include "runtime/core/cpu.h"
#include "runtime/core/device_wish.h"
#include "runtime/core/status.h"
#include "runtime/core/variant.h"
#include "runtime/cuda/gpu_model.h"

namespace senet {
namespace {

bool is_for_gpu(const senet_variant_v1_t& variant) {
    return variant.device == SENET_DEVICE_CUDA;
}

const senet_variant_v1_t* first_for_gpu(const senet_model_v1_t& tables, const CpuRegisters& cpu) {
    for (uint32_t i = 0; i < tables.num_variants; ++i)
        if (is_for_gpu(tables.variants[i]) && runs(cpu, tables.variants[i])) return &tables.variants[i];
    return nullptr;
}

bool has_cpu_variant(const senet_model_v1_t& tables) {
    for (uint32_t i = 0; i < tables.num_variants; ++i)
        if (!is_for_gpu(tables.variants[i])) return true;
    return false;
}

senet_status take_gpu(const DeviceWish& wish, const senet_variant_v1_t& variant, senet_model* model) {
    model->variant = &variant;
    return cuda::open_model(wish, variant.capability, &model->gpu);
}

senet_status choose_named(const senet_model_v1_t& tables, const CpuRegisters& cpu, const char* name,
                          const DeviceWish& wish, senet_model* model) {
    if (const senet_status status = choose_variant(tables, cpu, name, &model->variant)) return status;
    const bool for_gpu = is_for_gpu(*model->variant);
    if (wish.where != Where::anywhere && for_gpu != (wish.where == Where::cuda))
        return fail(SENET_INVALID_ARGUMENT, "variant %s of %s runs on %s, and another device was asked for", name,
                    tables.name, for_gpu ? "CUDA devices" : "the CPU");
    return for_gpu ? take_gpu(wish, *model->variant, model) : SENET_OK;
}

senet_status choose_cpu(const senet_model_v1_t& tables, const CpuRegisters& cpu, senet_model* model) {
    if (!has_cpu_variant(tables))
        return fail(SENET_INVALID_ARGUMENT, "%s was built for CUDA devices alone: it has no kernels for the CPU",
                    tables.name);
    return choose_variant(tables, cpu, nullptr, &model->variant);
}

}  // namespace

senet_status choose_device(const senet_model_v1_t& tables, const senet_model_options& options, senet_model* model) {
    DeviceWish wish;
    if (const senet_status status = read_device_wish(options, &wish)) return status;
    const CpuRegisters cpu = read_cpu();
    if (options.variant != nullptr) return choose_named(tables, cpu, options.variant, wish, model);
    if (wish.where == Where::cpu) return choose_cpu(tables, cpu, model);
    const senet_variant_v1_t* for_gpu = first_for_gpu(tables, cpu);
    if (for_gpu == nullptr) {
        if (wish.where == Where::anywhere) return choose_cpu(tables, cpu, model);
        return fail(SENET_INVALID_ARGUMENT, "%s has no kernels for CUDA devices: build it with --target x86-64-cuda",
                    tables.name);
    }
    {
        KeepMessage message;
        const senet_status status = take_gpu(wish, *for_gpu, model);
        if (status != SENET_NO_DEVICE || wish.where == Where::cuda || !has_cpu_variant(tables)) {
            message.release();
            return status;
        }
    }
    return choose_variant(tables, cpu, nullptr, &model->variant);
}

}  // namespace senet
