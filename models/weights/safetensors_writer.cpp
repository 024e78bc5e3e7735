#include "models/weights/safetensors_writer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "models/error.h"

namespace senetc {
namespace {

// 8 bytes of length, then the header, padded with spaces so that the data is 8-byte aligned.
std::string prologue(const std::map<std::string, FloatArray>& tensors) {
    auto header = nlohmann::json::object();
    uint64_t begin = 0;
    for (const auto& [name, array] : tensors) {
        uint64_t end = begin + array.values.size() * sizeof(float);
        header[name] = {{"dtype", "F32"}, {"shape", array.shape}, {"data_offsets", {begin, end}}};
        begin = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    uint64_t length = text.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof length) + text;
}

}  // namespace

void write_safetensors(const std::string& path, const std::map<std::string, FloatArray>& tensors) {
    std::string temporary = fmt::format("{}.{}.tmp", path, getpid());
    std::ofstream file(temporary, std::ios::binary);
    std::string start = prologue(tensors);
    file.write(start.data(), static_cast<std::streamsize>(start.size()));
    for (const auto& [name, array] : tensors)
        file.write(reinterpret_cast<const char*>(array.values.data()),
                   static_cast<std::streamsize>(array.values.size() * sizeof(float)));
    file.close();
    if (file && std::rename(temporary.c_str(), path.c_str()) == 0) return;
    int reason = errno;
    std::remove(temporary.c_str());
    throw Error(fmt::format("{}: can't be written: {}", path, std::strerror(reason)));
}

}  // namespace senetc
