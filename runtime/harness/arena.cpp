#include "runtime/harness/arena.h"

#include <sys/mman.h>

#include <cstring>

#include "runtime/harness/compare.h"

namespace senet {
namespace {

constexpr size_t kHugePage = 2 << 20, kPage = 4096, kLine = 128;

size_t aligned(size_t bytes, size_t to) {
    return (bytes + to - 1) / to * to;
}

// Zeros; nullptr where there is no memory.
uint8_t* map(size_t bytes, bool large_pages) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    madvise(memory, bytes, large_pages && bytes >= kHugePage ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    return static_cast<uint8_t*>(memory);
}

bool takes_part(const senetc_job_storage_t& storage, bool outputs_only) {
    return storage.role == SENETC_JOB_OUTPUT || (storage.role == SENETC_JOB_INPUT && !outputs_only);
}

size_t with_guard(const senetc_job_storage_t& storage, uint32_t images) {
    return aligned(storage_bytes(storage, images) + kGuardElements * sizeof(float), kLine);
}

// Inputs and outputs, or outputs alone, in one block.
bool place(const Job& job, uint32_t images, bool outputs_only, uint8_t** places) {
    size_t total = 0;
    const senetc_job_storage_t* storages = job.storages();
    for (uint32_t i = 0; i < job.header().num_storages; ++i)
        if (takes_part(storages[i], outputs_only)) total += with_guard(storages[i], images);
    uint8_t* block = map(total, true);
    if (block == nullptr) return false;
    for (uint32_t i = 0; i < job.header().num_storages; ++i) {
        if (!takes_part(storages[i], outputs_only)) continue;
        places[i] = block;
        block += with_guard(storages[i], images);
    }
    return true;
}

void fill_image(uint8_t* memory, const uint8_t* first, const senetc_job_storage_t& storage, uint32_t image) {
    const uint32_t halvings = image % 8;
    if (storage.element_bytes == 1) {
        for (size_t i = 0; i < storage.bytes; ++i) memory[i] = static_cast<uint8_t>(first[i] >> halvings);
        return;
    }
    const float factor = 1.0f / static_cast<float>(1u << halvings);
    const float* from = reinterpret_cast<const float*>(first);
    float* to = reinterpret_cast<float*>(memory);
    for (size_t i = 0; i < storage.bytes / sizeof(float); ++i) to[i] = from[i] * factor;
}

}  // namespace

bool Arena::allocate(const Job& job, uint32_t images) {
    images_ = images;
    if (!place(job, images, false, storages_)) return false;
    for (uint32_t i = 0; i < job.header().num_storages; ++i) {
        const senetc_job_storage_t& storage = job.storages()[i];
        const uint8_t* contents = job.at<uint8_t>(storage.contents);
        if (storage.role == SENETC_JOB_PARAMETER) {
            storages_[i] = map(aligned(storage.bytes + kLine, kPage), false);
            if (storages_[i] == nullptr) return false;
            memcpy(storages_[i], contents, storage.bytes);
        } else if (storage.role == SENETC_JOB_INPUT) {
            for (uint32_t image = 0; image < (storage.batched ? images : 1); ++image)
                fill_image(storages_[i] + image * storage.bytes, contents, storage, image);
        }
    }
    fill_outputs_with_canaries(job);
    return true;
}

bool Arena::allocate_outputs(const Job& job, const Arena& other) {
    images_ = other.images_;
    memcpy(storages_, other.storages_, sizeof storages_);
    if (!place(job, images_, true, storages_)) return false;
    fill_outputs_with_canaries(job);
    return true;
}

void Arena::fill_outputs_with_canaries(const Job& job) const {
    for (uint32_t i = 0; i < job.header().num_storages; ++i) {
        const senetc_job_storage_t& storage = job.storages()[i];
        if (storage.role != SENETC_JOB_OUTPUT) continue;
        float* values = reinterpret_cast<float*>(storages_[i]);
        const size_t count = storage_bytes(storage, images_) / sizeof(float) + kGuardElements;
        for (size_t k = 0; k < count; ++k) values[k] = kCanary;
    }
}

}  // namespace senet
