#include "runtime/cuda/steps.h"

#include "runtime/core/session_bind.h"
#include "runtime/core/status.h"

namespace senet::cuda {

senet_status call_entry(senet_session* session, const senet_step_v1_t& step, uint32_t call) {
    Session* gpu = session->gpu;
    gpu->step = &step;
    gpu->failed = SENET_OK;
    gpu->scratch_used = 0;
    const ScratchUse use(&session->scratch[0]);
    const int result = step.entry(session->args + session->first_arg[call]);
    if (gpu->failed != SENET_OK) return gpu->failed;
    if (result == 0) return SENET_OK;
    return fail(SENET_KERNEL_FAILED, "%s: the kernel of %s returned %d", session->model->tables->name, step.name,
                result);
}

senet_status call_steps(senet_session* session, Input input) {
    const senet_variant_v1_t& variant = *session->variant;
    const uint32_t ingest = static_cast<uint32_t>(input);
    if (const senet_status status = call_entry(session, variant.ingest[ingest], ingest)) return status;
    for (uint32_t i = 0; i < variant.num_steps; ++i)
        if (const senet_status status = call_entry(session, variant.steps[i], i + 2)) return status;
    return SENET_OK;
}

senet_status rehearse_steps(senet_session* session) {
    Session* gpu = session->gpu;
    const ModulesLock lock(&gpu->model->modules);
    const auto bind = [&](Input input) {
        bind_input(session, input, reinterpret_cast<const void*>(gpu->images), session->max_batch);
    };
    bind(Input::u8);
    const uint32_t bytes = static_cast<uint32_t>(Input::u8);
    if (const senet_status status = call_entry(session, session->variant->ingest[bytes], bytes)) return status;
    bind(Input::f32);
    return call_steps(session, Input::f32);
}

}  // namespace senet::cuda
