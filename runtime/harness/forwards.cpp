// What kernels call: in a library the three functions are the model's own, and forward to the caller's context alike.
#include "senet/model_abi.h"

extern "C" {
void* halide_malloc(void* context, size_t bytes) {
    return static_cast<senet_kernel_context_v1_t*>(context)->allocate(context, bytes);
}
void halide_free(void* context, void* pointer) {
    static_cast<senet_kernel_context_v1_t*>(context)->release(context, pointer);
}
int halide_do_par_for(void* context, senet_task_v1_t task, int min, int extent, uint8_t* closure) {
    return static_cast<senet_kernel_context_v1_t*>(context)->do_par_for(context, task, min, extent, closure);
}
}
