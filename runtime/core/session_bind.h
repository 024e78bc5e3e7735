// Fills a session's prebuilt descriptors and argument arrays, so that a run only calls kernels.
#pragma once

#include "runtime/core/session.h"
#include "runtime/core/session_layout.h"

namespace senet {

// The block's first bytes are the session; everything else of it is set here.
void bind_session(const ResolvedOptions& options, const SessionLayout& layout, senet_session* session);

// Gives every descriptor of a map or vector this many images.
void bind_batch(senet_session* session, uint32_t batch);

// Puts a run's images and batch in.
void bind_input(senet_session* session, Input input, const void* images, uint32_t batch);

}  // namespace senet
