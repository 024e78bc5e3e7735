#include "runtime/harness/call.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>

#include "runtime/core/kernel_context.h"

namespace senet {
namespace {

int loop_backwards(void* context, senet_task_v1_t task, int min, int extent, uint8_t* closure) {
    for (int i = extent; i-- > 0;) {
        const ScratchUse use(current_scratch());
        if (const int result = task(context, min + i, closure)) return result;
    }
    return 0;
}

// `threads` slots of scratch; nullptr where there is no memory.
Scratch* make_scratch(uint32_t threads, size_t limit) {
    const size_t slot = (limit + kScratchSlack + kScratchAlignment - 1) / kScratchAlignment * kScratchAlignment;
    auto* scratch = static_cast<Scratch*>(calloc(threads, sizeof(Scratch)));
    void* memory = mmap(nullptr, slot * threads, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (scratch == nullptr || memory == MAP_FAILED) return nullptr;
    for (uint32_t i = 0; i < threads; ++i) {
        scratch[i].memory = static_cast<uint8_t*>(memory) + i * slot;
        scratch[i].limit = limit;
    }
    return scratch;
}

}  // namespace

bool Call::bind(const Job& job, const senetc_job_kernel_t& kernel, senet_kernel_v1_t entry, uint32_t threads) {
    job_ = &job;
    kernel_ = &kernel;
    entry_ = entry;
    session_.context.host = kernel_context();
    session_.context_argument = &session_.context;
    session_.threads = threads;
    session_.scratch = make_scratch(threads, kernel.scratch_bytes);
    args_[0] = &session_.context_argument;
    return session_.scratch != nullptr;
}

void Call::use(const Arena& arena, uint32_t first_image, uint32_t images) {
    images_ = images;
    for (uint32_t i = 0; i < kernel_->num_args; ++i) {
        const senet_buffer_v1_t& view = job_->arguments()[kernel_->first_arg + i];
        memcpy(dims_[i], view.dim, sizeof dims_[i]);
        if (view.batched) dims_[i][view.dimensions - 1].extent = static_cast<int32_t>(images);
        const uint64_t image = view.batched ? first_image * storage_of(i).bytes : 0;
        buffers_[i] = {};
        buffers_[i].host = arena.storage(view.storage) + image + view.start;
        buffers_[i].type_code = static_cast<uint8_t>(view.type_code);
        buffers_[i].type_bits = static_cast<uint8_t>(view.type_bits);
        buffers_[i].type_lanes = 1;
        buffers_[i].dimensions = static_cast<int32_t>(view.dimensions);
        buffers_[i].dim = dims_[i];
        args_[i + 1] = &buffers_[i];
    }
}

void Call::run_backwards() {
    session_.threads = 1;
    session_.context.host.do_par_for = loop_backwards;
}

bool Call::scratch_exceeded() const {
    for (uint32_t i = 0; i < session_.threads; ++i)
        if (session_.scratch[i].exceeded) return true;
    return false;
}

const senetc_job_storage_t& Call::storage_of(uint32_t argument) const {
    return job_->storages()[job_->arguments()[kernel_->first_arg + argument].storage];
}

}  // namespace senet
