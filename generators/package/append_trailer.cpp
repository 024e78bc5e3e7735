#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "generators/package/steps.h"
#include "models/error.h"

namespace senetc::package {

void append_trailer(const std::string& path, const char* magic, const std::string& name) {
    const FileHash file = hash_file(path);
    senet_trailer_v1_t trailer{};
    std::memcpy(trailer.magic, magic, sizeof trailer.magic);
    trailer.abi_version = SENET_MODEL_ABI_VERSION;
    trailer.trailer_bytes = sizeof trailer;
    trailer.length = file.bytes;
    std::memcpy(trailer.hash, file.hash, sizeof trailer.hash);
    name.copy(trailer.model, sizeof trailer.model - 1);

    std::ofstream out(path, std::ios::binary | std::ios::app);
    out.write(reinterpret_cast<const char*>(&trailer), sizeof trailer);
    out.close();
    if (!out) throw Error(fmt::format("can't write '{}' ({})", path, std::strerror(errno)));
}

}  // namespace senetc::package
