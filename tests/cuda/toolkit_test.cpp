// What libsenet declares of the driver, beside NVIDIA's own header and the library that its toolkit gives for linking.
#include <cuda.h>  // first: its macros rename the functions below, and our members with them

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdlib>

#include "runtime/cuda/driver.h"

using namespace senet::cuda;

namespace {

// As many parameters, each as large.
template <typename... Ours, typename Error, typename... Theirs>
constexpr bool same_shape(Result (*)(Ours...), Error (*)(Theirs...)) {
    if constexpr (sizeof...(Ours) != sizeof...(Theirs)) return false;
    return sizeof(Error) == sizeof(Result) && (true && ... && (sizeof(Ours) == sizeof(Theirs)));
}

}  // namespace

#define SENET_SAME(function) CHECK(same_shape(Driver{}.function, decltype(&::function){}))

TEST_CASE("functions have the header's parameters") {
    SENET_SAME(cuInit);
    SENET_SAME(cuDriverGetVersion);
    SENET_SAME(cuGetErrorName);
    SENET_SAME(cuGetErrorString);
    SENET_SAME(cuDeviceGetCount);
    SENET_SAME(cuDeviceGet);
    SENET_SAME(cuDeviceGetName);
    SENET_SAME(cuDeviceGetAttribute);
    SENET_SAME(cuDevicePrimaryCtxRetain);
    SENET_SAME(cuDevicePrimaryCtxRelease);
    SENET_SAME(cuCtxPushCurrent);
    SENET_SAME(cuCtxPopCurrent);
    SENET_SAME(cuCtxGetDevice);
    SENET_SAME(cuMemAlloc);
    SENET_SAME(cuMemFree);
    SENET_SAME(cuMemAllocHost);
    SENET_SAME(cuMemFreeHost);
    SENET_SAME(cuMemcpyHtoD);
    SENET_SAME(cuMemcpyHtoDAsync);
    SENET_SAME(cuMemcpyDtoHAsync);
    SENET_SAME(cuMemcpy2DAsync);
    SENET_SAME(cuMemsetD8Async);
    SENET_SAME(cuModuleLoadDataEx);
    SENET_SAME(cuModuleUnload);
    SENET_SAME(cuModuleGetFunction);
    SENET_SAME(cuFuncSetAttribute);
    SENET_SAME(cuLaunchKernel);
    SENET_SAME(cuStreamCreate);
    SENET_SAME(cuStreamDestroy);
    SENET_SAME(cuStreamSynchronize);
    SENET_SAME(cuStreamBeginCapture);
    SENET_SAME(cuStreamEndCapture);
    SENET_SAME(cuGraphInstantiateWithFlags);
    SENET_SAME(cuGraphDestroy);
    SENET_SAME(cuGraphExecDestroy);
    SENET_SAME(cuGraphLaunch);
    SENET_SAME(cuEventCreate);
    SENET_SAME(cuEventDestroy);
    SENET_SAME(cuEventRecord);
    SENET_SAME(cuEventSynchronize);
    SENET_SAME(cuEventElapsedTime);
}

TEST_CASE("numbers are the header's") {
    CHECK(int{kOutOfMemory} == CUDA_ERROR_OUT_OF_MEMORY);
    CHECK(int{kEccUncorrectable} == CUDA_ERROR_ECC_UNCORRECTABLE);
    CHECK(int{kInvalidPtx} == CUDA_ERROR_INVALID_PTX);
    CHECK(int{kUnsupportedPtxVersion} == CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
    CHECK(int{kIllegalAddress} == CUDA_ERROR_ILLEGAL_ADDRESS);
    CHECK(int{kLaunchOutOfResources} == CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES);
    CHECK(int{kLaunchTimeout} == CUDA_ERROR_LAUNCH_TIMEOUT);
    CHECK(int{kContextIsDestroyed} == CUDA_ERROR_CONTEXT_IS_DESTROYED);
    CHECK(int{kLaunchFailed} == CUDA_ERROR_LAUNCH_FAILED);
    CHECK(int{kCapabilityMajor} == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
    CHECK(int{kCapabilityMinor} == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    CHECK(int{kMaxDynamicSharedBytes} == CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES);
    CHECK(unsigned{kNonBlocking} == CU_STREAM_NON_BLOCKING);
    CHECK(int{kCaptureThreadLocal} == CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
    CHECK(int{kJitMaxRegisters} == CU_JIT_MAX_REGISTERS);
    CHECK(int{kJitErrorLog} == CU_JIT_ERROR_LOG_BUFFER);
    CHECK(int{kJitErrorLogBytes} == CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES);
    CHECK(int{kMemoryDevice} == CU_MEMORYTYPE_DEVICE);
}

TEST_CASE("a 2D copy is laid out as the header's") {
    CHECK(sizeof(Copy2D) == sizeof(CUDA_MEMCPY2D));
    CHECK(offsetof(Copy2D, src_device) == offsetof(CUDA_MEMCPY2D, srcDevice));
    CHECK(offsetof(Copy2D, src_pitch) == offsetof(CUDA_MEMCPY2D, srcPitch));
    CHECK(offsetof(Copy2D, dst_type) == offsetof(CUDA_MEMCPY2D, dstMemoryType));
    CHECK(offsetof(Copy2D, dst_device) == offsetof(CUDA_MEMCPY2D, dstDevice));
    CHECK(offsetof(Copy2D, dst_pitch) == offsetof(CUDA_MEMCPY2D, dstPitch));
    CHECK(offsetof(Copy2D, width) == offsetof(CUDA_MEMCPY2D, WidthInBytes));
    CHECK(offsetof(Copy2D, height) == offsetof(CUDA_MEMCPY2D, Height));
}

TEST_CASE("NVIDIA's library has every symbol") {  // the test's environment puts it where dlopen finds it
    Driver driver{};
    const senet_status status = load_driver(&driver);
    INFO(senet_last_message());
    CHECK(status == SENET_OK);
    unload_driver(&driver);
}
