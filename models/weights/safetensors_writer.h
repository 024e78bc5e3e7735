// Writes safetensors files of float tensors.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/graph/tensor.h"

namespace senetc {

struct FloatArray {
    Shape shape;
    std::vector<float> values;  // element_count(shape)
};

// The file appears whole or not at all. Throws Error. The same tensors give the same bytes.
void write_safetensors(const std::string& path, const std::map<std::string, FloatArray>& tensors);

}  // namespace senetc
