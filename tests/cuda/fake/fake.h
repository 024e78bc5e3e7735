// A libcuda.so.1 without a GPU, for tests: device memory is host memory, streams are queues that run when somebody
// waits for them, and every call is recorded and checked. Programs that link it find it by dlopen("libcuda.so.1"), too.
//
// What it finds wrong is a violation: use of freed memory, a handle of another context or none, whatever may not be
// done while a stream captures. Any call can be made to fail; those that give something back do it all the same, as the
// real driver's do, whose results may be of earlier work.
#pragma once

#include <string>
#include <vector>

namespace fake_cuda {

#define FAKE_CUDA_API __attribute__((visibility("default")))

struct Machine {
    int version = 12040, devices = 1, capability = 90;
};

struct Call {
    std::string name;
    const void* stream;  // that it went to, or nullptr
    std::string detail;  // of a launch its kernel, of a copy its bytes, of a graph's launch its nodes
    int result;
};

// Another machine; forgets calls, violations and planned failures. Nothing may be alive.
FAKE_CUDA_API void reset(const Machine& machine = {});

// What a kernel does, given cuLaunchKernel's parameters. Kernels that aren't defined do nothing.
using Body = void (*)(void** parameters);
FAKE_CUDA_API void define(const std::string& kernel, Body body);

// The n-th call from now on (from 1) gives `result`.
FAKE_CUDA_API void fail_call(long n, int result);
FAKE_CUDA_API void fail_function(const std::string& name, int result);  // its next call
FAKE_CUDA_API void lose_device(int result);  // every later call that needs a context, until reset

FAKE_CUDA_API std::vector<Call> calls();  // since reset or forget_calls
FAKE_CUDA_API void forget_calls();
FAKE_CUDA_API std::vector<std::string> violations();
FAKE_CUDA_API std::string alive();  // "2 memory, 1 stream", or "" for nothing
FAKE_CUDA_API long dropped();       // what was still alive when its context went

FAKE_CUDA_API void* create_context(int device);  // a CUcontext as a user makes one
FAKE_CUDA_API void destroy_context(void* context);

}  // namespace fake_cuda
