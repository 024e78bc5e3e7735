#include "runtime/cuda/gpu_run.h"

#include <cstring>

#include "runtime/core/session_bind.h"
#include "runtime/core/session_observe.h"
#include "runtime/core/status.h"
#include "runtime/cuda/graphs.h"
#include "runtime/cuda/steps.h"

namespace senet::cuda {
namespace {

// Leaves nothing queued that reads or writes the caller's memory, when a run fails halfway.
senet_status abandon(const Session& gpu, senet_status status) {
    gpu.driver().cuStreamSynchronize(gpu.run_stream());
    return status;
}

// One step with its time, by events around it.
senet_status run_observed(senet_session* session, const senet_step_v1_t& step, uint32_t call, uint32_t index,
                          uint32_t batch) {
    Session* gpu = session->gpu;
    const Driver& driver = gpu->driver();
    const auto checked = [&](Result result, const char* call_name) { return check(gpu->device(), result, call_name); };
    if (const senet_status status = checked(driver.cuEventRecord(gpu->begin, gpu->target), "cuEventRecord"))
        return status;
    if (const senet_status status = call_entry(session, step, call)) return status;
    if (const senet_status status = checked(driver.cuEventRecord(gpu->end, gpu->target), "cuEventRecord"))
        return status;
    if (const senet_status status = checked(driver.cuEventSynchronize(gpu->end), "cuEventSynchronize")) return status;
    float milliseconds = 0;
    if (const senet_status status =
            checked(driver.cuEventElapsedTime(&milliseconds, gpu->begin, gpu->end), "cuEventElapsedTime"))
        return status;
    tell_observer(session, step, index, batch, static_cast<double>(milliseconds) * 1e-3);
    return SENET_OK;
}

senet_status run_all_observed(senet_session* session, Input input, uint32_t batch) {
    const senet_variant_v1_t& variant = *session->variant;
    const uint32_t ingest = static_cast<uint32_t>(input);
    if (const senet_status status = run_observed(session, variant.ingest[ingest], ingest, 0, batch)) return status;
    for (uint32_t i = 0; i < variant.num_steps; ++i)
        if (const senet_status status = run_observed(session, variant.steps[i], i + 2, i + 1, batch)) return status;
    return SENET_OK;
}

// From images in the session's memory on the device to logits in the arena: one graph.
senet_status compute(senet_session* session, Input input, uint32_t batch) {
    Session* gpu = session->gpu;
    gpu->target = gpu->run_stream();
    if (session->observer) return run_all_observed(session, input, batch);
    const Result launched = gpu->driver().cuGraphLaunch(*gpu->graph(input, batch), gpu->target);
    return check(gpu->device(), launched, "cuGraphLaunch");
}

size_t pixels(const senet_model_v1_t& network) {
    return size_t{network.channels} * network.height * network.width;
}

const senet_kernel_buffer_v1_t& logits_of(const senet_session& session) {
    return session.buffers[session.variant->logits];
}

senet_status run_and_wait(senet_session* session, Input input, uint32_t batch, const void* images) {
    Session* gpu = session->gpu;
    const Driver& driver = gpu->driver();
    const senet_model_v1_t& tables = *session->model->tables;
    const size_t bytes = (input == Input::f32 ? sizeof(float) : 1) * batch * pixels(tables);
    const Result sent = driver.cuMemcpyHtoDAsync(gpu->images, images, bytes, gpu->run_stream());
    if (const senet_status status = check(gpu->device(), sent, "cuMemcpyHtoDAsync")) return status;
    if (const senet_status status = compute(session, input, batch)) return status;
    const senet_kernel_buffer_v1_t& logits = logits_of(*session);
    const size_t stride = static_cast<size_t>(logits.dim[1].stride);
    const size_t floats = (batch - 1) * stride + tables.classes;
    const Result fetched =
        driver.cuMemcpyDtoHAsync(gpu->logits, logits.device, floats * sizeof(float), gpu->run_stream());
    if (const senet_status status = check(gpu->device(), fetched, "cuMemcpyDtoHAsync")) return status;
    return check(gpu->device(), driver.cuStreamSynchronize(gpu->run_stream()), "cuStreamSynchronize");
}

// A row of floats for each image, from one place on the device to another, dense one.
senet_status queue_copy(const Session& gpu, Address from, size_t stride, Address to, size_t floats, uint32_t batch) {
    Copy2D copy{};
    copy.src_type = copy.dst_type = kMemoryDevice;
    copy.src_device = from;
    copy.src_pitch = stride * sizeof(float);
    copy.dst_device = to;
    copy.dst_pitch = copy.width = floats * sizeof(float);
    copy.height = batch;
    return check(gpu.device(), gpu.driver().cuMemcpy2DAsync(&copy, gpu.run_stream()), "cuMemcpy2DAsync");
}

senet_status queue_run(senet_session* session, uint32_t batch, const float* images, float* logits) {
    const Session& gpu = *session->gpu;
    const senet_model_v1_t& tables = *session->model->tables;
    const size_t floats = pixels(tables);
    if (const senet_status status =
            queue_copy(gpu, reinterpret_cast<Address>(images), floats, gpu.images, floats, batch))
        return status;
    if (const senet_status status = compute(session, Input::f32, batch)) return status;
    const senet_kernel_buffer_v1_t& computed = logits_of(*session);
    return queue_copy(gpu, computed.device, static_cast<size_t>(computed.dim[1].stride),
                      reinterpret_cast<Address>(logits), tables.classes, batch);
}

}  // namespace

senet_status run(senet_session* session, Input input, uint32_t batch, const void* images, float* logits) {
    Session* gpu = session->gpu;
    const Current current(gpu->device());
    if (const senet_status status = current.status()) return status;
    if (const senet_status status = record_graph(session, input, batch)) return status;
    if (const senet_status status = run_and_wait(session, input, batch, images)) return abandon(*gpu, status);
    const size_t classes = session->model->tables->classes;
    const size_t stride = static_cast<size_t>(logits_of(*session).dim[1].stride);
    for (uint32_t n = 0; n < batch; ++n)
        memcpy(logits + n * classes, gpu->logits + n * stride, classes * sizeof(float));
    return SENET_OK;
}

senet_status run_on_device(senet_session* session, uint32_t batch, const float* images, float* logits) {
    Session* gpu = session->gpu;
    const Current current(gpu->device());
    if (const senet_status status = current.status()) return status;
    if (const senet_status status = record_graph(session, Input::f32, batch)) return status;
    const senet_status status = queue_run(session, batch, images, logits);
    return status == SENET_OK ? SENET_OK : abandon(*gpu, status);
}

senet_status read_buffer(senet_session* session, const senet_kernel_buffer_v1_t& buffer, void* to, size_t bytes) {
    const Session& gpu = *session->gpu;
    const Current current(gpu.device());
    if (const senet_status status = current.status()) return status;
    const Result copied = gpu.driver().cuMemcpyDtoHAsync(to, buffer.device, bytes, gpu.run_stream());
    if (const senet_status status = check(gpu.device(), copied, "cuMemcpyDtoHAsync")) return status;
    return check(gpu.device(), gpu.driver().cuStreamSynchronize(gpu.run_stream()), "cuStreamSynchronize");
}

}  // namespace senet::cuda
