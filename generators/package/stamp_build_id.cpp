#include <fmt/format.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>

#include "generators/package/steps.h"
#include "llvm/Object/ELFObjectFile.h"
#include "models/error.h"

namespace senetc::package {
namespace {
using llvm::object::ELFSymbolRef;

// Where in the file the model's build_id lies.
uint64_t field_offset(const std::string& path, const std::string& symbol) {
    auto binary = llvm::object::ObjectFile::createObjectFile(path);
    if (!binary) throw Error(fmt::format("can't read '{}': {}", path, llvm::toString(binary.takeError())));
    for (const ELFSymbolRef candidate : binary->getBinary()->symbols()) {
        if (llvm::cantFail(candidate.getName()) != symbol) continue;
        const llvm::object::ELFSectionRef section = *llvm::cantFail(candidate.getSection());
        return section.getOffset() + llvm::cantFail(candidate.getValue()) + offsetof(senet_model_v1_t, build_id);
    }
    throw Error(fmt::format("'{}' has no symbol {}: please report this as a bug of senetc", path, symbol));
}

}  // namespace

std::string stamp_build_id(const std::string& object, const std::string& name) {
    const uint64_t offset = field_offset(object, local_symbol(name, kModelSymbol));
    const FileHash file = hash_file(object);
    std::fstream out(object, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(static_cast<std::streamoff>(offset));
    out.write(reinterpret_cast<const char*>(file.hash), sizeof file.hash);
    out.close();
    if (!out) throw Error(fmt::format("can't write '{}' ({})", object, std::strerror(errno)));
    return fmt::format("{:016x}{:016x}", file.hash[1], file.hash[0]);
}

}  // namespace senetc::package
