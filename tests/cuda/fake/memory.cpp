// Device memory and page-locked memory, which are vectors here, filled so that an unwritten float is NaN.
#include <cstring>

#include "tests/cuda/fake/world.h"

namespace fake_cuda {
namespace {

constexpr size_t kAlignment = 256;
constexpr uint8_t kUnwritten = 0xff;

int allocate(const char* kind, size_t bytes, void** memory) {
    if (bytes == 0) return kInvalidValue;
    auto object = std::make_unique<Object>();
    object->bytes.assign(bytes, kUnwritten);
    object->size = bytes;
    *memory = create(kind, std::move(object));
    return kOk;
}

// Freed memory is not given to anybody else while the test runs, so that a late use is seen as one.
void free_memory(const void* memory, const char* kind, const char* user) {
    drain_all();
    destroy(memory, kind, user);
}

// CUDA_MEMCPY2D_v2
struct Copy2D {
    size_t src_x, src_y;
    int src_type;
    const void* src_host;
    uint64_t src_device;
    void* src_array;
    size_t src_pitch;
    size_t dst_x, dst_y;
    int dst_type;
    void* dst_host;
    uint64_t dst_device;
    void* dst_array;
    size_t dst_pitch;
    size_t width, height;
};

size_t bytes_of(size_t pitch, const Copy2D& copy) {
    return pitch * (copy.height - 1) + copy.width;
}

}  // namespace

uint8_t* memory_at(uint64_t address, size_t bytes, const char* user) {
    const auto* begin = reinterpret_cast<const uint8_t*>(address);
    for (const auto& [handle, object] : world().objects) {
        if (object->kind != "memory") continue;
        uint8_t* base = object->bytes.data();
        if (begin < base || begin + bytes > base + object->size) continue;
        if (object->context != context_stack().back()) violate(std::string(user) + " with memory of another context");
        return base + (begin - base);
    }
    violate(std::string(user) + " with " + std::to_string(bytes) + " bytes that aren't allocated");
    return nullptr;
}

bool is_page_locked(const void* address) {
    const auto* byte = static_cast<const uint8_t*>(address);
    for (const auto& [handle, object] : world().objects) {
        if (object->kind != "page-locked") continue;
        if (byte >= object->bytes.data() && byte < object->bytes.data() + object->size) return true;
    }
    return false;
}

}  // namespace fake_cuda

using namespace fake_cuda;

extern "C" {

FAKE_CUDA_API int cuMemAlloc_v2(uint64_t* memory, size_t bytes) {
    Entry entry("cuMemAlloc", kContext | kNoCapture, nullptr, std::to_string(bytes));
    if (!entry.proceeds()) return entry.result();
    void* allocated = nullptr;
    const int result = allocate("memory", bytes, &allocated);
    *memory = reinterpret_cast<uint64_t>(allocated);
    return entry(result);
}

FAKE_CUDA_API int cuMemFree_v2(uint64_t memory) {
    Entry entry("cuMemFree", kContext | kNoCapture | kRuns);
    if (entry.proceeds()) free_memory(reinterpret_cast<void*>(memory), "memory", "cuMemFree");
    return entry.result();
}

FAKE_CUDA_API int cuMemAllocHost_v2(void** memory, size_t bytes) {
    Entry entry("cuMemAllocHost", kContext | kNoCapture, nullptr, std::to_string(bytes));
    return entry.proceeds() ? entry(allocate("page-locked", bytes, memory)) : entry.result();
}

FAKE_CUDA_API int cuMemFreeHost(void* memory) {
    Entry entry("cuMemFreeHost", kContext | kNoCapture | kRuns);
    if (entry.proceeds()) free_memory(memory, "page-locked", "cuMemFreeHost");
    return entry.result();
}

FAKE_CUDA_API int cuMemcpyHtoD_v2(uint64_t to, const void* from, size_t bytes) {
    Entry entry("cuMemcpyHtoD", kContext | kNoCapture, nullptr, std::to_string(bytes));
    if (!entry.proceeds()) return entry.result();
    uint8_t* memory = memory_at(to, bytes, "cuMemcpyHtoD");
    if (memory == nullptr) return entry(kInvalidValue);
    memcpy(memory, from, bytes);
    return entry(kOk);
}

// Memory that isn't page-locked is read before the call returns.
FAKE_CUDA_API int cuMemcpyHtoDAsync_v2(uint64_t to, const void* from, size_t bytes, void* handle) {
    Entry entry("cuMemcpyHtoDAsync", kContext, handle, std::to_string(bytes));
    Object* stream = entry.proceeds() ? find_stream(handle, "cuMemcpyHtoDAsync") : nullptr;
    if (stream == nullptr || memory_at(to, bytes, "cuMemcpyHtoDAsync") == nullptr) return entry(kInvalidValue);
    const auto* begin = static_cast<const uint8_t*>(from);
    queue(stream, {"copy", [to, staged = std::vector<uint8_t>(begin, begin + bytes)] {
                       if (uint8_t* memory = memory_at(to, staged.size(), "a copy to the device"))
                           memcpy(memory, staged.data(), staged.size());
                   }});
    return entry(kOk);
}

// To memory that isn't page-locked it is done when the call returns.
FAKE_CUDA_API int cuMemcpyDtoHAsync_v2(void* to, uint64_t from, size_t bytes, void* handle) {
    Entry entry("cuMemcpyDtoHAsync", kContext, handle, std::to_string(bytes));
    Object* stream = entry.proceeds() ? find_stream(handle, "cuMemcpyDtoHAsync") : nullptr;
    if (stream == nullptr || memory_at(from, bytes, "cuMemcpyDtoHAsync") == nullptr) return entry(kInvalidValue);
    queue(stream, {"copy", [=] {
                       if (const uint8_t* memory = memory_at(from, bytes, "a copy from the device"))
                           memcpy(to, memory, bytes);
                   }});
    if (!is_page_locked(to)) drain(stream);
    return entry(kOk);
}

FAKE_CUDA_API int cuMemcpy2DAsync_v2(const Copy2D* given, void* handle) {
    Entry entry("cuMemcpy2DAsync", kContext, handle, std::to_string(given->width * given->height));
    Object* stream = entry.proceeds() ? find_stream(handle, "cuMemcpy2DAsync") : nullptr;
    constexpr int kDevice = 2;
    if (stream == nullptr || given->src_type != kDevice || given->dst_type != kDevice) return entry(kInvalidValue);
    queue(stream, {"copy", [copy = *given] {
                       const uint8_t* from = memory_at(copy.src_device, bytes_of(copy.src_pitch, copy), "a 2D copy");
                       uint8_t* to = memory_at(copy.dst_device, bytes_of(copy.dst_pitch, copy), "a 2D copy");
                       for (size_t y = 0; y < copy.height && from && to; ++y)
                           memcpy(to + y * copy.dst_pitch, from + y * copy.src_pitch, copy.width);
                   }});
    return entry(kOk);
}

FAKE_CUDA_API int cuMemsetD8Async(uint64_t to, unsigned char value, size_t bytes, void* handle) {
    Entry entry("cuMemsetD8Async", kContext, handle, std::to_string(bytes));
    Object* stream = entry.proceeds() ? find_stream(handle, "cuMemsetD8Async") : nullptr;
    if (stream == nullptr || memory_at(to, bytes, "cuMemsetD8Async") == nullptr) return entry(kInvalidValue);
    queue(stream, {"set", [=] {
                       if (uint8_t* memory = memory_at(to, bytes, "a memset")) memset(memory, value, bytes);
                   }});
    return entry(kOk);
}
}
