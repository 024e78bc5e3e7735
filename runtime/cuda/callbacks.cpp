// Kernels' entries may ignore what these return, so the first failure is kept and everything after it does nothing.
#include "runtime/cuda/callbacks.h"

#include "runtime/core/status.h"
#include "runtime/cuda/gpu_session.h"

namespace senet::cuda {
namespace {

constexpr uint32_t kMostArguments = 256;
constexpr size_t kScratchAlignment = 256;
constexpr Address kNowhere = kScratchAlignment;  // where scratch lies while it is only measured

Session* session_of(void* context) {
    return static_cast<senet_session*>(context)->gpu;
}

int load(void* context, void** state, const char* ptx, int) {
    Session* session = session_of(context);
    if (session->failed == SENET_OK && session->mode == Mode::rehearse)
        session->failed = load_module(session->device(), *session->step, ptx, &session->model->modules);
    // The kernel's own variable, which all sessions set to the same.
    __atomic_store_n(state, const_cast<char*>(ptx), __ATOMIC_RELAXED);
    return session->failed;
}

// Points to each argument's value: a buffer's is its device address.
bool gather(size_t* sizes, void** args, const int8_t* is_buffer, void** parameters) {
    for (uint32_t i = 0; i < kMostArguments; ++i) {
        if (sizes[i] == 0) return true;
        parameters[i] = is_buffer[i] ? &static_cast<senet_kernel_buffer_v1_t*>(args[i])->device : args[i];
    }
    return false;
}

struct Grid {
    int blocks_x, blocks_y, blocks_z, threads_x, threads_y, threads_z, shared_bytes;
};

senet_status launch_into(Session* session, LoadedModule* module, const char* kernel, const Grid& grid,
                         void** parameters) {
    const Device& device = session->device();
    if (session->mode == Mode::rehearse) return load_function(device, kernel, grid.shared_bytes, module);
    Function function = nullptr;
    if (const senet_status status = find_function(device, *module, kernel, &function)) return status;
    const auto count = [](int value) { return static_cast<unsigned>(value); };
    return check(
        device,
        device.driver.cuLaunchKernel(function, count(grid.blocks_x), count(grid.blocks_y), count(grid.blocks_z),
                                     count(grid.threads_x), count(grid.threads_y), count(grid.threads_z),
                                     count(grid.shared_bytes), session->target, parameters, nullptr),
        "cuLaunchKernel");
}

int launch(void* context, void* state, const char* kernel, int blocks_x, int blocks_y, int blocks_z, int threads_x,
           int threads_y, int threads_z, int shared_bytes, size_t* sizes, void** args, int8_t* is_buffer) {
    Session* session = session_of(context);
    if (session->failed != SENET_OK) return session->failed;
    void* parameters[kMostArguments];
    LoadedModule* module = find_module(session->model->modules, state);
    if (module == nullptr || !gather(sizes, args, is_buffer, parameters))
        session->failed = fail(SENET_KERNEL_FAILED, "the kernel of %s %s; build the model again", session->step->name,
                               module ? "has too many arguments" : "launches what it hasn't loaded");
    else
        session->failed =
            launch_into(session, module, kernel,
                        {blocks_x, blocks_y, blocks_z, threads_x, threads_y, threads_z, shared_bytes}, parameters);
    return session->failed;
}

// Kernels count elements with 32 bits.
bool is_countable(const senet_kernel_buffer_v1_t& buffer) {
    int64_t elements = 1;
    for (int32_t d = 0; d < buffer.dimensions; ++d) {
        if (buffer.dim[d].extent < 1) return false;
        elements *= buffer.dim[d].extent;
        if (elements > INT32_MAX) return false;
    }
    return true;
}

size_t bytes_of(const senet_kernel_buffer_v1_t& buffer) {
    size_t last = 0;
    for (int32_t d = 0; d < buffer.dimensions; ++d)
        last += static_cast<size_t>(buffer.dim[d].extent - 1) * static_cast<size_t>(buffer.dim[d].stride);
    return (last + 1) * (buffer.type_bits / 8);
}

// A bump pointer, back at its begin when the next entry is called: kernels of a stream run one after the other.
int allocate(void* context, senet_kernel_buffer_v1_t* buffer) {
    Session* session = session_of(context);
    if (session->failed != SENET_OK || buffer->device != 0) return session->failed;
    if (!is_countable(*buffer))
        return session->failed =
                   fail(SENET_INVALID_ARGUMENT,
                        "the kernel of %s can't count the elements of its scratch: take a smaller max_batch",
                        session->step->name);
    const size_t bytes = (bytes_of(*buffer) + kScratchAlignment - 1) / kScratchAlignment * kScratchAlignment;
    const size_t begin = session->scratch_used, end = begin + bytes;
    const bool measuring = session->mode == Mode::rehearse;
    if (measuring && end > session->scratch_limit) session->scratch_limit = end;
    if (end > session->scratch_limit)
        return session->failed = fail(SENET_KERNEL_FAILED,
                                      "the kernel of %s needs more device scratch than the %zu bytes that it took for "
                                      "the largest batch; build the model again",
                                      session->step->name, session->scratch_limit);
    session->scratch_used = end;
    buffer->device = (measuring ? kNowhere : session->scratch) + begin;
    return 0;
}

int release(void*, senet_kernel_buffer_v1_t* buffer) {
    buffer->device = 0;
    return 0;
}

}  // namespace

senet_gpu_context_v1_t gpu_context(const senet_kernel_context_v1_t& host) {
    return {host, load, launch, allocate, release};
}

}  // namespace senet::cuda
