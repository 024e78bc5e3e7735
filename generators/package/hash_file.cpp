#define XXH_INLINE_ALL
#include <xxhash.h>

#include "generators/package/steps.h"
#include "models/weights/file_mapping.h"

namespace senetc::package {

FileHash hash_file(const std::string& path) {
    const FileMapping file(path);
    const XXH128_hash_t hash = XXH3_128bits(file.data(), file.size());
    return {file.size(), {hash.low64, hash.high64}};
}

}  // namespace senetc::package
