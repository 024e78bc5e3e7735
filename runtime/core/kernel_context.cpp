#include "runtime/core/kernel_context.h"

#include "runtime/core/pool.h"

namespace senet {
namespace {

void* allocate(void*, size_t bytes) {
    return current_scratch()->allocate(bytes);
}

void release(void*, void* pointer) {
    if (pointer != nullptr) current_scratch()->release(pointer);
}

struct KernelLoop {
    senet_session* session;
    senet_task_v1_t task;
    uint8_t* closure;
};

int run_task(void* user, uint32_t participant, int index) {
    const KernelLoop& loop = *static_cast<KernelLoop*>(user);
    const ScratchUse use(&loop.session->scratch[participant]);
    return loop.task(&loop.session->context, index, loop.closure);
}

// One thread, or a loop within a task: no other thread takes part, so nothing is synchronised.
int loop_in_place(void* context, senet_task_v1_t task, int min, int extent, uint8_t* closure) {
    for (int i = 0; i < extent; ++i) {
        const ScratchUse use(current_scratch());
        if (const int result = task(context, min + i, closure)) return result;
    }
    return 0;
}

int do_par_for(void* context, senet_task_v1_t task, int min, int extent, uint8_t* closure) {
    senet_session* session = static_cast<senet_session*>(context);
    if (session->threads == 1 || extent < 2 || inside_loop()) return loop_in_place(context, task, min, extent, closure);
    KernelLoop loop{session, task, closure};
    return parallel_for(session->threads, run_task, &loop, min, extent);
}

}  // namespace

senet_kernel_context_v1_t kernel_context() {
    return {allocate, release, do_par_for};
}

}  // namespace senet
