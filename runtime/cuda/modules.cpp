#include "runtime/cuda/modules.h"

#include <cstdlib>
#include <cstring>

#include "runtime/core/status.h"

namespace senet::cuda {
namespace {

constexpr int kFreeSharedBytes = 48 << 10;  // what every kernel may use unasked
constexpr uint32_t kFirstCapacity = 64;
constexpr uintptr_t kMostRegisters = 255;  // per thread: kernels are made to use them, and not to spill

// Made for this architecture: the same major, and the highest minor that the device has.
const senet_gpu_code_v1_t* code_for(const Device& device, const senet_step_v1_t& step) {
    const senet_gpu_code_v1_t* best = nullptr;
    for (uint32_t i = 0; i < step.num_gpu_code; ++i) {
        const senet_gpu_code_v1_t& code = step.gpu_code[i];
        if (code.major != device.major || code.minor > device.minor) continue;
        if (best == nullptr || code.minor > best->minor) best = &code;
    }
    return best;
}

senet_status compile(const Device& device, const senet_step_v1_t& step, const char* ptx, Module* module) {
    char log[512] = "";
    JitOption names[] = {kJitMaxRegisters, kJitErrorLog, kJitErrorLogBytes};
    void* values[] = {reinterpret_cast<void*>(kMostRegisters), log, reinterpret_cast<void*>(uintptr_t{sizeof(log)})};
    const Result result = device.driver.cuModuleLoadDataEx(module, ptx, 3, names, values);
    const senet_status status = check(device, result, "cuModuleLoadDataEx");
    log[sizeof(log) - 1] = '\0';
    if (result == kInvalidPtx)
        return fail(status, "CUDA device %d (%s) doesn't take the kernel of %s: %s", device.ordinal, device.name,
                    step.name, log);
    return status;
}

senet_status grow(Modules* modules) {
    if (modules->count < modules->capacity) return SENET_OK;
    const uint32_t capacity = modules->capacity ? 2 * modules->capacity : kFirstCapacity;
    void* memory = realloc(modules->loaded, capacity * sizeof(LoadedModule));
    if (memory == nullptr) return fail(SENET_OUT_OF_MEMORY, "no memory for a table of %u kernels", capacity);
    modules->loaded = static_cast<LoadedModule*>(memory);
    modules->capacity = capacity;
    return SENET_OK;
}

LoadedFunction* find_kept(LoadedModule* module, const char* kernel) {
    for (uint32_t i = 0; i < module->num_functions; ++i)
        if (strcmp(module->functions[i].name, kernel) == 0) return &module->functions[i];
    return nullptr;
}

senet_status allow_shared(const Device& device, int bytes, LoadedFunction* function) {
    if (bytes <= kFreeSharedBytes || bytes <= function->shared_bytes) return SENET_OK;
    if (const senet_status status =
            check(device, device.driver.cuFuncSetAttribute(function->handle, kMaxDynamicSharedBytes, bytes),
                  "cuFuncSetAttribute"))
        return status;
    function->shared_bytes = bytes;
    return SENET_OK;
}

}  // namespace

senet_status load_module(const Device& device, const senet_step_v1_t& step, const char* ptx, Modules* modules) {
    if (find_module(*modules, ptx) != nullptr) return SENET_OK;
    if (const senet_status status = grow(modules)) return status;
    const senet_gpu_code_v1_t* code = code_for(device, step);
    LoadedModule module{};
    module.ptx = ptx;
    const senet_status status =
        code ? check(device, device.driver.cuModuleLoadDataEx(&module.handle, code->cubin, 0, nullptr, nullptr),
                     "cuModuleLoadDataEx")
             : compile(device, step, ptx, &module.handle);
    if (status == SENET_OK) modules->loaded[modules->count++] = module;
    return status;
}

senet_status load_function(const Device& device, const char* kernel, int shared_bytes, LoadedModule* module) {
    if (LoadedFunction* kept = find_kept(module, kernel)) return allow_shared(device, shared_bytes, kept);
    LoadedFunction function{kernel, nullptr, 0};
    if (const senet_status status = check(
            device, device.driver.cuModuleGetFunction(&function.handle, module->handle, kernel), "cuModuleGetFunction"))
        return status;
    if (const senet_status status = allow_shared(device, shared_bytes, &function)) return status;
    if (module->num_functions < kKeptFunctions) module->functions[module->num_functions++] = function;
    return SENET_OK;
}

LoadedModule* find_module(const Modules& modules, const void* ptx) {
    for (uint32_t i = 0; i < modules.count; ++i)
        if (modules.loaded[i].ptx == ptx) return &modules.loaded[i];
    return nullptr;
}

senet_status find_function(const Device& device, const LoadedModule& module, const char* kernel, Function* function) {
    for (uint32_t i = 0; i < module.num_functions; ++i)
        if (strcmp(module.functions[i].name, kernel) == 0) {
            *function = module.functions[i].handle;
            return SENET_OK;
        }
    return check(device, device.driver.cuModuleGetFunction(function, module.handle, kernel), "cuModuleGetFunction");
}

void unload_modules(const Device& device, bool reachable, Modules* modules) {
    for (uint32_t i = 0; i < modules->count && reachable; ++i) device.driver.cuModuleUnload(modules->loaded[i].handle);
    free(modules->loaded);
    modules->loaded = nullptr;
    modules->count = modules->capacity = 0;
}

}  // namespace senet::cuda
