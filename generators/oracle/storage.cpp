#include "generators/oracle/storage.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "generators/compiler/pack_weights.h"
#include "runtime/harness/compare.h"

namespace senetc::oracle {

namespace {

bool has_free_lanes(const Stage& stage) {
    const auto act = stage.params.find("act");
    return stage.generator == "excite" || (act != stage.params.end() && act->second == "sigmoid");
}

template <class T>
void put(std::vector<uint8_t>& bytes, size_t index, double value) {
    const T stored = static_cast<T>(value);
    std::memcpy(bytes.data() + index * sizeof stored, &stored, sizeof stored);
}

// A bound around the float next to `value`, no narrower than `bound` around `value`.
float bound_of(double value, double bound) {
    const double exact = bound + std::fabs(value - static_cast<float>(value));
    const float rounded = static_cast<float>(exact);
    return rounded < exact ? std::nextafter(rounded, std::numeric_limits<float>::infinity()) : rounded;
}

}  // namespace

Storage::Storage(const Stage& stage, const Argument& argument)
    : argument_(argument),
      shape_(logical_shape(stage, argument)),
      run_length_(run_length(stage, argument)),
      free_lanes_(has_free_lanes(stage)) {}

size_t Storage::bytes() const {
    return static_cast<size_t>(argument_.storage_elements) * static_cast<size_t>(argument_.type_bits) / 8;
}

// The place of a logical element, from the argument's strides.
size_t Storage::index_of(size_t logical) const {
    const auto& dims = argument_.dims;
    const bool map = shape_.size() == 3;
    const int width = map ? shape_[2] : 1, height = map ? shape_[1] : 1;
    int x = static_cast<int>(logical) % width, y = static_cast<int>(logical) / width % height;
    const int c = static_cast<int>(logical) / (width * height);
    int64_t at = argument_.start;
    if (!map && argument_.name == "normalisation") return logical;
    if (!map) {  // blocked vector, or dense logits
        const int run = c / run_length_;
        return static_cast<size_t>(at + int64_t{run} * blocks(run_length_) * kBlock + c % run_length_);
    }
    const bool blocked = dims.size() == 5;
    const auto& column = dims[blocked ? 1 : 0];
    const auto& row = dims[blocked ? 2 : 1];
    if (blocked && row.extent == 1) x += y * width, y = 0;  // a flattened map
    at += int64_t{x - column.min} * column.stride + int64_t{y - row.min} * row.stride;
    at += blocked ? int64_t{c % kBlock} + int64_t{c / kBlock} * dims[3].stride : int64_t{c} * dims[2].stride;
    return static_cast<size_t>(at);
}

std::vector<uint8_t> Storage::contents(const Array& array) const {
    std::vector<uint8_t> bytes(this->bytes());
    if (argument_.role == Role::parameter) {
        const Tensor tensor(Shape(array.shape.begin(), array.shape.end()), array.values);
        const std::vector<float> packed = pack_parameter(argument_, &tensor);
        std::memcpy(bytes.data(), packed.data(), bytes.size());
        return bytes;
    }
    for (size_t i = 0; i < array.values.size(); i++) {
        if (argument_.type_bits == 8)
            put<uint8_t>(bytes, index_of(i), array.values[i]);
        else
            put<float>(bytes, index_of(i), array.values[i]);
    }
    return bytes;
}

bool Storage::in_view(size_t element) const {
    int64_t rest = static_cast<int64_t>(element) - argument_.start;
    if (rest < 0) return false;
    // Strides grow from the first dimension on, except the image's, which is left out.
    for (size_t i = argument_.dims.size() - (argument_.batched ? 1 : 0); i-- > 0;) {
        const auto& dim = argument_.dims[i];
        if (rest / dim.stride >= dim.extent) return false;
        rest %= dim.stride;
    }
    return rest == 0;
}

Storage::Stored Storage::stored(const Expected& expected) const {
    const size_t count = static_cast<size_t>(argument_.storage_elements);
    Stored stored{std::vector<float>(count), std::vector<float>(count, senet::kUntouched)};
    for (size_t i = 0; i < count; i++)
        if (in_view(i)) stored.bounds[i] = free_lanes_ ? std::numeric_limits<float>::infinity() : 0;
    for (size_t i = 0; i < expected.value.values.size(); i++) {
        const double value = expected.value.values[i];
        stored.expected[index_of(i)] = static_cast<float>(value);
        stored.bounds[index_of(i)] = bound_of(value, expected.bound.values[i]);
    }
    return stored;
}

}  // namespace senetc::oracle
