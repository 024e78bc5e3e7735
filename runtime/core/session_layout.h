// Where everything lies in a session's one block of memory.
#pragma once

#include "runtime/core/session_options.h"

namespace senet {

// Offsets in bytes from the block's start, each a multiple of SENET_ARENA_ALIGNMENT. The senet_session is at 0.
struct SessionLayout {
    size_t buffers, dims, args, first_arg, scratch_states, normalisation, arena, scratch;
    size_t gpu, graphs;                                        // of a session on a GPU
    size_t device_images, device_normalisation, device_total;  // in its device memory, which the arena begins
    size_t scratch_slot;                                       // bytes of one thread's scratch
    size_t total;
};

// Fails when the sizes don't fit in memory's address range.
senet_status lay_out(const senet_model& model, const ResolvedOptions& options, SessionLayout* layout);

}  // namespace senet
