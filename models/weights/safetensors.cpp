#include "models/weights/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "models/error.h"
#include "models/weights/dtype.h"
#include "models/weights/file_mapping.h"

namespace senetc {
namespace {

using Json = nlohmann::json;

constexpr uint64_t kMaxHeaderBytes = 16 << 20;  // a tensor takes about 100; parsed, a header takes 16 times its bytes
constexpr int kMaxHeaderDepth = 3;              // the header, a tensor, its shape, an extent
constexpr size_t kLengthBytes = 8;

struct Entry {
    std::string name, dtype;
    Shape shape;
    uint64_t begin = 0, end = 0;  // in the file's data, which follows the header
};

// What other kinds of file begin with, so that the message can say what to do.
void refuse_other_formats(const FileMapping& file) {
    auto begins_with = [&](std::string_view magic) {
        return file.size() >= magic.size() && std::memcmp(file.data(), magic.data(), magic.size()) == 0;
    };
    if (begins_with("PK\x03\x04") || begins_with("\x80\x02") || begins_with("\x80\x04"))
        throw Error("looks like a PyTorch .pth; docs/weights.md shows how to write safetensors");
    if (begins_with("\x89HDF")) throw Error("is an HDF5 file, not safetensors; docs/weights.md shows how to write one");
    if (begins_with("version https://git-lfs"))
        throw Error("is a Git LFS pointer, not the weights themselves; run 'git lfs pull' where it comes from");
}

std::string_view header_text(const FileMapping& file) {
    refuse_other_formats(file);
    if (file.size() < kLengthBytes) throw Error("is not a safetensors file: it has fewer than 8 bytes");
    uint64_t length;
    std::memcpy(&length, file.data(), kLengthBytes);
    if (length > kMaxHeaderBytes)
        throw Error(fmt::format("is not a safetensors file: its header would have {} bytes, above the limit of {}",
                                length, kMaxHeaderBytes));
    if (length > file.size() - kLengthBytes)
        throw Error(fmt::format("is truncated or not a safetensors file: its header ends at byte {} and the file at {}",
                                kLengthBytes + length, file.size()));
    return {file.data() + kLengthBytes, length};
}

Json parse_header(std::string_view text) {
    std::set<std::string> names;
    auto checks = [&](int depth, Json::parse_event_t event, Json& parsed) {
        if (depth > kMaxHeaderDepth) throw Error("is not a safetensors file: its header is nested too deep");
        if (depth == 1 && event == Json::parse_event_t::key && !names.insert(parsed.get<std::string>()).second)
            throw Error(fmt::format("names tensor {} twice", parsed.get<std::string>()));
        return true;
    };
    try {
        Json header = Json::parse(text, checks);
        if (header.is_object()) return header;
    } catch (const Json::exception&) {
    }
    throw Error("is not a safetensors file: its header isn't a JSON object");
}

uint64_t unsigned_number(const Json& value) {
    if (!value.is_number_unsigned()) throw Error("a size that isn't a whole number");
    return value.get<uint64_t>();
}

// Elements times bytes each; throws on overflow.
uint64_t tensor_bytes(const Shape& shape, int element_bytes) {
    uint64_t bytes = element_bytes;
    for (int64_t extent : shape)
        if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(extent), &bytes))
            throw Error("a shape too large for any file");
    return bytes;
}

