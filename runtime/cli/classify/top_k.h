// From logits to the likeliest classes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace senet::cli {

struct Prediction {
    uint32_t index;
    double probability;  // softmax over all classes
    float logit;
};

// The k largest logits, largest first; of equal ones the lower index. Logits are finite.
std::vector<Prediction> top_k(std::span<const float> logits, uint32_t k);

}  // namespace senet::cli
