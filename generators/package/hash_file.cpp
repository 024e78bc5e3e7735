#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "generators/package/steps.h"
#include "llvm/Support/MemoryBuffer.h"
#include "models/error.h"

namespace senetc::package {

FileHash hash_file(const std::string& path) {
    // Without the terminating zero that LLVM otherwise adds, which would copy a file that ends on a page's end.
    const auto file = llvm::MemoryBuffer::getFile(path, false, /*RequiresNullTerminator=*/false);
    if (!file) throw Error(fmt::format("can't read '{}' ({})", path, file.getError().message()));
    const XXH128_hash_t hash = XXH3_128bits((*file)->getBufferStart(), (*file)->getBufferSize());
    return {(*file)->getBufferSize(), {hash.low64, hash.high64}};
}

}  // namespace senetc::package
