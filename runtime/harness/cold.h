// Parameters as a call within a network finds them: not in the caches of the core, where the parameters of all other
// steps have been since. They are in the cache that cores share where a network's fit in there, else in memory.
#pragma once

#include "runtime/harness/call.h"

namespace senet {

class Cold {
  public:
    // network_bytes: of all parameters that a run of the network reads; 0: more than any cache holds. False where
    // neither can be had: programs may not flush caches here, and there is no memory.
    bool prepare(uint64_t network_bytes, uint32_t threads);

    // "memory", "shared cache"
    const char* from() const { return sweep_ != nullptr ? "shared cache" : "memory"; }

    // Before a call. Its inputs are in the caches, as if just computed.
    void before(const Call& call) const;

  private:
    void sweep_caches() const;

    uint32_t threads_ = 1;
    uint8_t* sweep_ = nullptr;  // `threads_` pieces, each larger than what a core has alone; nullptr: flush to memory
    size_t piece_ = 0;
};

}  // namespace senet
