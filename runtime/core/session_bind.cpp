#include "runtime/core/session_bind.h"

#include <cstring>

#include "runtime/cuda/gpu_session.h"

namespace senet {
namespace {

const uint8_t* weights_of(const senet_session& session) {
    return session.gpu ? reinterpret_cast<const uint8_t*>(session.gpu->model->weights) : session.model->weights;
}

uint8_t* address_of(const senet_session& session, const senet_buffer_v1_t& buffer) {
    switch (buffer.storage) {
        case SENET_STORAGE_ARENA:
            return session.arena + buffer.offset * session.max_batch + buffer.start;
        case SENET_STORAGE_WEIGHTS:
            return const_cast<uint8_t*>(weights_of(session)) + buffer.offset + buffer.start;
        default:
            return nullptr;  // set by bind_input
    }
}

// An element's address, in the memory that the session's kernels run on.
void point(const senet_session& session, uint8_t* address, senet_kernel_buffer_v1_t* buffer) {
    if (session.gpu)
        buffer->device = reinterpret_cast<uintptr_t>(address);
    else
        buffer->host = address;
}

void bind_buffers(senet_session* session, senet_dim_v1_t* dims) {
    const senet_variant_v1_t& variant = *session->variant;
    for (uint32_t i = 0; i < variant.num_buffers; ++i, dims += SENET_MAX_DIMS) {
        const senet_buffer_v1_t& view = variant.buffers[i];
        memcpy(dims, view.dim, sizeof(view.dim));
        senet_kernel_buffer_v1_t& buffer = session->buffers[i];
        buffer = {};
        point(*session, address_of(*session, view), &buffer);
        buffer.type_code = static_cast<uint8_t>(view.type_code);
        buffer.type_bits = static_cast<uint8_t>(view.type_bits);
        buffer.type_lanes = 1;
        buffer.dimensions = static_cast<int32_t>(view.dimensions);
        buffer.dim = dims;
    }
}

void bind_call(senet_session* session, const senet_step_v1_t& step, uint32_t call, uint32_t* next) {
    session->first_arg[call] = *next;
    void** args = session->args + *next;
    args[0] = &session->context_argument;
    for (uint32_t i = 0; i < step.num_args; ++i)
        args[i + 1] = &session->buffers[session->variant->args[step.first_arg + i]];
    *next += step.num_args + 1;
}

void bind_calls(senet_session* session) {
    const senet_variant_v1_t& variant = *session->variant;
    uint32_t next = 0;
    for (uint32_t i = 0; i < 2; ++i) bind_call(session, variant.ingest[i], i, &next);
    for (uint32_t i = 0; i < variant.num_steps; ++i) bind_call(session, variant.steps[i], i + 2, &next);
}

void bind_scratch(senet_session* session, const SessionLayout& layout, uint8_t* memory) {
    for (uint32_t i = 0; i < session->threads; ++i) {
        Scratch& scratch = session->scratch[i];
        memset(&scratch, 0, sizeof(scratch));
        scratch.memory = memory + i * layout.scratch_slot;
        scratch.limit = session->variant->scratch_bytes;
    }
}

// x * scale + shift: float input is normalised already, a byte becomes (byte / 255 - mean) / deviation.
void bind_normalisation(senet_session* session, const ResolvedOptions& options, float* values) {
    const uint32_t channels = session->model->tables->channels;
    session->normalisation[0] = values;
    session->normalisation[1] = values + 2 * channels;
    for (uint32_t c = 0; c < channels; ++c) {
        const double mean = options.mean[c], deviation = options.deviation[c];
        session->normalisation[0][c] = 1.0f;
        session->normalisation[0][channels + c] = 0.0f;
        session->normalisation[1][c] = static_cast<float>(1.0 / (255.0 * deviation));
        session->normalisation[1][channels + c] = static_cast<float>(-mean / deviation);
    }
}

}  // namespace

void bind_session(const ResolvedOptions& options, const SessionLayout& layout, senet_session* session) {
    uint8_t* block = reinterpret_cast<uint8_t*>(session);
    session->buffers = reinterpret_cast<senet_kernel_buffer_v1_t*>(block + layout.buffers);
    session->args = reinterpret_cast<void**>(block + layout.args);
    session->first_arg = reinterpret_cast<uint32_t*>(block + layout.first_arg);
    session->scratch = reinterpret_cast<Scratch*>(block + layout.scratch_states);
    if (session->gpu == nullptr) session->arena = block + layout.arena;
    bind_buffers(session, reinterpret_cast<senet_dim_v1_t*>(block + layout.dims));
    bind_calls(session);
    bind_scratch(session, layout, block + layout.scratch);
    bind_normalisation(session, options, reinterpret_cast<float*>(block + layout.normalisation));
}

void bind_batch(senet_session* session, uint32_t batch) {
    if (session->bound_batch == batch) return;
    for (uint32_t i = 0; i < session->variant->num_buffers; ++i) {
        const senet_kernel_buffer_v1_t& buffer = session->buffers[i];
        if (session->variant->buffers[i].batched)
            buffer.dim[buffer.dimensions - 1].extent = static_cast<int32_t>(batch);
    }
    session->bound_batch = batch;
}

void bind_input(senet_session* session, Input input, const void* images, uint32_t batch) {
    bind_batch(session, batch);
    const senet_variant_v1_t& variant = *session->variant;
    const senet_step_v1_t& step = variant.ingest[static_cast<uint32_t>(input)];
    uint8_t* normalisation = reinterpret_cast<uint8_t*>(session->normalisation[static_cast<uint32_t>(input)]);
    for (uint32_t i = 0; i < step.num_args; ++i) {
        const uint32_t index = variant.args[step.first_arg + i];
        const senet_buffer_v1_t& view = variant.buffers[index];
        if (view.storage == SENET_STORAGE_INPUT)
            point(*session, static_cast<uint8_t*>(const_cast<void*>(images)) + view.start, &session->buffers[index]);
        else if (view.storage == SENET_STORAGE_NORMALISATION)
            point(*session, normalisation + view.offset + view.start, &session->buffers[index]);
    }
}

}  // namespace senet
