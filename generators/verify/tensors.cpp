#include "generators/verify/tensors.h"

#include <fmt/format.h>

#include "models/error.h"

namespace senetc::verifier {
namespace {

bool is_batch_of(const Shape& shape, const Shape& image) {
    return shape.size() == image.size() + 1 && shape[0] > 0 && Shape(shape.begin() + 1, shape.end()) == image;
}

// [N,3,32,32]
std::string batch_text(const Shape& image) {
    return "[N," + to_string(image).substr(1);
}

}  // namespace

TensorFile::TensorFile(const std::string& path) : file_(read_safetensors(path)) {}

std::string TensorFile::find(const std::string& name, const Shape& shape) const {
    if (has(name) && is_batch_of(file_.tensors.at(name).shape(), shape)) return name;
    std::vector<std::string> fitting;
    std::string held;
    for (const auto& [other, tensor] : file_.tensors) {
        if (is_batch_of(tensor.shape(), shape)) fitting.push_back(other);
        if (held.size() < 200)
            held += fmt::format("{}{} {}", held.empty() ? "" : ", ", other, to_string(tensor.shape()));
    }
    if (fitting.size() == 1) return fitting[0];
    throw Error(fmt::format("{}: {} tensor of shape {}{}; it holds {}", file_.path,
                            fitting.empty() ? "it has no" : "it has more than one", batch_text(shape),
                            fitting.empty() ? "" : fmt::format(", and none is called '{}'", name),
                            held.empty() ? "nothing" : held));
}

std::vector<float> TensorFile::image(const std::string& name, const Shape& shape, size_t i) const {
    const auto found = file_.tensors.find(name);
    if (found == file_.tensors.end()) throw Error(fmt::format("{}: it has no tensor '{}'", file_.path, name));
    const Tensor& tensor = found->second;
    if (!is_batch_of(tensor.shape(), shape) || tensor.shape()[0] <= int64_t(i))
        throw Error(fmt::format("{}: '{}' has shape {}; of {} images {} is expected", file_.path, name,
                                to_string(tensor.shape()), i + 1, batch_text(shape)));
    const int64_t count = element_count(shape);
    std::vector<float> values(static_cast<size_t>(count));
    for (int64_t k = 0; k < count; ++k) values[size_t(k)] = float(tensor[int64_t(i) * count + k]);
    return values;
}

}  // namespace senetc::verifier
