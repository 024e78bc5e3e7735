// safetensors files of float tensors: eight bytes of header length (little endian), a JSON header, then the data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/cli/output/output_file.h"

namespace senet::cli {

struct TensorShape {
    std::string name;
    std::vector<uint64_t> shape;

    uint64_t bytes() const;  // as F32
};

// The one tensor of a file, read piece by piece.
class TensorReader {
  public:
    // Throws Error unless the file is whole and holds exactly one tensor of type F32.
    explicit TensorReader(const std::string& path);
    ~TensorReader();
    TensorReader(const TensorReader&) = delete;
    TensorReader& operator=(const TensorReader&) = delete;

    const TensorShape& tensor() const { return tensor_; }

    // Elements first .. first + count.
    void read(uint64_t first, uint64_t count, float* out) const;

  private:
    void read_header();
    void read_bytes(uint64_t offset, void* out, uint64_t count) const;
    [[noreturn]] void bad(const std::string& what) const;

    std::string path_;
    int fd_;
    TensorShape tensor_;
    uint64_t data_ = 0;  // where the data begins
};

// Writes several tensors side by side: each may be filled in any order.
class TensorWriter {
  public:
    // Writes the header; `out` is a fresh, seekable file.
    TensorWriter(OutputFile& out, std::vector<TensorShape> tensors);

    // Elements first .. first + count of tensor `index`.
    void write(size_t index, uint64_t first, const float* values, uint64_t count);

  private:
    OutputFile& out_;
    std::vector<uint64_t> offsets_;  // in the file, of each tensor
};

}  // namespace senet::cli
