// Kernels' temporary memory: each thread of a session has a slot, and a bump pointer in it.
//
// A slot is found through a thread-local that stands for "what the calling thread works on": set for the length of a
// kernel or task, which also gives everything back at its end.
#pragma once

#include <cstddef>
#include <cstdint>

namespace senet {

constexpr size_t kScratchAlignment = 128;
constexpr uint32_t kMaxScratchBlocks = 32;  // alive at once in one thread

// Bytes that a slot for the plan's scratch_bytes needs: each block may lose up to an alignment.
constexpr size_t kScratchSlack = kScratchAlignment * kMaxScratchBlocks;

struct ScratchBlock {
    size_t begin, bytes;
    bool freed;
};

struct Scratch {
    uint8_t* memory;  // kScratchAlignment-aligned, limit + kScratchSlack bytes, whole alignments
    size_t limit;     // the plan's scratch_bytes: what may be alive at once
    size_t alive;
    uint32_t num_blocks;
    bool exceeded;  // a request was refused since this was last cleared
    ScratchBlock blocks[kMaxScratchBlocks];

    void* allocate(size_t bytes);  // nullptr beyond the limit
    void release(void* pointer);   // in any order
};

Scratch* current_scratch();

// For its lifetime the calling thread allocates from `scratch`; at its end that is as it was before.
class ScratchUse {
  public:
    explicit ScratchUse(Scratch* scratch);
    ~ScratchUse();
    ScratchUse(const ScratchUse&) = delete;
    ScratchUse& operator=(const ScratchUse&) = delete;

  private:
    Scratch* const scratch_;
    Scratch* const outer_;
    const uint32_t num_blocks_;
    const size_t alive_;
};

}  // namespace senet
