#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "runtime/cli/error.h"
#include "runtime/cli/tensors/safetensors.h"

namespace senet::cli {

namespace {

constexpr uint64_t max_header_bytes = 16 << 20;  // parsed, a header takes 16 times its bytes
constexpr int max_header_depth = 3;              // the header, a tensor, its shape, an extent

uint64_t little_endian(const unsigned char (&bytes)[8]) {
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--) value = value << 8 | bytes[i];
    return value;
}

// The number of elements, or nothing when it overflows what a file could hold.
bool count_elements(const std::vector<uint64_t>& shape, uint64_t& count) {
    count = 1;
    for (const uint64_t extent : shape) {
        if (__builtin_mul_overflow(count, extent, &count) || count > (uint64_t(1) << 60)) return false;
    }
    return true;
}

// Throws one of JSON's exceptions for anything else than an array of them.
std::vector<uint64_t> whole_numbers(const nlohmann::json& array) {
    std::vector<uint64_t> numbers;
    for (const nlohmann::json& number : array.get_ref<const nlohmann::json::array_t&>()) {
        numbers.push_back(number.get_ref<const nlohmann::json::number_unsigned_t&>());
    }
    return numbers;
}

}  // namespace

uint64_t TensorShape::bytes() const {
    uint64_t elements = 0;
    if (!count_elements(shape, elements)) throw Error("tensor '{}' is larger than any file", name);
    return elements * sizeof(float);
}

TensorReader::TensorReader(const std::string& path) : path_(path), fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) throw Error("can't open '{}': {}", path, errno_text(errno));
    try {
        read_header();
    } catch (...) {
        close(fd_);
        throw;
    }
}

TensorReader::~TensorReader() {
    close(fd_);
}

void TensorReader::bad(const std::string& what) const {
    throw Error("'{}' {}", path_, what);
}

void TensorReader::read_header() {
    struct stat status {};
    if (fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) bad("is no regular file");
    const uint64_t file_bytes = uint64_t(status.st_size);
    unsigned char length[8];
    if (file_bytes < sizeof(length)) bad("is no safetensors file: it is shorter than 8 bytes");
    read_bytes(0, length, sizeof(length));
    const uint64_t header_bytes = little_endian(length);
    if (header_bytes > max_header_bytes || header_bytes > file_bytes - sizeof(length)) {
        bad("is no safetensors file, or truncated: its header's length doesn't fit");
    }
    std::string header(header_bytes, '\0');
    read_bytes(sizeof(length), header.data(), header_bytes);
    data_ = sizeof(length) + header_bytes;
    const auto check_depth = [this](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        if (depth > max_header_depth) bad("is no safetensors file: its header is nested too deep");
        return true;
    };
    nlohmann::json json = nlohmann::json::parse(header, check_depth, false);
    if (!json.is_object()) bad("is no safetensors file: its header isn't JSON");
    json.erase("__metadata__");
    if (json.size() != 1) bad(fmt::format("holds {} tensors; --tensors takes a file with exactly one", json.size()));

    const std::string name = json.begin().key();
    const nlohmann::json& entry = json.begin().value();
    std::vector<uint64_t> offsets;
    try {
        if (entry.at("dtype") != "F32")
            bad(fmt::format("holds '{}' as {}; convert it to F32", name, entry.at("dtype").dump()));
        tensor_ = {name, whole_numbers(entry.at("shape"))};
        offsets = whole_numbers(entry.at("data_offsets"));
    } catch (const nlohmann::json::exception&) {
        bad(fmt::format("is damaged: the header's entry for '{}' has no proper dtype, shape and data_offsets", name));
    }
    const uint64_t data_bytes = file_bytes - data_;
    if (offsets.size() != 2 || offsets[0] != 0 || offsets[1] != tensor_.bytes() || offsets[1] != data_bytes) {
        bad(fmt::format("is damaged or truncated: '{}' should be {} bytes, and {} follow the header", name,
                        tensor_.bytes(), data_bytes));
    }
}

void TensorReader::read_bytes(uint64_t offset, void* out, uint64_t count) const {
    char* to = static_cast<char*>(out);
    while (count > 0) {
        const ssize_t got = pread(fd_, to, count, off_t(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) bad("can't be read: " + errno_text(errno));
        if (got == 0) bad("became shorter while it was read");
        to += got;
        offset += uint64_t(got);
        count -= uint64_t(got);
    }
}

void TensorReader::read(uint64_t first, uint64_t count, float* out) const {
    read_bytes(data_ + first * sizeof(float), out, count * sizeof(float));
}

}  // namespace senet::cli
