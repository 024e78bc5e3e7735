#include "runtime/cuda/graphs.h"

#include "runtime/core/session_bind.h"
#include "runtime/cuda/steps.h"

namespace senet::cuda {
namespace {

// A stream of its own, so that neither the user's nor the session's is left capturing when something fails; other
// threads' calls aren't restricted.
senet_status capture(senet_session* session, Input input, Graph* graph) {
    Session* gpu = session->gpu;
    const Driver& driver = gpu->driver();
    Stream stream = nullptr;
    if (const senet_status status =
            check(gpu->device(), driver.cuStreamCreate(&stream, kNonBlocking), "cuStreamCreate"))
        return status;
    senet_status status =
        check(gpu->device(), driver.cuStreamBeginCapture(stream, kCaptureThreadLocal), "cuStreamBeginCapture");
    if (status == SENET_OK) {
        gpu->target = stream;
        status = call_steps(session, input);
        const Result ended = driver.cuStreamEndCapture(stream, graph);
        if (status == SENET_OK) status = check(gpu->device(), ended, "cuStreamEndCapture");
    }
    const Result destroyed = driver.cuStreamDestroy(stream);
    return status != SENET_OK ? status : check(gpu->device(), destroyed, "cuStreamDestroy");
}

}  // namespace

senet_status record_graph(senet_session* session, Input input, uint32_t batch) {
    Session* gpu = session->gpu;
    const Driver& driver = gpu->driver();
    GraphExec* exec = gpu->graph(input, batch);
    bind_input(session, input, reinterpret_cast<const void*>(gpu->images), batch);
    if (*exec != nullptr) return SENET_OK;
    Graph graph = nullptr;
    senet_status status = capture(session, input, &graph);
    if (status == SENET_OK)
        status =
            check(gpu->device(), driver.cuGraphInstantiateWithFlags(exec, graph, 0), "cuGraphInstantiateWithFlags");
    if (status != SENET_OK) *exec = nullptr;
    if (graph == nullptr) return status;
    const Result destroyed = driver.cuGraphDestroy(graph);
    return status != SENET_OK ? status : check(gpu->device(), destroyed, "cuGraphDestroy");
}

}  // namespace senet::cuda
