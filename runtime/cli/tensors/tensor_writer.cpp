#include <nlohmann/json.hpp>

#include "runtime/cli/tensors/safetensors.h"

namespace senet::cli {

namespace {

// The header as text, padded with spaces so that the data begins at a multiple of 8 bytes.
std::string header_text(const std::vector<TensorShape>& tensors) {
    nlohmann::ordered_json header;
    uint64_t offset = 0;
    for (const TensorShape& tensor : tensors) {
        const uint64_t end = offset + tensor.bytes();
        header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');
    return text;
}

}  // namespace

TensorWriter::TensorWriter(OutputFile& out, std::vector<TensorShape> tensors) : out_(out) {
    const std::string header = header_text(tensors);
    std::string length;
    for (int i = 0; i < 8; i++) length += char(uint64_t(header.size()) >> (8 * i) & 0xff);
    out_.write_at(0, length.data(), length.size());
    out_.write_at(length.size(), header.data(), header.size());
    uint64_t offset = length.size() + header.size();
    for (const TensorShape& tensor : tensors) {
        offsets_.push_back(offset);
        offset += tensor.bytes();
    }
}

void TensorWriter::write(size_t index, uint64_t first, const float* values, uint64_t count) {
    out_.write_at(offsets_[index] + first * sizeof(float), values, count * sizeof(float));
}

}  // namespace senet::cli
