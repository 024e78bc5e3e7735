// XXH3-128, which files and weights are checked with.
#pragma once

#include <cstddef>
#include <cstdint>

namespace senet {

struct Hash {
    uint64_t low = 0, high = 0;
    bool operator==(const Hash&) const = default;
};

Hash hash_bytes(const void* bytes, size_t count);

}  // namespace senet
