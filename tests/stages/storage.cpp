#include "tests/stages/storage.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <cstring>

namespace senetc::test {

namespace {

constexpr float kCanary = -12345.678f;

}  // namespace

Storage::Storage(const Stage& stage, const Argument& argument, int images)
    : argument_(argument),
      shape_(logical_shape(stage, argument)),
      run_length_(run_length(stage, argument)),
      element_bytes_(static_cast<size_t>(argument.type_bits) / 8),
      count_(static_cast<size_t>(argument.storage_elements) * static_cast<size_t>(argument.batched ? images : 1)),
      size_((count_ * element_bytes_ + 255) / 128 * 128),  // a canary behind the end, too
      bytes_(static_cast<unsigned char*>(std::aligned_alloc(128, size_)), std::free) {
    for (size_t i = 0; i + sizeof(float) <= size_; i += sizeof(float))
        std::memcpy(bytes_.get() + i, &kCanary, sizeof(float));
}

// The place of a logical element, from the argument's strides.
size_t Storage::index_of(size_t logical, int image) const {
    const auto& dims = argument_.dims;
    const bool map = shape_.size() == 3;
    const int width = map ? shape_[2] : 1, height = map ? shape_[1] : 1;
    int x = static_cast<int>(logical) % width, y = static_cast<int>(logical) / width % height;
    const int c = static_cast<int>(logical) / (width * height);
    int64_t at = argument_.start + int64_t{image} * argument_.storage_elements;
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

void Storage::store(const Array& array, int image) {
    const size_t per_image = static_cast<size_t>(argument_.storage_elements);
    std::memset(bytes_.get() + static_cast<size_t>(image) * per_image * element_bytes_, 0, per_image * element_bytes_);
    for (size_t i = 0; i < array.values.size(); i++) {
        if (element_bytes_ == 1) {
            bytes_.get()[index_of(i, image)] = static_cast<unsigned char>(array.values[i]);
        } else {
            reinterpret_cast<float*>(bytes_.get())[index_of(i, image)] = static_cast<float>(array.values[i]);
        }
    }
}

void Storage::store_packed(const std::vector<float>& values) {
    std::memcpy(bytes_.get(), values.data(), values.size() * sizeof(float));
}

Array Storage::load(int image) const {
    Array array(shape_);
    const float* floats = reinterpret_cast<const float*>(bytes_.get());
    for (size_t i = 0; i < array.values.size(); i++) array.values[i] = floats[index_of(i, image)];
    return array;
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

std::string Storage::stray_write(int images, bool free_lanes) const {
    const float* floats = reinterpret_cast<const float*>(bytes_.get());
    const size_t per_image = static_cast<size_t>(argument_.storage_elements);
    const size_t values = Array(shape_).values.size();
    std::vector<bool> logical(count_);
    for (int image = 0; image < images; image++) {
        for (size_t i = 0; i < values; i++) logical[index_of(i, image)] = true;
    }
    for (size_t i = 0; i < count_ + 16; i++) {
        if (i < count_ && logical[i]) continue;
        const bool written = i < count_ && in_view(i % per_image);
        if (written && free_lanes) continue;
        const float want = written ? 0.0f : kCanary;
        if (floats[i] != want) return fmt::format("element {} is {} instead of {}", i, floats[i], want);
    }
    return "";
}

HostMemory Storage::memory(int image) const {
    const int64_t element = argument_.start + (argument_.batched ? int64_t{image} * argument_.storage_elements : 0);
    return {bytes_.get(), size_, bytes_.get() + static_cast<size_t>(element) * element_bytes_};
}

}  // namespace senetc::test
