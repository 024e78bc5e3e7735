#include "runtime/core/hash.h"

#include "runtime/core/cpu.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace senet {

#if defined(__x86_64__)
Hash hash_bytes_avx2(const void* bytes, size_t count);  // hash_avx2.cpp
#endif

Hash hash_bytes(const void* bytes, size_t count) {
#if defined(__x86_64__)
    if (cpu_features(read_cpu()) & SENET_CPU_X86_AVX2) return hash_bytes_avx2(bytes, count);
#endif
    const XXH128_hash_t hash = XXH3_128bits(bytes, count);
    return {hash.low64, hash.high64};
}

}  // namespace senet
