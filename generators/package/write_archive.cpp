#include <fmt/format.h>

#include "generators/package/steps.h"
#include "generators/package/write_file.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/MemoryBuffer.h"
#include "models/error.h"

namespace senetc::package {

void write_archive(const std::string& object, const std::string& name, const std::string& archive) {
    auto file = llvm::MemoryBuffer::getFile(object, false, /*RequiresNullTerminator=*/false);
    if (!file) throw Error(fmt::format("can't read '{}' ({})", object, file.getError().message()));
    std::vector<llvm::NewArchiveMember> members(1);
    members[0].Buf = std::move(*file);
    const std::string member = name + ".o";
    members[0].MemberName = member;
    write_file(archive, [&](llvm::raw_pwrite_stream& out) {
        llvm::Error error =
            llvm::writeArchiveToStream(out, members, llvm::SymtabWritingMode::NormalSymtab,
                                       llvm::object::Archive::K_GNU, /*Deterministic=*/true, /*Thin=*/false);
        if (error) throw Error(fmt::format("can't write '{}': {}", archive, llvm::toString(std::move(error))));
    });
}

}  // namespace senetc::package
