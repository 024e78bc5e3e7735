#include "runtime/core/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace senet {

Hash hash_bytes(const void* bytes, size_t count) {
    const XXH128_hash_t hash = XXH3_128bits(bytes, count);
    return {hash.low64, hash.high64};
}

}  // namespace senet
