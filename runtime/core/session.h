// A session: one block of memory that begins with this struct and holds everything that a run touches.
#pragma once

#include <atomic>

#include "runtime/core/model.h"
#include "runtime/core/scratch.h"

namespace senet::cuda {
struct Session;
}

namespace senet {

enum class Input : uint32_t { f32 = 0, u8 = 1 };  // an index of senet_variant_v1_t::ingest

}  // namespace senet

struct senet_session {
    senet_gpu_context_v1_t context;  // first: kernels' callbacks find the session from its address; CPU: `host` alone
    void* context_argument;          // == &context; what every kernel's args[0] points to
    const senet_model* model;
    const senet_variant_v1_t* variant;
    uint32_t max_batch, threads;
    uint32_t bound_batch;           // the batch that the descriptors have now
    std::atomic<uint32_t> running;  // 1 from a run's begin to its end

    senet_kernel_buffer_v1_t* buffers;  // as variant->buffers
    void** args;                        // of all calls, one after the other
    uint32_t* first_arg;                // of each call, in args: ingest[0], ingest[1], steps...
    senet::Scratch* scratch;            // `threads` of them; the caller has [0]
    float* normalisation[2];            // by senet::Input: scale[channels], shift[channels]; on a GPU in its memory
    uint8_t* arena;                     // on a GPU in its memory
    senet::cuda::Session* gpu;          // nullptr: runs on the CPU

    senet_observer observer;
    void* observer_user;
    const senet_step_v1_t* observed;  // the step that the observer is told of now, or nullptr
    uint32_t observed_batch;

    void* mapping;  // the system's memory under this block; nullptr: the user's
    size_t mapping_bytes;
};
