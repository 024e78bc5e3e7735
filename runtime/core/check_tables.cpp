#include "runtime/core/check_tables.h"

#include <cinttypes>

#include "runtime/core/status.h"

namespace senet {
namespace {

constexpr uint32_t kMaxExtent = 1 << 16;  // of an input's sides, and of channels and classes; so is senetc's

uint64_t element_bytes(const senet_buffer_v1_t& buffer) {
    return buffer.type_bits / 8;
}

// Bytes from the view's first element to the end of its last one, for one image; UINT64_MAX when that is no number.
uint64_t view_bytes(const senet_buffer_v1_t& buffer) {
    uint64_t last = 0;
    bool overflow = false;
    for (uint32_t d = 0; d < buffer.dimensions; ++d) {
        const uint64_t extent = static_cast<uint32_t>(buffer.dim[d].extent),
                       stride = static_cast<uint32_t>(buffer.dim[d].stride);
        overflow |= __builtin_add_overflow(last, (extent - 1) * stride, &last);
    }
    uint64_t bytes = 0;
    overflow |= __builtin_mul_overflow(last + 1, element_bytes(buffer), &bytes);
    return overflow ? UINT64_MAX : bytes;
}

// Bytes from one image to the next.
uint64_t image_bytes(const senet_buffer_v1_t& buffer) {
    return buffer.batched ? static_cast<uint64_t>(buffer.dim[buffer.dimensions - 1].stride) * element_bytes(buffer) : 0;
}

// Bytes that the storage has for each image, or for all when it is the same for all.
uint64_t storage_bytes(const senet_model_v1_t& model, const senet_variant_v1_t& variant,
                       const senet_buffer_v1_t& buffer) {
    const uint64_t channels = model.channels;
    switch (buffer.storage) {
        case SENET_STORAGE_ARENA:
            return variant.arena_bytes;
        case SENET_STORAGE_WEIGHTS:
            return model.weights_bytes;
        case SENET_STORAGE_INPUT:
            return channels * model.height * model.width * element_bytes(buffer);
        default:
            return 2 * channels * sizeof(float);
    }
}

// Every element of every image lies in the storage. A map's images follow each other where its offset, times the
// batch, begins.
bool lies_inside(const senet_buffer_v1_t& buffer, uint64_t storage) {
    const bool per_image = buffer.storage == SENET_STORAGE_ARENA || buffer.storage == SENET_STORAGE_INPUT;
    const uint64_t view = view_bytes(buffer);
    if (buffer.offset > storage || buffer.start > storage - buffer.offset) return false;
    if (view > storage - buffer.offset - buffer.start) return false;
    return buffer.batched ? per_image && image_bytes(buffer) <= storage - buffer.offset : true;
}

bool is_dense_vector(const senet_buffer_v1_t& buffer, uint32_t extent) {
    return buffer.storage == SENET_STORAGE_ARENA && buffer.batched && buffer.dimensions == 2 && buffer.type_code == 2 &&
           buffer.type_bits == 32 && buffer.dim[0].stride == 1 && static_cast<uint32_t>(buffer.dim[0].extent) >= extent;
}

const char* fault_of(const senet_model_v1_t& model, const senet_variant_v1_t& variant,
                     const senet_buffer_v1_t& buffer) {
    if (buffer.dimensions == 0 || buffer.dimensions > SENET_MAX_DIMS) return "has a wrong number of dimensions";
    for (uint32_t d = 0; d < buffer.dimensions; ++d)
        if (buffer.dim[d].extent < 1 || buffer.dim[d].stride < 0) return "has an extent or stride below its least";
    if (buffer.batched && buffer.dim[buffer.dimensions - 1].extent != 1) return "has more than one image";
    if (buffer.type_bits != 32 && buffer.type_bits != 8) return "has an unknown type";
    if (buffer.storage > SENET_STORAGE_NORMALISATION) return "has an unknown storage";
    if (buffer.storage == SENET_STORAGE_INPUT && (!buffer.batched || buffer.offset != 0))
        return "is an input of an unknown form";
    if (!lies_inside(buffer, storage_bytes(model, variant, buffer))) return "lies outside its storage";
    return buffer.offset % element_bytes(buffer) || buffer.start % element_bytes(buffer) ? "isn't aligned" : nullptr;
}

bool holds(const senet_dim_v1_t& dim, int64_t interior) {
    return interior > 0 && dim.min <= 0 && int64_t{dim.min} + dim.extent >= interior;
}

// Halo cells are zeroed in runs, which needs whole cells and rows next to each other.
bool is_halo_view(const senet_buffer_v1_t& buffer, const senet_step_v1_t& step) {
    if (buffer.dimensions != 5 || buffer.storage != SENET_STORAGE_ARENA || !buffer.batched || buffer.type_bits != 32)
        return false;
    const senet_dim_v1_t* dim = buffer.dim;
    if (dim[0].stride != 1 || dim[1].stride != dim[0].extent || dim[2].stride < int64_t{dim[1].stride} * dim[1].extent)
        return false;
    return holds(dim[1], step.interior_width) && holds(dim[2], step.interior_height);
}

// What a step may read beside the arena and the weights: an ingest step, which takes elements of `input_bits`, the
// caller's images and the normalisation; others (0) neither, for nothing else binds them.
bool may_have(const senet_buffer_v1_t& buffer, uint32_t input_bits) {
    if (buffer.storage == SENET_STORAGE_INPUT) return buffer.type_bits == input_bits;
    return buffer.storage != SENET_STORAGE_NORMALISATION || input_bits != 0;
}

bool has_gpu_code(const senet_step_v1_t& step) {
    if (step.num_gpu_code != 0 && step.gpu_code == nullptr) return false;
    for (uint32_t i = 0; i < step.num_gpu_code; ++i)
        if (step.gpu_code[i].cubin == nullptr || step.gpu_code[i].bytes == 0) return false;
    return true;
}

const char* fault_of(const senet_variant_v1_t& variant, const senet_step_v1_t& step, uint32_t input_bits) {
    if (step.entry == nullptr || step.name == nullptr || step.kernel == nullptr) return "has no kernel or no name";
    if (step.num_args == 0 || step.num_args > variant.num_args || step.first_arg > variant.num_args - step.num_args)
        return "has arguments outside the table";
    if (step.num_outputs == 0 || step.num_outputs > step.num_args) return "has no output or too many";
    for (uint32_t i = 0; i < step.num_args; ++i) {
        const uint32_t index = variant.args[step.first_arg + i];
        if (index >= variant.num_buffers) return "has an argument that is no buffer";
        if (!may_have(variant.buffers[index], input_bits)) return "has an input that isn't its own";
    }
    if (!has_gpu_code(step)) return "lacks code that it names";
    if (step.halo == SENET_NONE) return nullptr;
    if (step.halo >= variant.num_buffers) return "has a halo that is no buffer";
    return is_halo_view(variant.buffers[step.halo], step) ? nullptr : "has a halo of an unknown form";
}

senet_status check_step(const senet_model_v1_t& model, const senet_variant_v1_t& variant, const senet_step_v1_t& step,
                        uint32_t input_bits) {
    const char* fault = fault_of(variant, step, input_bits);
    if (fault == nullptr) return SENET_OK;
    return fail(SENET_BAD_FILE, "%s, variant %s: step %s %s; build it again", model.name, variant.name,
                step.name ? step.name : "?", fault);
}

senet_status check_texts(const senet_model_v1_t& model) {
    bool whole = model.producer != nullptr && model.description != nullptr;
    for (uint32_t i = 0; i < model.num_variants; ++i) {
        const senet_variant_v1_t& variant = model.variants[i];
        whole &= variant.name != nullptr && variant.buffers != nullptr && variant.args != nullptr &&
                 variant.steps != nullptr;
    }
    for (uint32_t i = 0; i < model.classes && model.labels != nullptr; ++i) whole &= model.labels[i] != nullptr;
    return whole ? SENET_OK : fail(SENET_BAD_FILE, "%s lacks a name or a table; build it again", model.name);
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
    const uint32_t extents[] = {model.channels, model.height, model.width, model.classes};
    for (const uint32_t extent : extents)
        if (extent == 0 || extent > kMaxExtent)
            return fail(SENET_BAD_FILE,
                        "%s has an empty input or no classes, or more than %u of either; build it again", model.name,
                        kMaxExtent);
    const senet_preprocess_v1_t& images = model.preprocess;
    if (images.resize > kMaxExtent || images.crop_height > kMaxExtent || images.crop_width > kMaxExtent)
        return fail(SENET_BAD_FILE, "%s resizes or crops to a huge size; build it again", model.name);
    return check_texts(model);
}

senet_status check_variant(const senet_model_v1_t& model, const senet_variant_v1_t& variant) {
    if (variant.device > SENET_DEVICE_CUDA)
        return fail(SENET_BAD_FILE, "%s, variant %s: it runs on an unknown kind of device; build it again", model.name,
                    variant.name);
    for (uint32_t i = 0; i < variant.num_buffers; ++i)
        if (const char* fault = fault_of(model, variant, variant.buffers[i]))
            return fail(SENET_BAD_FILE, "%s, variant %s: buffer %u %s; build it again", model.name, variant.name, i,
                        fault);
    if (const senet_status status = check_step(model, variant, variant.ingest[0], 32)) return status;
    if (const senet_status status = check_step(model, variant, variant.ingest[1], 8)) return status;
    for (uint32_t i = 0; i < variant.num_steps; ++i)
        if (const senet_status status = check_step(model, variant, variant.steps[i], 0)) return status;
    if (variant.logits >= variant.num_buffers || !is_dense_vector(variant.buffers[variant.logits], model.classes))
        return fail(SENET_BAD_FILE, "%s, variant %s: its logits are no dense (class, image) buffer; build it again",
                    model.name, variant.name);
    return SENET_OK;
}

}  // namespace senet
