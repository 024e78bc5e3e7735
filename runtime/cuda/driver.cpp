#include "runtime/cuda/driver.h"

#include <dlfcn.h>
#include <cstring>

#include "runtime/core/status.h"

namespace senet::cuda {
namespace {

struct Symbol {
    const char* name;
    size_t offset;
};

#define SENET_PLAIN(function)                 \
    Symbol {                                  \
#function, offsetof(Driver, function) \
    }
#define SENET_V2(function)                          \
    Symbol {                                        \
#function "_v2", offsetof(Driver, function) \
    }
constexpr Symbol kSymbols[] = {
    SENET_PLAIN(cuInit),
    SENET_PLAIN(cuDriverGetVersion),
    SENET_PLAIN(cuGetErrorName),
    SENET_PLAIN(cuGetErrorString),
    SENET_PLAIN(cuDeviceGetCount),
    SENET_PLAIN(cuDeviceGet),
    SENET_PLAIN(cuDeviceGetName),
    SENET_PLAIN(cuDeviceGetAttribute),
    SENET_PLAIN(cuDevicePrimaryCtxRetain),
    SENET_V2(cuDevicePrimaryCtxRelease),
    SENET_V2(cuCtxPushCurrent),
    SENET_V2(cuCtxPopCurrent),
    SENET_PLAIN(cuCtxGetDevice),
    SENET_V2(cuMemAlloc),
    SENET_V2(cuMemFree),
    SENET_V2(cuMemAllocHost),
    SENET_PLAIN(cuMemFreeHost),
    SENET_V2(cuMemcpyHtoD),
    SENET_V2(cuMemcpyHtoDAsync),
    SENET_V2(cuMemcpyDtoHAsync),
    SENET_V2(cuMemcpy2DAsync),
    SENET_PLAIN(cuMemsetD8Async),
    SENET_PLAIN(cuModuleLoadDataEx),
    SENET_PLAIN(cuModuleUnload),
    SENET_PLAIN(cuModuleGetFunction),
    SENET_PLAIN(cuFuncSetAttribute),
    SENET_PLAIN(cuLaunchKernel),
    SENET_PLAIN(cuStreamCreate),
    SENET_V2(cuStreamDestroy),
    SENET_PLAIN(cuStreamSynchronize),
    SENET_V2(cuStreamBeginCapture),
    SENET_PLAIN(cuStreamEndCapture),
    SENET_PLAIN(cuGraphInstantiateWithFlags),
    SENET_PLAIN(cuGraphDestroy),
    SENET_PLAIN(cuGraphExecDestroy),
    SENET_PLAIN(cuGraphLaunch),
    SENET_PLAIN(cuEventCreate),
    SENET_V2(cuEventDestroy),
    SENET_PLAIN(cuEventRecord),
    SENET_PLAIN(cuEventSynchronize),
    SENET_PLAIN(cuEventElapsedTime),
};
#undef SENET_PLAIN
#undef SENET_V2
static_assert(sizeof(Driver) == (sizeof(kSymbols) / sizeof(Symbol) + 1) * sizeof(void*), "every function has a symbol");

}  // namespace

senet_status load_driver(Driver* driver) {
    // NODELETE: the driver's own threads and handlers outlive what opened it.
    void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr)
        return fail(SENET_NO_DEVICE, "no NVIDIA driver: libcuda.so.1 can't be loaded (%.500s)", dlerror());
    for (const Symbol& symbol : kSymbols) {
        void* function = dlsym(library, symbol.name);
        if (function == nullptr) {
            dlclose(library);
            return fail(SENET_NO_DEVICE,
                        "the NVIDIA driver is too old: it lacks %s; install one for CUDA 11.4 or later", symbol.name);
        }
        memcpy(reinterpret_cast<char*>(driver) + symbol.offset, &function, sizeof(function));
    }
    driver->library = library;
    return SENET_OK;
}

void unload_driver(Driver* driver) {
    if (driver->library != nullptr) dlclose(driver->library);
    driver->library = nullptr;
}

}  // namespace senet::cuda
