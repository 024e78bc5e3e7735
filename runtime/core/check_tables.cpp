#include "runtime/core/check_tables.h"

#include <cinttypes>

#include "runtime/core/status.h"

namespace senet {
namespace {

uint64_t element_bytes(const senet_buffer_v1_t& buffer) {
    return buffer.type_bits / 8;
}

// Bytes from the view's first element to the end of its last one, for one image.
uint64_t view_bytes(const senet_buffer_v1_t& buffer) {
    uint64_t last = 0;
    for (uint32_t d = 0; d < buffer.dimensions; ++d)
        last += static_cast<uint64_t>(buffer.dim[d].extent - 1) * static_cast<uint64_t>(buffer.dim[d].stride);
    return (last + 1) * element_bytes(buffer);
}

bool is_dense_vector(const senet_buffer_v1_t& buffer, uint32_t extent) {
    return buffer.dimensions == 2 && buffer.type_code == 2 && buffer.type_bits == 32 && buffer.dim[0].stride == 1 &&
           buffer.dim[0].extent >= static_cast<int32_t>(extent);
}

const char* fault_of(const senet_model_v1_t& model, const senet_variant_v1_t& variant,
                     const senet_buffer_v1_t& buffer) {
    if (buffer.dimensions == 0 || buffer.dimensions > SENET_MAX_DIMS) return "has a wrong number of dimensions";
    for (uint32_t d = 0; d < buffer.dimensions; ++d)
        if (buffer.dim[d].extent < 1 || buffer.dim[d].stride < 0) return "has an extent or stride below its least";
    if (buffer.type_bits != 32 && buffer.type_bits != 8) return "has an unknown type";
    if (buffer.storage > SENET_STORAGE_NORMALISATION) return "has an unknown storage";
    const uint64_t limit = buffer.storage == SENET_STORAGE_ARENA     ? variant.arena_bytes
                           : buffer.storage == SENET_STORAGE_WEIGHTS ? model.weights_bytes
                                                                     : UINT64_MAX;
    const uint64_t end = buffer.offset + buffer.start + view_bytes(buffer);
    if (end < buffer.offset || end > limit) return "lies outside its storage";
    return nullptr;
}

bool holds(const senet_dim_v1_t& dim, int64_t interior) {
    return interior > 0 && dim.min <= 0 && int64_t{dim.min} + dim.extent >= interior;
}

// Halo cells are zeroed in runs, which needs whole cells and rows next to each other.
bool is_halo_view(const senet_buffer_v1_t& buffer, const senet_step_v1_t& step) {
    if (buffer.dimensions != 5 || buffer.storage != SENET_STORAGE_ARENA || !buffer.batched) return false;
    const senet_dim_v1_t* dim = buffer.dim;
    if (dim[0].stride != 1 || dim[1].stride != dim[0].extent || dim[2].stride < dim[1].stride * dim[1].extent)
        return false;
    return holds(dim[1], step.interior_width) && holds(dim[2], step.interior_height);
}

const char* fault_of(const senet_variant_v1_t& variant, const senet_step_v1_t& step) {
    if (step.entry == nullptr || step.name == nullptr) return "has no kernel or no name";
    if (step.num_args == 0 || step.num_args > variant.num_args || step.first_arg > variant.num_args - step.num_args)
        return "has arguments outside the table";
    if (step.num_outputs == 0 || step.num_outputs > step.num_args) return "has no output or too many";
    for (uint32_t i = 0; i < step.num_args; ++i)
        if (variant.args[step.first_arg + i] >= variant.num_buffers) return "has an argument that is no buffer";
    if (step.halo == SENET_NONE) return nullptr;
    if (step.halo >= variant.num_buffers) return "has a halo that is no buffer";
    return is_halo_view(variant.buffers[step.halo], step) ? nullptr : "has a halo of an unknown form";
}

senet_status check_step(const senet_model_v1_t& model, const senet_variant_v1_t& variant, const senet_step_v1_t& step) {
    const char* fault = fault_of(variant, step);
    if (fault == nullptr) return SENET_OK;
    return fail(SENET_BAD_FILE, "%s, variant %s: step %s %s; build it again", model.name, variant.name,
                step.name ? step.name : "?", fault);
}

}  // namespace

senet_status check_model(const senet_model_v1_t& model) {
    if (model.abi_version > SENET_MODEL_ABI_VERSION)
        return fail(SENET_INCOMPATIBLE,
                    "the model is made for a newer libsenet: it has ABI %u, libsenet %s knows up to %u",
                    model.abi_version, senet_version(), SENET_MODEL_ABI_VERSION);
    if (model.abi_version == 0 || model.name == nullptr)
        return fail(SENET_BAD_FILE, "the model's tables have no version or no name; build it again");
    if (model.num_variants == 0 || model.variants == nullptr)
        return fail(SENET_BAD_FILE, "%s has no variants; build it again", model.name);
    if (!model.channels || !model.height || !model.width || !model.classes)
        return fail(SENET_BAD_FILE, "%s has an empty input or no classes; build it again", model.name);
    return SENET_OK;
}

senet_status check_variant(const senet_model_v1_t& model, const senet_variant_v1_t& variant) {
    for (uint32_t i = 0; i < variant.num_buffers; ++i)
        if (const char* fault = fault_of(model, variant, variant.buffers[i]))
            return fail(SENET_BAD_FILE, "%s, variant %s: buffer %u %s; build it again", model.name, variant.name, i,
                        fault);
    for (const senet_step_v1_t& step : variant.ingest)
        if (const senet_status status = check_step(model, variant, step)) return status;
    for (uint32_t i = 0; i < variant.num_steps; ++i)
        if (const senet_status status = check_step(model, variant, variant.steps[i])) return status;
    if (variant.logits >= variant.num_buffers || !is_dense_vector(variant.buffers[variant.logits], model.classes))
        return fail(SENET_BAD_FILE, "%s, variant %s: its logits are no dense (class, image) buffer; build it again",
                    model.name, variant.name);
    return SENET_OK;
}

}  // namespace senet
