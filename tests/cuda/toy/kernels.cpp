// What the kernels compute: the CPU toy's entries on the device's addresses, and box in two kernels.
#include <cstdlib>
#include <cstring>

#include "tests/cuda/fake/fake.h"
#include "tests/cuda/toy/entries.h"
#include "tests/cuda/toy/gpu_toy.h"
#include "tests/runtime/toy/toy.h"

namespace gpu_toy {
namespace {

using namespace toy;
using Buffer = senet_kernel_buffer_v1_t;

template <typename T>
T read(const void* parameter) {
    T value;
    memcpy(&value, parameter, sizeof(T));
    return value;
}

// A device runs a loop's tasks as it likes; here one after the other.
int loop(void* context, senet_task_v1_t task, int min, int extent, uint8_t* closure) {
    for (int i = min; i < min + extent; ++i)
        if (const int result = task(context, i, closure)) return result;
    return 0;
}

// A view of the tables over an address.
struct View {
    senet_dim_v1_t dims[SENET_MAX_DIMS];
    Buffer buffer{};

    View() = default;
    View(const View&) = delete;
    void set(const senet_buffer_v1_t& view, uint8_t* address, int batch) {
        memcpy(dims, view.dim, sizeof(dims));
        dims[view.dimensions - 1].extent = view.batched ? batch : dims[view.dimensions - 1].extent;
        buffer = {0,
                  nullptr,
                  address,
                  0,
                  static_cast<uint8_t>(view.type_code),
                  static_cast<uint8_t>(view.type_bits),
                  1,
                  static_cast<int32_t>(view.dimensions),
                  dims,
                  nullptr};
    }
};

template <uint32_t call>
void run_plain(void** parameters) {
    const senet_variant_v1_t& plain = senet_model_toy(1)->variants[1];
    const senet_step_v1_t& step = call < 2 ? plain.ingest[call] : plain.steps[call - 2];
    senet_kernel_context_v1_t context{nullptr, nullptr, loop};
    void* argument = &context;
    View views[3];
    void* args[4] = {&argument};
    const int batch = read<int>(parameters[step.num_args]);
    for (uint32_t i = 0; i < step.num_args; ++i) {
        views[i].set(plain.buffers[plain.args[step.first_arg + i]], read<uint8_t*>(parameters[i]), batch);
        args[i + 1] = &views[i].buffer;
    }
    step.entry(args);
}

// A map's storage: two blocks of 16 channels with a halo of 1. `from`: the element at x, y.
constexpr int kRow = (kWidth + 2) * kLanes, kPlane = (kHeight + 2) * kRow;
size_t cell(int n, int f, int x, int y) {
    return static_cast<size_t>((n * 2 + f / kLanes) * kPlane + y * kRow + x * kLanes + f % kLanes);
}

float* column_of(void* parameter, int n, int f, int y) {
    return read<float*>(parameter) + ((n * kFeatures + f) * kHeight + y) * (kWidth + 2);
}

template <typename Body>
void each_row(void** parameters, Body body) {
    for (int n = 0; n < read<int>(parameters[2]); ++n)
        for (int f = 0; f < kFeatures; ++f)
            for (int y = 0; y < kHeight; ++y) body(n, f, y);
}

// From a map's view with halo.
void box_columns(void** parameters) {
    const float* in = read<float*>(parameters[0]);
    each_row(parameters, [&](int n, int f, int y) {
        float* column = column_of(parameters[1], n, f, y);
        for (int x = 0; x < kWidth + 2; ++x)
            column[x] = in[cell(n, f, x, y)] + in[cell(n, f, x, y + 1)] + in[cell(n, f, x, y + 2)];
    });
}

void box_rows(void** parameters) {
    float* out = read<float*>(parameters[1]);
    each_row(parameters, [&](int n, int f, int y) {
        const float* column = column_of(parameters[0], n, f, y);
        for (int x = 0; x < kWidth; ++x) out[cell(n, f, x, y)] = column[x] + column[x + 1] + column[x + 2];
    });
}

}  // namespace

void define_kernels() {
    fake_cuda::define("ingest_f32", run_plain<0>);
    fake_cuda::define("ingest_u8", run_plain<1>);
    fake_cuda::define("conv", run_plain<2>);
    fake_cuda::define("box_columns", box_columns);
    fake_cuda::define("box_rows", box_rows);
    fake_cuda::define("squeeze", run_plain<5>);
    fake_cuda::define("dense", run_plain<6>);
}

}  // namespace gpu_toy
