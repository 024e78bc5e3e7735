#include "runtime/core/session.h"

#include "runtime/core/kernel_context.h"
#include "runtime/core/pool.h"
#include "runtime/core/session_bind.h"
#include "runtime/core/session_memory.h"
#include "runtime/core/status.h"
#include "runtime/cuda/callbacks.h"
#include "runtime/cuda/gpu_session.h"

namespace senet {
namespace {

senet_status plan_session(const senet_model* model, const senet_session_options* given, ResolvedOptions* options,
                          SessionLayout* layout) {
    if (model == nullptr) return fail(SENET_INVALID_ARGUMENT, "model is NULL");
    if (model->variant == nullptr)
        return fail(SENET_INVALID_ARGUMENT,
                    "%s was opened by senet_model_read, to be described: open it by senet_model_open to run it",
                    model->tables->name);
    if (const senet_status status = resolve_options(*model, given, options)) return status;
    return lay_out(*model, *options, layout);
}

// As many threads as the system really gives.
uint32_t start_threads(uint32_t threads) {
    if (threads == 1) return 1;
    const uint32_t workers = ensure_workers(threads - 1);
    return workers + 1 < threads ? workers + 1 : threads;
}

// Everything in the block behind the session itself, and on a GPU what the session has there.
senet_status fill(const ResolvedOptions& options, const SessionLayout& layout, senet_session* session) {
    session->context.host = kernel_context();
    session->context_argument = &session->context;
    session->threads = start_threads(options.threads);
    if (session->model->gpu == nullptr) {
        bind_session(options, layout, session);
        return SENET_OK;
    }
    session->context = cuda::gpu_context(session->context.host);
    return cuda::open_session(options, layout, session);
}

}  // namespace
}  // namespace senet

extern "C" senet_status senet_session_arena_bytes(const senet_model* model, const senet_session_options* given,
                                                  size_t* bytes) {
    if (bytes == nullptr) return senet::fail(SENET_INVALID_ARGUMENT, "bytes is NULL");
    senet::ResolvedOptions options;
    senet::SessionLayout layout;
    if (const senet_status status = senet::plan_session(model, given, &options, &layout)) return status;
    *bytes = layout.total;
    return SENET_OK;
}

extern "C" senet_status senet_session_open(const senet_model* model, const senet_session_options* given,
                                           senet_session** result) {
    if (result == nullptr) return senet::fail(SENET_INVALID_ARGUMENT, "session is NULL: give a place for the result");
    *result = nullptr;
    senet::ResolvedOptions options;
    senet::SessionLayout layout;
    senet_session* session = nullptr;
    if (const senet_status status = senet::plan_session(model, given, &options, &layout)) return status;
    if (const senet_status status = senet::take_memory(options, layout, &session)) return status;
    session->model = model;
    session->variant = model->variant;
    session->max_batch = options.max_batch;
    if (const senet_status status = senet::fill(options, layout, session)) {
        senet_session_close(session);
        return status;
    }
    senet::touch_message();
    *result = session;
    return SENET_OK;
}

extern "C" uint32_t senet_session_threads(const senet_session* session) {
    return session ? session->threads : 0;
}

extern "C" void senet_session_close(senet_session* session) {
    if (session == nullptr) return;
    if (session->gpu != nullptr) senet::cuda::close_session(session);
    senet::give_memory_back(session);
}
