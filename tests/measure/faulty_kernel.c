/* A kernel that copies a map of 16 channels, which is what its stage asks for, and does FAULT besides. KERNEL: its
 * name. The output's storage begins a row and a column before its first element, in a halo. */
#include <stddef.h>

#include "senet/model_abi.h"

void* halide_malloc(void* context, size_t bytes);

enum { NONE, CRASH, HANG, SCRATCH, IDLE, PAST_END, HALO, COUNT, SLOW, STATUS };

static int calls = 0;

int KERNEL(void** args) {
    const senet_kernel_buffer_v1_t *in = args[1], *out = args[2];
    const float* from = (const float*)in->host;
    float* to = (float*)out->host;
    const ptrdiff_t width = out->dim[1].extent, height = out->dim[2].extent;
    ++calls;
    if (FAULT == CRASH) *(volatile int*)8 = 1;
    while (FAULT == HANG) __asm__ volatile("");
    if (FAULT == SCRATCH && halide_malloc(*(void**)args[0], 1 << 20) == NULL) return 1;
    if (FAULT == STATUS) return -7;
    for (volatile int i = 0; FAULT == SLOW && i < 2000000; ++i) {
    }
    for (ptrdiff_t n = 0; n < out->dim[4].extent; ++n)
        for (ptrdiff_t y = 0; y < height; ++y)
            for (ptrdiff_t x = 0; x < width; ++x)
                for (ptrdiff_t c = 0; c < 16 && FAULT != IDLE; ++c) {
                    const float value = from[n * in->dim[4].stride + y * in->dim[2].stride + x * in->dim[1].stride + c];
                    const float shaken = FAULT == COUNT && calls > 1 ? value * (1 + 0x1p-23f) : value;
                    to[n * out->dim[4].stride + y * out->dim[2].stride + x * out->dim[1].stride + c] = shaken;
                }
    if (FAULT == PAST_END) to[out->dim[4].extent * out->dim[4].stride - out->dim[2].stride - out->dim[1].stride] = 1;
    if (FAULT == HALO) to[-1] = 1;
    return 0;
}
