// cuInit, devices, contexts.
#include <cstdio>

#include "tests/cuda/fake/world.h"

namespace fake_cuda {
namespace {

// One primary context a device; handles of those that users make are counted up from a later number.
void* primary(int device) {
    return reinterpret_cast<void*>(uintptr_t{0x100} + static_cast<uintptr_t>(device) * 16);
}

bool exists(int device) {
    return device >= 0 && device < world().machine.devices;
}

void drop_context(const void* context) {
    World& all = world();
    const auto of_context = [&](const auto& object) { return object.second->context == context; };
    for (const auto& object : all.objects) all.dropped += of_context(object) && object.second->kind != "function";
    std::erase_if(all.objects, of_context);
    all.contexts.erase(context);
}

}  // namespace

void* create_context(int device) {
    static uintptr_t next = 0x800;
    void* context = reinterpret_cast<void*>(next += 16);
    world().contexts[context] = device;
    return context;
}

void destroy_context(void* context) {
    drop_context(context);
}

}  // namespace fake_cuda

using namespace fake_cuda;

extern "C" {

FAKE_CUDA_API int cuInit(unsigned) {
    Entry entry("cuInit", kNothing);
    if (!entry.proceeds()) return entry.result();
    if (world().machine.devices == 0) return entry(kNoDevice);
    world().initialised = true;
    return entry(kOk);
}

FAKE_CUDA_API int cuDriverGetVersion(int* version) {
    Entry entry("cuDriverGetVersion", kNothing);
    if (entry.proceeds()) *version = world().machine.version;
    return entry.result();
}

FAKE_CUDA_API int cuGetErrorName(int error, const char** name) {
    thread_local char text[40];
    snprintf(text, sizeof(text), "CUDA_ERROR_FAKE_%d", error);
    *name = error == 2 ? "CUDA_ERROR_OUT_OF_MEMORY" : error == kNoDevice ? "CUDA_ERROR_NO_DEVICE" : text;
    return kOk;
}

FAKE_CUDA_API int cuGetErrorString(int error, const char** text) {
    *text = error == 2 ? "out of memory" : error == kNoDevice ? "no CUDA-capable device is detected" : "as planned";
    return kOk;
}

FAKE_CUDA_API int cuDeviceGetCount(int* count) {
    Entry entry("cuDeviceGetCount", kNothing);
    if (entry.proceeds()) *count = world().machine.devices;
    return entry.result();
}

FAKE_CUDA_API int cuDeviceGet(int* device, int ordinal) {
    Entry entry("cuDeviceGet", kNothing);
    if (!entry.proceeds()) return entry.result();
    *device = ordinal;
    return entry(exists(ordinal) ? kOk : kInvalidDevice);
}

FAKE_CUDA_API int cuDeviceGetName(char* name, int bytes, int device) {
    Entry entry("cuDeviceGetName", kNothing);
    if (entry.proceeds()) snprintf(name, static_cast<size_t>(bytes), "Fake %d", device);
    return entry.result();
}

FAKE_CUDA_API int cuDeviceGetAttribute(int* value, int attribute, int) {
    Entry entry("cuDeviceGetAttribute", kNothing);
    if (!entry.proceeds()) return entry.result();
    constexpr int kMajor = 75, kMinor = 76;
    if (attribute != kMajor && attribute != kMinor) return entry(kInvalidValue);
    *value = attribute == kMajor ? world().machine.capability / 10 : world().machine.capability % 10;
    return entry(kOk);
}

FAKE_CUDA_API int cuDevicePrimaryCtxRetain(void** context, int device) {
    Entry entry("cuDevicePrimaryCtxRetain", kNothing);
    if (!entry.proceeds()) return entry.result();
    *context = primary(device);
    ++world().retained[device];
    world().contexts[*context] = device;
    return entry(kOk);
}

FAKE_CUDA_API int cuDevicePrimaryCtxRelease_v2(int device) {
    Entry entry("cuDevicePrimaryCtxRelease", kRuns);
    if (world().retained[device] == 0) violate("a primary context released more often than it was retained");
    if (--world().retained[device] == 0) drop_context(primary(device));
    return entry.result();
}

FAKE_CUDA_API int cuCtxPushCurrent_v2(void* context) {
    Entry entry("cuCtxPushCurrent", kNothing);
    if (!entry.proceeds()) return entry.result();
    if (!world().contexts.count(context)) {
        violate("cuCtxPushCurrent of no context");
        return entry(kInvalidContext);
    }
    context_stack().push_back(context);
    return entry(kOk);
}

FAKE_CUDA_API int cuCtxPopCurrent_v2(void** context) {
    Entry entry("cuCtxPopCurrent", kContext | kRuns);
    if (!entry.proceeds()) return entry.result();
    *context = const_cast<void*>(context_stack().back());
    context_stack().pop_back();
    return entry.result();
}

FAKE_CUDA_API int cuCtxGetDevice(int* device) {
    Entry entry("cuCtxGetDevice", kContext);
    if (entry.proceeds()) *device = world().contexts[context_stack().back()];
    return entry.result();
}
}
