// How much heap a compiled pipeline asks for.
#pragma once

#include <Halide.h>

#include <cstdint>

namespace senetc {

// The sum of all heap allocations in the module, as if all were alive at once. Throws Error when one has no constant
// size: the runtime's scratch is planned ahead.
int64_t scratch_bytes(const Halide::Module& module);

}  // namespace senetc
