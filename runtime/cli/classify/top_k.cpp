#include "runtime/cli/classify/top_k.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace senet::cli {

std::vector<Prediction> top_k(std::span<const float> logits, uint32_t k) {
    std::vector<uint32_t> order(logits.size());
    std::iota(order.begin(), order.end(), 0u);
    const size_t kept = std::min<size_t>(k, order.size());
    std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(kept), order.end(),
                      [&](uint32_t a, uint32_t b) { return logits[a] != logits[b] ? logits[a] > logits[b] : a < b; });
    if (kept == 0) return {};

    const double largest = logits[order.front()];  // subtracted, so that exp can't overflow
    double sum = 0;
    for (const float logit : logits) sum += std::exp(logit - largest);
    std::vector<Prediction> top;
    for (size_t i = 0; i < kept; i++) {
        const float logit = logits[order[i]];
        top.push_back({order[i], std::exp(logit - largest) / sum, logit});
    }
    return top;
}

}  // namespace senet::cli
