// NVIDIA's driver, libcuda.so.1, found when the program runs: what libsenet calls of it, declared here by NVIDIA's
// driver API reference, so that no toolkit is needed to build or to run.
#pragma once

#include <cstddef>
#include <cstdint>

#include "senet/senet.h"

namespace senet::cuda {

using Result = int;        // CUresult
using DeviceId = int;      // CUdevice
using Address = uint64_t;  // CUdeviceptr
using Context = struct ContextHandle*;
using Module = struct ModuleHandle*;
using Function = struct FunctionHandle*;
using Stream = struct StreamHandle*;
using Event = struct EventHandle*;
using Graph = struct GraphHandle*;
using GraphExec = struct GraphExecHandle*;

enum : Result {
    kSuccess = 0,
    kOutOfMemory = 2,
    kEccUncorrectable = 214,
    kInvalidPtx = 218,
    kUnsupportedPtxVersion = 222,
    kIllegalAddress = 700,
    kLaunchOutOfResources = 701,
    kLaunchTimeout = 702,
    kContextIsDestroyed = 709,
    kLaunchFailed = 719,
};
enum DeviceAttribute : int { kCapabilityMajor = 75, kCapabilityMinor = 76 };
enum FunctionAttribute : int { kMaxDynamicSharedBytes = 8 };
enum StreamFlag : unsigned { kNonBlocking = 1 };
enum CaptureMode : int { kCaptureThreadLocal = 1 };
enum JitOption : int { kJitMaxRegisters = 0, kJitErrorLog = 5, kJitErrorLogBytes = 6 };
enum MemoryType : int { kMemoryDevice = 2 };

// CUDA_MEMCPY2D_v2
struct Copy2D {
    size_t src_x, src_y;
    MemoryType src_type;
    const void* src_host;
    Address src_device;
    void* src_array;
    size_t src_pitch;
    size_t dst_x, dst_y;
    MemoryType dst_type;
    void* dst_host;
    Address dst_device;
    void* dst_array;
    size_t dst_pitch;
    size_t width, height;  // bytes, rows
};

// Named as in the reference; the symbols behind the names are those of CUDA 11.4 and later.
struct Driver {
    void* library;
    Result (*cuInit)(unsigned flags);
    Result (*cuDriverGetVersion)(int* version);
    Result (*cuGetErrorName)(Result error, const char** name);
    Result (*cuGetErrorString)(Result error, const char** text);
    Result (*cuDeviceGetCount)(int* count);
    Result (*cuDeviceGet)(DeviceId* device, int ordinal);
    Result (*cuDeviceGetName)(char* name, int bytes, DeviceId device);
    Result (*cuDeviceGetAttribute)(int* value, DeviceAttribute attribute, DeviceId device);
    Result (*cuDevicePrimaryCtxRetain)(Context* context, DeviceId device);
    Result (*cuDevicePrimaryCtxRelease)(DeviceId device);
    Result (*cuCtxPushCurrent)(Context context);
    Result (*cuCtxPopCurrent)(Context* context);
    Result (*cuCtxGetDevice)(DeviceId* device);
    Result (*cuMemAlloc)(Address* memory, size_t bytes);
    Result (*cuMemFree)(Address memory);
    Result (*cuMemAllocHost)(void** memory, size_t bytes);
    Result (*cuMemFreeHost)(void* memory);
    Result (*cuMemcpyHtoD)(Address to, const void* from, size_t bytes);
    Result (*cuMemcpyHtoDAsync)(Address to, const void* from, size_t bytes, Stream stream);
    Result (*cuMemcpyDtoHAsync)(void* to, Address from, size_t bytes, Stream stream);
    Result (*cuMemcpy2DAsync)(const Copy2D* copy, Stream stream);
    Result (*cuMemsetD8Async)(Address to, unsigned char value, size_t bytes, Stream stream);
    Result (*cuModuleLoadDataEx)(Module* module, const void* image, unsigned options, JitOption* names, void** values);
    Result (*cuModuleUnload)(Module module);
    Result (*cuModuleGetFunction)(Function* function, Module module, const char* name);
    Result (*cuFuncSetAttribute)(Function function, FunctionAttribute attribute, int value);
    Result (*cuLaunchKernel)(Function function, unsigned blocks_x, unsigned blocks_y, unsigned blocks_z,
                             unsigned threads_x, unsigned threads_y, unsigned threads_z, unsigned shared_bytes,
                             Stream stream, void** parameters, void** extra);
    Result (*cuStreamCreate)(Stream* stream, unsigned flags);
    Result (*cuStreamDestroy)(Stream stream);
    Result (*cuStreamSynchronize)(Stream stream);
    Result (*cuStreamBeginCapture)(Stream stream, CaptureMode mode);
    Result (*cuStreamEndCapture)(Stream stream, Graph* graph);
    Result (*cuGraphInstantiateWithFlags)(GraphExec* exec, Graph graph, unsigned long long flags);
    Result (*cuGraphDestroy)(Graph graph);
    Result (*cuGraphExecDestroy)(GraphExec exec);
    Result (*cuGraphLaunch)(GraphExec exec, Stream stream);
    Result (*cuEventCreate)(Event* event, unsigned flags);
    Result (*cuEventDestroy)(Event event);
    Result (*cuEventRecord)(Event event, Stream stream);
    Result (*cuEventSynchronize)(Event event);
    Result (*cuEventElapsedTime)(float* milliseconds, Event begin, Event end);
};

// Opens libcuda.so.1 and looks its functions up. SENET_NO_DEVICE: there is none, or one that lacks a function.
senet_status load_driver(Driver* driver);
void unload_driver(Driver* driver);

}  // namespace senet::cuda
