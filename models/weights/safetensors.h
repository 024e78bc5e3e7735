// Reads safetensors files (https://github.com/huggingface/safetensors): an 8-byte length, a JSON header, raw values.
// The file is mapped, not read: float tensors are views of it. F16 and BF16 are widened to float, F64 narrowed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/graph/tensor.h"

namespace senetc {

struct WeightFile {
    std::string path;
    std::map<std::string, Tensor> tensors;      // floating-point ones
    std::map<std::string, std::string> others;  // name -> dtype of those that aren't (I64 num_batches_tracked, ...)
    std::vector<std::string> notes;             // e.g. that "module." was dropped before every name
};

// Throws Error with one sentence for a missing, truncated or malformed file.
WeightFile read_safetensors(const std::string& path);

}  // namespace senetc
