// Streams are queues that run when somebody waits; a capturing one is a graph's list of nodes. Events are times in it.
#include "tests/cuda/fake/world.h"

namespace fake_cuda {
namespace {

const void* const kLegacy = reinterpret_cast<void*>(1);

std::string describe(const Nodes& nodes) {
    size_t copies = 0;
    for (const Node& node : nodes) copies += node.name == "copy" || node.name == "set";
    return std::to_string(nodes.size() - copies) + " kernels, " + std::to_string(copies) + " copies";
}

void* make_graph(const char* kind, Nodes nodes) {
    auto graph = std::make_unique<Object>();
    graph->nodes = std::move(nodes);
    return create(kind, std::move(graph));
}

}  // namespace

Object* find_stream(const void* handle, const char* user) {
    if (handle != nullptr && handle != kLegacy) return find(handle, "stream", user);
    std::unique_ptr<Object>& stream = world().objects[kLegacy];
    if (!stream) {
        stream = std::make_unique<Object>();
        stream->kind = "stream";
        stream->context = nullptr;  // every context's
    }
    return stream.get();
}

void drain(Object* stream) {
    const Nodes nodes = std::move(stream->nodes);
    stream->nodes.clear();
    for (const Node& node : nodes) node.work();
}

void drain_all() {
    for (const auto& [handle, object] : world().objects)
        if (object->kind == "stream" && !object->capturing && object->context == context_stack().back())
            drain(object.get());
}

void queue(Object* stream, Node node) {
    stream->nodes.push_back(std::move(node));
}

}  // namespace fake_cuda

using namespace fake_cuda;

extern "C" {

FAKE_CUDA_API int cuStreamCreate(void** stream, unsigned) {
    Entry entry("cuStreamCreate", kContext);
    if (entry.proceeds()) *stream = create("stream");
    return entry.result();
}

FAKE_CUDA_API int cuStreamDestroy_v2(void* handle) {
    Entry entry("cuStreamDestroy", kContext | kRuns, handle);
    if (!entry.proceeds()) return entry.result();
    Object* stream = find(handle, "stream", "cuStreamDestroy");
    if (stream == nullptr) return entry(kInvalidHandle);
    if (stream->capturing) violate("cuStreamDestroy of a stream that captures");
    drain(stream);
    destroy(handle, "stream", "cuStreamDestroy");
    return entry.result();
}

FAKE_CUDA_API int cuStreamSynchronize(void* handle) {
    Entry entry("cuStreamSynchronize", kContext | kNoCapture, handle);
    Object* stream = entry.proceeds() ? find_stream(handle, "cuStreamSynchronize") : nullptr;
    if (stream == nullptr) return entry(kInvalidHandle);
    drain(stream);
    return entry(kOk);
}

FAKE_CUDA_API int cuStreamBeginCapture_v2(void* handle, int) {
    Entry entry("cuStreamBeginCapture", kContext, handle);
    Object* stream = entry.proceeds() ? find(handle, "stream", "cuStreamBeginCapture") : nullptr;
    if (stream == nullptr) return entry(kInvalidHandle);
    if (stream->capturing) violate("cuStreamBeginCapture of a stream that captures");
    drain(stream);
    stream->capturing = true;
    ++captures();
    return entry(kOk);
}

FAKE_CUDA_API int cuStreamEndCapture(void* handle, void** graph) {
    Entry entry("cuStreamEndCapture", kContext | kRuns, handle);
    *graph = nullptr;
    Object* stream = entry.proceeds() ? find(handle, "stream", "cuStreamEndCapture") : nullptr;
    if (stream == nullptr) return entry(kInvalidHandle);
    if (!stream->capturing) violate("cuStreamEndCapture of a stream that doesn't capture");
    stream->capturing = false;
    --captures();
    if (entry.result() == kOk) *graph = make_graph("graph", stream->nodes);
    stream->nodes.clear();
    return entry.result();
}

FAKE_CUDA_API int cuGraphInstantiateWithFlags(void** exec, void* handle, unsigned long long) {
    Entry entry("cuGraphInstantiateWithFlags", kContext | kNoCapture);
    Object* graph = entry.proceeds() ? find(handle, "graph", "cuGraphInstantiateWithFlags") : nullptr;
    if (graph == nullptr) return entry(kInvalidHandle);
    *exec = make_graph("graph exec", graph->nodes);
    return entry(kOk);
}

FAKE_CUDA_API int cuGraphDestroy(void* graph) {
    Entry entry("cuGraphDestroy", kContext | kRuns);
    if (entry.proceeds()) destroy(graph, "graph", "cuGraphDestroy");
    return entry.result();
}

FAKE_CUDA_API int cuGraphExecDestroy(void* exec) {
    Entry entry("cuGraphExecDestroy", kContext | kRuns);
    if (entry.proceeds()) destroy(exec, "graph exec", "cuGraphExecDestroy");
    return entry.result();
}

FAKE_CUDA_API int cuGraphLaunch(void* handle, void* stream_handle) {
    const auto found = world().objects.find(handle);
    Entry entry("cuGraphLaunch", kContext, stream_handle,
                found == world().objects.end() ? "" : describe(found->second->nodes));
    Object* stream = entry.proceeds() ? find_stream(stream_handle, "cuGraphLaunch") : nullptr;
    Object* exec = stream ? find(handle, "graph exec", "cuGraphLaunch") : nullptr;
    if (exec == nullptr) return entry(kInvalidHandle);
    for (const Node& node : exec->nodes) queue(stream, node);
    return entry(kOk);
}

FAKE_CUDA_API int cuEventCreate(void** event, unsigned) {
    Entry entry("cuEventCreate", kContext);
    if (entry.proceeds()) *event = create("event");
    return entry.result();
}

FAKE_CUDA_API int cuEventDestroy_v2(void* event) {
    Entry entry("cuEventDestroy", kContext | kRuns);
    if (entry.proceeds()) destroy(event, "event", "cuEventDestroy");
    return entry.result();
}

FAKE_CUDA_API int cuEventRecord(void* handle, void* stream_handle) {
    Entry entry("cuEventRecord", kContext, stream_handle);
    Object* stream = entry.proceeds() ? find_stream(stream_handle, "cuEventRecord") : nullptr;
    Object* event = stream ? find(handle, "event", "cuEventRecord") : nullptr;
    if (event == nullptr) return entry(kInvalidHandle);
    event->stream = stream_handle;
    queue(stream, {"event", [handle] {
                       if (Object* recorded = find(handle, "event", "an event's time"))
                           recorded->time = world().launches;
                   }});
    return entry(kOk);
}

FAKE_CUDA_API int cuEventSynchronize(void* handle) {
    Entry entry("cuEventSynchronize", kContext | kNoCapture);
    Object* event = entry.proceeds() ? find(handle, "event", "cuEventSynchronize") : nullptr;
    if (event == nullptr) return entry(kInvalidHandle);
    if (Object* stream = find_stream(event->stream, "cuEventSynchronize")) drain(stream);
    return entry(kOk);
}

// A quarter of a millisecond a launch, and a little.
FAKE_CUDA_API int cuEventElapsedTime(float* milliseconds, void* begin, void* end) {
    Entry entry("cuEventElapsedTime", kContext);
    if (!entry.proceeds()) return entry.result();
    const Object *first = find(begin, "event", "cuEventElapsedTime"), *last = find(end, "event", "cuEventElapsedTime");
    if (first == nullptr || last == nullptr) return entry(kInvalidHandle);
    *milliseconds = 0.25f * static_cast<float>(last->time - first->time) + 0.001f;
    return entry(kOk);
}
}
