// The tensors of a safetensors file as images of a batch: [N, ...].
#pragma once

#include <string>
#include <vector>

#include "models/weights/safetensors.h"

namespace senetc::verifier {

class TensorFile {
  public:
    explicit TensorFile(const std::string& path);  // throws Error

    // The one tensor of shape [N, shape...]: of that name, or if none has it, the only one of that shape. Throws Error
    // that says what the file holds.
    std::string find(const std::string& name, const Shape& shape) const;
    bool has(const std::string& name) const { return file_.tensors.contains(name); }
    int64_t images(const std::string& name) const { return file_.tensors.at(name).shape().at(0); }

    // Image `i` of a tensor that must have the shape [N, shape...], N > i. Throws Error.
    std::vector<float> image(const std::string& name, const Shape& shape, size_t i) const;

  private:
    WeightFile file_;
};

}  // namespace senetc::verifier
