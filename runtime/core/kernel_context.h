// What kernels may call: scratch and parallel loops, answered by their session.
#pragma once

#include "runtime/core/session.h"

namespace senet {

// For senet_session::context.
senet_kernel_context_v1_t kernel_context();

}  // namespace senet
