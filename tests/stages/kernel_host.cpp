#include "tests/stages/kernel_host.h"

#include <cstdlib>

namespace {

constexpr uint64_t kHostDirty = 1;  // halide_buffer_flag_host_dirty

int loops_around = 0;  // parallel loops of several turns that the running task is in
std::vector<int> outer_loops;
senetc::test::TaskOrder task_order = senetc::test::TaskOrder::last_first;

}  // namespace

// What release kernels ask their host for. Kernels with asserts carry Halide's runtime and find these first.
extern "C" {
__attribute__((visibility("default"))) void* halide_malloc(void*, size_t bytes) {
    return std::aligned_alloc(128, (bytes + 127) / 128 * 128);
}
__attribute__((visibility("default"))) void halide_free(void*, void* pointer) {
    std::free(pointer);
}
__attribute__((visibility("default"))) int halide_do_par_for(void* context, senet_task_v1_t task, int min, int extent,
                                                             uint8_t* closure) {
    if (extent > 1 && loops_around == 0) outer_loops.push_back(extent);
    int status = 0;
    loops_around += extent > 1;
    for (int turn = 0; turn < extent && status == 0; turn++) {
        const int i = task_order == senetc::test::TaskOrder::first_first ? turn : extent - 1 - turn;
        status = task(context, min + i, closure);
    }
    loops_around -= extent > 1;
    return status;
}
}

namespace senetc::test {

void set_task_order(TaskOrder order) {
    task_order = order;
}

int call_kernel(KernelEntry entry, const std::vector<KernelView>& views, const Fetch& fetch) {
    std::vector<KernelView> own = views;
    std::vector<senet_kernel_buffer_v1_t> buffers(views.size());
    void* context = nullptr;
    std::vector<void*> argv = {&context};
    for (size_t i = 0; i < own.size(); i++) {
        buffers[i].host = own[i].host;
        buffers[i].flags = fetch ? kHostDirty : 0;
        buffers[i].type_code = static_cast<uint8_t>(own[i].type_code);
        buffers[i].type_bits = static_cast<uint8_t>(own[i].type_bits);
        buffers[i].type_lanes = 1;
        buffers[i].dimensions = static_cast<int>(own[i].dimensions);
        buffers[i].dim = own[i].dim;
        argv.push_back(&buffers[i]);
    }
    outer_loops.clear();
    const int status = entry(argv.data());
    return status == 0 && fetch ? fetch(buffers) : status;
}

const std::vector<int>& last_parallel_loops() {
    return outer_loops;
}

}  // namespace senetc::test
