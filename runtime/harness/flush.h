// Memory out of the CPU's caches.
#pragma once

#include <cstddef>

namespace senet {

// False where programs may not.
bool can_flush();

void flush(const void* memory, size_t bytes);

}  // namespace senet
