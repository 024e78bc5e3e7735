#include "tests/stages/kernel_memory.h"

#include <cstdlib>
#include <cstring>

#include "runtime/harness/compare.h"

namespace senetc::test {

namespace {

constexpr size_t kGuard = 32;  // canaries behind the end

}  // namespace

KernelMemory::KernelMemory(const Argument& argument, int images)
    : argument_(argument),
      image_bytes_(static_cast<size_t>(argument.storage_elements) * static_cast<size_t>(argument.type_bits) / 8),
      used_((image_bytes_ * static_cast<size_t>(argument.batched ? images : 1) + 3) / 4 * 4),
      size_((used_ + kGuard * sizeof(float) + 127) / 128 * 128),
      bytes_(static_cast<uint8_t*>(std::aligned_alloc(128, size_)), std::free) {
    for (size_t i = 0; i + sizeof(float) <= size_; i += sizeof(float))
        std::memcpy(bytes_.get() + i, &senet::kCanary, sizeof(float));
}

void KernelMemory::set(int image, const std::vector<uint8_t>& contents) {
    std::memcpy(bytes_.get() + static_cast<size_t>(image) * image_bytes_, contents.data(), contents.size());
}

const uint8_t* KernelMemory::image(int image) const {
    return bytes_.get() + static_cast<size_t>(image) * image_bytes_;
}

bool KernelMemory::end_untouched() const {
    return senet::first_touched(reinterpret_cast<const float*>(bytes_.get() + used_), kGuard) == kGuard;
}

HostMemory KernelMemory::memory(int image) const {
    const size_t of_image = argument_.batched ? static_cast<size_t>(image) * image_bytes_ : 0;
    const size_t start = static_cast<size_t>(argument_.start) * static_cast<size_t>(argument_.type_bits) / 8;
    return {bytes_.get(), size_, bytes_.get() + of_image + start};
}

}  // namespace senetc::test
