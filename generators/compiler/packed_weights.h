// The packed weights of a model: every distinct (constant, packing) once, in the order of first use, shared by
// variants.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "generators/compiler/lower.h"

namespace senetc {

class PackedWeights {
  public:
    // Byte offsets of a step's parameters, in their order.
    std::vector<uint64_t> add(const LoweredStep& step);

    const std::vector<uint8_t>& bytes() const { return bytes_; }

  private:
    // Of the constant `name` packed as `argument` says. `values` without a shape: an absent bias, zeros.
    uint64_t add(const std::string& name, const Argument& argument, const Tensor& values);

    std::map<std::string, uint64_t> offsets_;  // by name and packing
    std::vector<uint8_t> bytes_;
};

}  // namespace senetc