Entry parse_entry(const std::string& name, const Json& fields) {
    Entry entry{name, "", {}};
    if (!fields.is_object() || !fields.contains("dtype") || !fields["dtype"].is_string() || !fields.contains("shape") ||
        !fields["shape"].is_array() || !fields.contains("data_offsets") || !fields["data_offsets"].is_array() ||
        fields["data_offsets"].size() != 2)
        throw Error("not the fields dtype, shape and data_offsets");
    entry.dtype = fields["dtype"].get<std::string>();
    if (dtype_bytes(entry.dtype) == 0) throw Error(fmt::format("the unknown dtype '{}'", entry.dtype));
    for (const Json& extent : fields["shape"]) {
        uint64_t value = unsigned_number(extent);
        if (value > INT64_MAX) throw Error("a shape too large for any file");
        entry.shape.push_back(static_cast<int64_t>(value));
    }
    entry.begin = unsigned_number(fields["data_offsets"][0]);
    entry.end = unsigned_number(fields["data_offsets"][1]);
    uint64_t bytes = tensor_bytes(entry.shape, dtype_bytes(entry.dtype));
    if (entry.end < entry.begin || entry.end - entry.begin != bytes)
        throw Error(fmt::format("data_offsets [{},{}] where {} of shape {} takes {} bytes", entry.begin, entry.end,
                                entry.dtype, to_string(entry.shape), bytes));
    return entry;
}

std::vector<Entry> parse_entries(const Json& header) {
    std::vector<Entry> entries;
    for (const auto& [name, fields] : header.items()) {
        if (name == "__metadata__") continue;
        try {
            entries.push_back(parse_entry(name, fields));
        } catch (const Error& error) {
            throw Error(fmt::format("is damaged: tensor {} has {}", name, error.what()));
        }
    }
    return entries;
}

// The format wants the tensors to cover the data without overlap or hole.
void check_cover(std::vector<Entry> entries, uint64_t data_bytes) {
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
    uint64_t covered = 0;
    for (const Entry& entry : entries) {
        if (entry.end > data_bytes)
            throw Error(fmt::format("is truncated: tensor {} ends at byte {} of the data, which has {}", entry.name,
                                    entry.end, data_bytes));
        if (entry.begin != covered)
            throw Error(fmt::format("is damaged: tensor {} begins at byte {} of the data where {} is next", entry.name,
                                    entry.begin, covered));
        covered = entry.end;
    }
    if (covered != data_bytes)
        throw Error(fmt::format("is damaged: {} bytes at its end belong to no tensor", data_bytes - covered));
}

Tensor read_tensor(const Entry& entry, const char* bytes, const std::shared_ptr<const FileMapping>& file) {
    bool aligned = reinterpret_cast<uintptr_t>(bytes) % alignof(float) == 0;
    if (entry.dtype == "F32" && aligned) return {entry.shape, file, reinterpret_cast<const float*>(bytes)};
    auto values = std::make_shared<const std::vector<float>>(to_floats(entry.dtype, bytes, element_count(entry.shape)));
    return {entry.shape, values, values->data()};
}

// DataParallel and torch.compile's wrappers prefix every name of a state dict.
void drop_wrapper_prefix(std::vector<Entry>& entries, WeightFile& file) {
    const std::string prefix = "module.";
    auto prefixed = [&](const Entry& entry) {
        return entry.name.starts_with(prefix) && entry.name.size() > prefix.size();
    };
    if (entries.empty() || !std::all_of(entries.begin(), entries.end(), prefixed)) return;
    for (Entry& entry : entries) entry.name.erase(0, prefix.size());
    file.notes.push_back("dropped '" + prefix + "' before every tensor's name");
}

WeightFile read(const std::string& path, const std::shared_ptr<const FileMapping>& file) {
    std::string_view text = header_text(*file);
    auto entries = parse_entries(parse_header(text));
    const char* data = text.data() + text.size();
    check_cover(entries, file->data() + file->size() - data);
    WeightFile result{path, {}, {}, {}};
    drop_wrapper_prefix(entries, result);
    for (const Entry& entry : entries) {
        if (is_floating(entry.dtype))
            result.tensors[entry.name] = read_tensor(entry, data + entry.begin, file);
        else
            result.others[entry.name] = entry.dtype;
    }
    return result;
}

}  // namespace

WeightFile read_safetensors(const std::string& path) {
    auto file = std::make_shared<const FileMapping>(path);
    try {
        return read(path, file);
    } catch (const Error& error) {
        throw Error(fmt::format("{}: {}", path, error.what()));
    }
}

}  // namespace senetc
