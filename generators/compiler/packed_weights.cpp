#include "generators/compiler/packed_weights.h"

#include <fmt/format.h>

#include <cstring>

#include "generators/compiler/pack_weights.h"

namespace senetc {

std::vector<uint64_t> PackedWeights::add(const LoweredStep& step) {
    std::vector<uint64_t> offsets;
    for (const Argument& argument : arguments(step.stage, step.schedule)) {
        if (argument.role != Role::parameter) continue;
        const auto& [name, values] = step.params.at(offsets.size());
        offsets.push_back(add(name, argument, values));
    }
    return offsets;
}

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
