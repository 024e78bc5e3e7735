// A kernel with its arguments bound, called as a session calls it: scratch and parallel loops are libsenet's own.
#pragma once

#include "runtime/core/session.h"
#include "runtime/harness/arena.h"

namespace senet {

class Call {
  public:
    // False where there is no memory for `threads` slots of scratch.
    bool bind(const Job& job, const senetc_job_kernel_t& kernel, senet_kernel_v1_t entry, uint32_t threads);

    // What the next runs work on.
    void use(const Arena& arena, uint32_t first_image, uint32_t images);
    // From now on parallel loops run on the calling thread, backwards, which no result may depend on.
    void run_backwards();

    int run() {  // the kernel's status
        const ScratchUse scratch(&session_.scratch[0]);
        return entry_(args_);
    }
    bool scratch_exceeded() const;

    const Job& job() const { return *job_; }
    const senetc_job_kernel_t& kernel() const { return *kernel_; }
    const senet_kernel_buffer_v1_t& argument(uint32_t index) const { return buffers_[index]; }
    const senetc_job_storage_t& storage_of(uint32_t argument) const;
    // What the next runs see of an argument's storage.
    const uint8_t* memory(uint32_t argument) const { return buffers_[argument].host - start_of(argument); }
    size_t bytes(uint32_t argument) const { return storage_bytes(storage_of(argument), images_); }

  private:
    uint64_t start_of(uint32_t argument) const { return job_->arguments()[kernel_->first_arg + argument].start; }

    static constexpr uint32_t kMaxArguments = 16;

    const Job* job_ = nullptr;
    const senetc_job_kernel_t* kernel_ = nullptr;
    senet_kernel_v1_t entry_ = nullptr;
    uint32_t images_ = 1;
    senet_session session_{};
    senet_kernel_buffer_v1_t buffers_[kMaxArguments];
    senet_dim_v1_t dims_[kMaxArguments][SENET_MAX_DIMS];
    void* args_[kMaxArguments + 1];
};

}  // namespace senet
