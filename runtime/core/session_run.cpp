// A run: ingest the images, call every step's kernel, copy the logits out.
#include <cstring>

#include "runtime/core/halo.h"
#include "runtime/core/session.h"
#include "runtime/core/session_bind.h"
#include "runtime/core/session_observe.h"
#include "runtime/core/spin.h"
#include "runtime/core/status.h"
#include "runtime/cuda/gpu_run.h"

namespace senet {
namespace {

// Marks the session as running, or finds that it is: another thread's run, or one begun by its own observer.
class RunGuard {
  public:
    explicit RunGuard(senet_session* session)
        : session_(session), entered_(session->running.exchange(1, std::memory_order_acquire) == 0) {}
    ~RunGuard() {
        if (entered_) session_->running.store(0, std::memory_order_release);
    }
    RunGuard(const RunGuard&) = delete;
    RunGuard& operator=(const RunGuard&) = delete;
    bool entered() const { return entered_; }

  private:
    senet_session* const session_;
    const bool entered_;
};

senet_status explain_failure(senet_session* session, const senet_step_v1_t& step, int result) {
    bool exceeded = false;
    for (uint32_t i = 0; i < session->threads; ++i) {
        exceeded |= session->scratch[i].exceeded;
        session->scratch[i].exceeded = false;
    }
    if (exceeded)
        return fail(SENET_KERNEL_FAILED,
                    "%s: the kernel of %s needs more scratch than the %zu bytes planned; build it again",
                    session->model->tables->name, step.name, session->scratch[0].limit);
    return fail(SENET_KERNEL_FAILED, "%s: the kernel of %s returned %d", session->model->tables->name, step.name,
                result);
}

// `call`: 0 and 1 are the ingests, then the steps.
senet_status run_step(senet_session* session, const senet_step_v1_t& step, uint32_t call) {
    if (step.halo != SENET_NONE) zero_halo(session->buffers[step.halo], step.interior_width, step.interior_height);
    const ScratchUse use(&session->scratch[0]);
    const int result = step.entry(session->args + session->first_arg[call]);
    return result == 0 ? SENET_OK : explain_failure(session, step, result);
}

senet_status run_observed(senet_session* session, const senet_step_v1_t& step, uint32_t call, uint32_t index,
                          uint32_t batch) {
    const int64_t begin = now_nanoseconds();
    if (const senet_status status = run_step(session, step, call)) return status;
    tell_observer(session, step, index, batch, static_cast<double>(now_nanoseconds() - begin) * 1e-9);
    return SENET_OK;
}

senet_status run_steps(senet_session* session, Input input, uint32_t batch) {
    const senet_variant_v1_t& variant = *session->variant;
    const uint32_t ingest = static_cast<uint32_t>(input);
    for (uint32_t i = 0; i <= variant.num_steps; ++i) {
        const senet_step_v1_t& step = i == 0 ? variant.ingest[ingest] : variant.steps[i - 1];
        const uint32_t call = i == 0 ? ingest : i + 1;
        const senet_status status =
            session->observer ? run_observed(session, step, call, i, batch) : run_step(session, step, call);
        if (status != SENET_OK) return status;
    }
    return SENET_OK;
}

void copy_logits(const senet_session& session, uint32_t batch, float* logits) {
    const senet_kernel_buffer_v1_t& buffer = session.buffers[session.variant->logits];
    const size_t classes = session.model->tables->classes;
    const float* values = reinterpret_cast<const float*>(buffer.host);
    for (uint32_t n = 0; n < batch; ++n)
        memcpy(logits + n * classes, values + n * static_cast<size_t>(buffer.dim[1].stride), classes * sizeof(float));
}

senet_status check_run(const senet_session* session, uint32_t batch, const void* images, const float* logits) {
    if (session == nullptr) return fail(SENET_INVALID_ARGUMENT, "session is NULL");
    if (images == nullptr || logits == nullptr)
        return fail(SENET_INVALID_ARGUMENT, "%s is NULL", images ? "logits" : "images");
    if (batch == 0 || batch > session->max_batch)
        return fail(SENET_INVALID_ARGUMENT, "batch is %u: this session takes 1 to %u images", batch,
                    session->max_batch);
    return SENET_OK;
}

senet_status run_on_cpu(senet_session* session, Input input, uint32_t batch, const void* images, float* logits) {
    bind_input(session, input, images, batch);
    if (const senet_status status = run_steps(session, input, batch)) return status;
    copy_logits(*session, batch, logits);
    return SENET_OK;
}

// `compute` does the run, alone in its session.
template <typename Compute>
senet_status run(senet_session* session, uint32_t batch, const void* images, const float* logits, Compute compute) {
    if (const senet_status status = check_run(session, batch, images, logits)) return status;
    const RunGuard guard(session);
    if (!guard.entered())
        return fail(SENET_INVALID_ARGUMENT,
                    "this session is running already: use it from one thread at a time, and not from its observer");
    return compute();
}

senet_status run_from_host(senet_session* session, Input input, uint32_t batch, const void* images, float* logits) {
    return run(session, batch, images, logits, [&] {
        return session->gpu ? cuda::run(session, input, batch, images, logits)
                            : run_on_cpu(session, input, batch, images, logits);
    });
}

senet_status run_on_device(senet_session* session, uint32_t batch, const float* images, float* logits) {
    return run(session, batch, images, logits, [&] {
        if (session->gpu == nullptr)
            return fail(SENET_INVALID_ARGUMENT, "this session runs on the CPU, and not on memory of a GPU");
        if (session->gpu->user_stream == nullptr)
            return fail(
                SENET_INVALID_ARGUMENT,
                "this session has no cuda_stream, so nothing could wait for the logits: give one when opening it");
        return cuda::run_on_device(session, batch, images, logits);
    });
}

}  // namespace
}  // namespace senet

extern "C" senet_status senet_session_run_f32(senet_session* session, uint32_t batch, const float* images,
                                              float* logits) {
    return senet::run_from_host(session, senet::Input::f32, batch, images, logits);
}

extern "C" senet_status senet_session_run_u8(senet_session* session, uint32_t batch, const uint8_t* images,
                                             float* logits) {
    return senet::run_from_host(session, senet::Input::u8, batch, images, logits);
}

extern "C" senet_status senet_session_run_device_f32(senet_session* session, uint32_t batch, const float* images,
                                                     float* logits) {
    return senet::run_on_device(session, batch, images, logits);
}
