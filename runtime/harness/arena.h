// The memory that a job's kernels work on.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/harness/job.h"

namespace senet {

constexpr uint32_t kMaxStorages = 48;
constexpr size_t kGuardElements = 32;  // canaries behind every output

// What a job's offsets point to.
class Job {
  public:
    explicit Job(const uint8_t* bytes) : bytes_(bytes) {}
    const senetc_job_header_t& header() const { return *at<senetc_job_header_t>(0); }
    const senetc_job_storage_t* storages() const { return at<senetc_job_storage_t>(header().storages); }
    const senet_buffer_v1_t* arguments() const { return at<senet_buffer_v1_t>(header().arguments); }
    template <typename T>
    const T* at(uint64_t offset) const {
        return reinterpret_cast<const T*>(bytes_ + offset);
    }

  private:
    const uint8_t* bytes_;
};

// Every storage for a number of images: inputs and outputs as a session has them, in large pages, parameters as a
// library has them, in small ones. Never given back.
class Arena {
  public:
    // False where the system hasn't got the memory.
    bool allocate(const Job& job, uint32_t images);
    // A second one with the inputs and parameters of `other`, and outputs of its own.
    bool allocate_outputs(const Job& job, const Arena& other);

    uint32_t images() const { return images_; }
    uint8_t* storage(uint32_t index) const { return storages_[index]; }
    void fill_outputs_with_canaries(const Job& job) const;

  private:
    uint32_t images_ = 0;
    uint8_t* storages_[kMaxStorages] = {};
};

inline size_t storage_bytes(const senetc_job_storage_t& storage, uint32_t images) {
    return storage.bytes * (storage.batched ? images : 1);
}

}  // namespace senet
