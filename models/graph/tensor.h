// A constant of the graph: a shape and its values, as loaded (float, mapped from a file) or as computed by a pass
// (double, so that every rewrite can be compared with the graph before it to 1e-13).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace senetc {

using Shape = std::vector<int64_t>;
int64_t element_count(const Shape& shape);
std::string to_string(const Shape& shape);  // "[64,3,7,7]"

class Tensor {
  public:
    Tensor() = default;
    // A view of `count(shape)` floats that `owner` keeps alive (a mapped file, or a vector).
    Tensor(Shape shape, std::shared_ptr<const void> owner, const float* values);
    // Values made by a pass.
    Tensor(Shape shape, std::vector<double> values);

    const Shape& shape() const { return shape_; }
    int64_t size() const { return element_count(shape_); }
    double operator[](int64_t index) const { return floats_ ? floats_[index] : doubles_[index]; }
    std::vector<double> to_doubles() const;
    std::vector<float> to_floats() const;

  private:
    Shape shape_;
    std::shared_ptr<const void> owner_;
    const float* floats_ = nullptr;  // one of the two is set
    const double* doubles_ = nullptr;
};

}  // namespace senetc
