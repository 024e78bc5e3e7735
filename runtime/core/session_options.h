// A session's options, checked, with defaults and limits put in.
#pragma once

#include "runtime/core/model.h"

namespace senet {

struct ResolvedOptions {
    uint32_t max_batch = 1;
    uint32_t threads = 1;
    const float* mean = nullptr;  // `channels` each
    const float* deviation = nullptr;
    void* arena = nullptr;
    size_t arena_bytes = 0;
    void* cuda_stream = nullptr;
};

// options may be null.
senet_status resolve_options(const senet_model& model, const senet_session_options* options, ResolvedOptions* resolved);

}  // namespace senet
