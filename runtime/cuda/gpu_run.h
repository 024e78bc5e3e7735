// Runs of a session on a device. Arguments are checked, and the session is marked as running.
#pragma once

#include "runtime/cuda/gpu_session.h"

namespace senet::cuda {

// images, logits: host memory; returns when the logits are there.
senet_status run(senet_session* session, Input input, uint32_t batch, const void* images, float* logits);

// images, logits: the device's memory; returns when all is queued.
senet_status run_on_device(senet_session* session, uint32_t batch, const float* images, float* logits);

// Copies a buffer's elements, from the one at all `min` to the last, to `bytes` of host memory.
senet_status read_buffer(senet_session* session, const senet_kernel_buffer_v1_t& buffer, void* to, size_t bytes);

}  // namespace senet::cuda
