// What GPU kernels' entries may call, answered by their session.
#pragma once

#include "runtime/core/session.h"

namespace senet::cuda {

// For senet_session::context; `host` is the part that all kernels have.
senet_gpu_context_v1_t gpu_context(const senet_kernel_context_v1_t& host);

}  // namespace senet::cuda
