// Kernels as Halide writes them (senet/model_abi.h, senet_kernel_v1_t), small enough to check by hand.
#include <string.h>

#include "senet/model_abi.h"

void* halide_malloc(void* context, size_t bytes);
void halide_free(void* context, void* pointer);
int halide_do_par_for(void* context, senet_task_v1_t task, int min, int extent, uint8_t* closure);

struct doubling {
    const float* in;
    float* scratch;
};

static int double_one(void* context, int index, uint8_t* closure) {
    struct doubling* work = (struct doubling*)closure;
    (void)context;
    work->scratch[index] = 2 * work->in[index];
    return 0;
}

// out[i] = 2 in[i], through scratch and one task an element.
int package_double_argv(void** args) {
    void* context = *(void**)args[0];
    const senet_kernel_buffer_v1_t* in = args[1];
    const senet_kernel_buffer_v1_t* out = args[2];
    const int n = in->dim[0].extent;
    const size_t bytes = (size_t)n * sizeof(float);
    struct doubling work = {(const float*)in->host, halide_malloc(context, bytes)};
    const int result = halide_do_par_for(context, double_one, 0, n, (uint8_t*)&work);
    if (result == 0) memcpy(out->host, work.scratch, bytes);
    halide_free(context, work.scratch);
    return result;
}

// out[i] = 0
int package_zero_argv(void** args) {
    const senet_kernel_buffer_v1_t* out = args[1];
    memset(out->host, 0, (size_t)out->dim[0].extent * sizeof(float));
    return 0;
}
