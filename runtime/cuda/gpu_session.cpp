#include "runtime/cuda/gpu_session.h"

#include <new>

#include "runtime/core/session_bind.h"
#include "runtime/core/status.h"
#include "runtime/cuda/graphs.h"
#include "runtime/cuda/steps.h"

namespace senet::cuda {
namespace {

size_t logits_bytes(const senet_session& session) {
    const senet_dim_v1_t& images = session.variant->buffers[session.variant->logits].dim[1];
    const size_t stride = images.stride, classes = session.model->tables->classes;
    return ((session.max_batch - 1) * stride + classes) * sizeof(float);
}

senet_status allocate(Session* gpu, uint64_t bytes, Address* memory) {
    return check(gpu->device(), gpu->driver().cuMemAlloc(memory, bytes), "cuMemAlloc");
}

// Maps' halos are zeroed here and stay so: on a device no other value lies in a map's storage.
senet_status take_device_memory(const SessionLayout& layout, senet_session* session) {
    Session* gpu = session->gpu;
    const Driver& driver = gpu->driver();
    if (const senet_status status = allocate(gpu, layout.device_total, &gpu->memory)) return status;
    gpu->images = gpu->memory + layout.device_images;
    session->arena = reinterpret_cast<uint8_t*>(gpu->memory);
    const Result zeroed = driver.cuMemsetD8Async(gpu->memory, 0, layout.device_images, gpu->stream);
    if (const senet_status status = check(gpu->device(), zeroed, "cuMemsetD8Async")) return status;
    void* logits = nullptr;
    const Result locked = driver.cuMemAllocHost(&logits, logits_bytes(*session));
    gpu->logits = static_cast<float*>(logits);
    return check(gpu->device(), locked, "cuMemAllocHost");
}

senet_status upload_normalisation(const SessionLayout& layout, senet_session* session) {
    Session* gpu = session->gpu;
    const size_t floats = session->model->tables->channels * size_t{2};
    const Address to = gpu->memory + layout.device_normalisation;
    for (size_t i = 0; i < 2; ++i) {
        const Address address = to + i * floats * sizeof(float);
        const Result copied =
            gpu->driver().cuMemcpyHtoDAsync(address, session->normalisation[i], floats * sizeof(float), gpu->stream);
        if (const senet_status status = check(gpu->device(), copied, "cuMemcpyHtoDAsync")) return status;
        session->normalisation[i] = reinterpret_cast<float*>(address);
    }
    return SENET_OK;
}

senet_status create_queues(Session* gpu) {
    const Driver& driver = gpu->driver();
    if (const senet_status status =
            check(gpu->device(), driver.cuStreamCreate(&gpu->stream, kNonBlocking), "cuStreamCreate"))
        return status;
    for (Event* event : {&gpu->begin, &gpu->end})
        if (const senet_status status = check(gpu->device(), driver.cuEventCreate(event, 0), "cuEventCreate"))
            return status;
    return SENET_OK;
}

senet_status take_scratch(Session* gpu) {
    if (gpu->scratch_limit == 0) return SENET_OK;
    return allocate(gpu, gpu->scratch_limit, &gpu->scratch);
}

}  // namespace

senet_status open_session(const ResolvedOptions& options, const SessionLayout& layout, senet_session* session) {
    uint8_t* block = reinterpret_cast<uint8_t*>(session);
    Session* gpu = new (block + layout.gpu) Session();
    gpu->model = session->model->gpu;
    gpu->user_stream = static_cast<Stream>(options.cuda_stream);
    gpu->graphs = reinterpret_cast<GraphExec*>(block + layout.graphs);
    for (size_t i = 0; i < 2 * size_t{session->max_batch}; ++i) gpu->graphs[i] = nullptr;
    session->gpu = gpu;

    const Current current(gpu->device());
    if (const senet_status status = current.status()) return status;
    if (const senet_status status = create_queues(gpu)) return status;
    if (const senet_status status = take_device_memory(layout, session)) return status;
    bind_session(options, layout, session);
    if (const senet_status status = upload_normalisation(layout, session)) return status;
    if (const senet_status status = rehearse_steps(session)) return status;
    if (const senet_status status = take_scratch(gpu)) return status;
    gpu->mode = Mode::launch;
    for (Input input : {Input::f32, Input::u8})
        if (const senet_status status = record_graph(session, input, session->max_batch)) return status;
    return check(gpu->device(), gpu->driver().cuStreamSynchronize(gpu->stream), "cuStreamSynchronize");
}

void close_session(senet_session* session) {
    Session* gpu = session->gpu;
    const Current current(gpu->device());
    if (!current.entered()) return;  // the context is gone, and with it all that was in it
    const Driver& driver = gpu->driver();
    if (gpu->stream) driver.cuStreamSynchronize(gpu->run_stream());
    for (size_t i = 0; i < 2 * size_t{session->max_batch}; ++i)
        if (gpu->graphs[i]) driver.cuGraphExecDestroy(gpu->graphs[i]);
    for (Event event : {gpu->begin, gpu->end})
        if (event) driver.cuEventDestroy(event);
    if (gpu->stream) driver.cuStreamDestroy(gpu->stream);
    for (Address memory : {gpu->memory, gpu->scratch})
        if (memory) driver.cuMemFree(memory);
    if (gpu->logits) driver.cuMemFreeHost(gpu->logits);
}

}  // namespace senet::cuda
