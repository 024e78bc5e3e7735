#include "models/graph/tensor.h"

#include <fmt/ranges.h>

#include <functional>
#include <numeric>

namespace senetc {

int64_t element_count(const Shape& shape) {
    return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

std::string to_string(const Shape& shape) {
    return fmt::format("[{}]", fmt::join(shape, ","));
}

Tensor::Tensor(Shape shape, std::shared_ptr<const void> owner, const float* values)
    : shape_(std::move(shape)), owner_(std::move(owner)), floats_(values) {}

Tensor::Tensor(Shape shape, std::vector<double> values) : shape_(std::move(shape)) {
    auto kept = std::make_shared<const std::vector<double>>(std::move(values));
    doubles_ = kept->data();
    owner_ = std::move(kept);
}

std::vector<double> Tensor::to_doubles() const {
    if (floats_) return {floats_, floats_ + size()};
    return {doubles_, doubles_ + size()};
}

std::vector<float> Tensor::to_floats() const {
    if (floats_) return {floats_, floats_ + size()};
    return {doubles_, doubles_ + size()};
}

}  // namespace senetc
