// Calls kernels' entries, which launch into a session's target.
#pragma once

#include "runtime/cuda/gpu_session.h"

namespace senet::cuda {

// `call`: 0 and 1 are the ingests, then the steps.
senet_status call_entry(senet_session* session, const senet_step_v1_t& step, uint32_t call);

// The ingest and all steps, for the input that is bound.
senet_status call_steps(senet_session* session, Input input);

// Calls every entry for the largest batch and launches nothing: modules are loaded, scratch is measured.
senet_status rehearse_steps(senet_session* session);

}  // namespace senet::cuda
