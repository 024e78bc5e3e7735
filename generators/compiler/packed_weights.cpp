#include "generators/compiler/packed_weights.h"

#include <fmt/format.h>

#include <cstring>

#include "generators/compiler/pack_weights.h"

namespace senetc {

uint64_t PackedWeights::add(const std::string& name, const Argument& argument, const Tensor& values) {
    constexpr size_t kAlignment = 128;  // kernels load whole vectors; two cache lines keep the prefetcher in step
    const std::string key = fmt::format("{} {} {}", name, argument.packing, argument.storage_elements);
    if (auto known = offsets_.find(key); known != offsets_.end()) return known->second;

    const std::vector<float> packed = pack_parameter(argument, values.shape().empty() ? nullptr : &values);
    const size_t offset = (bytes_.size() + kAlignment - 1) / kAlignment * kAlignment;
    bytes_.resize(offset + packed.size() * sizeof(float));
    std::memcpy(bytes_.data() + offset, packed.data(), packed.size() * sizeof(float));
    offsets_.emplace(key, offset);
    return offset;
}

}  // namespace senetc
