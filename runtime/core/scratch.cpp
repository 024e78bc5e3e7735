#include "runtime/core/scratch.h"

namespace senet {
namespace {

// Of the initial TLS block, so that no first touch on a new thread allocates.
[[gnu::tls_model("initial-exec")]] thread_local Scratch* current = nullptr;

size_t aligned(size_t bytes) {
    return (bytes + kScratchAlignment - 1) & ~(kScratchAlignment - 1);
}

}  // namespace

void* Scratch::allocate(size_t bytes) {
    if (bytes > limit - alive || num_blocks == kMaxScratchBlocks) {
        exceeded = true;
        return nullptr;
    }
    // A block freed below a living one keeps its place, so the top may come to the end before `alive` does.
    const ScratchBlock* top = num_blocks ? &blocks[num_blocks - 1] : nullptr;
    const size_t begin = top ? top->begin + aligned(top->bytes ? top->bytes : 1) : 0;
    if (begin + bytes > limit + kScratchSlack) {
        exceeded = true;
        return nullptr;
    }
    blocks[num_blocks++] = {begin, bytes, false};
    alive += bytes;
    return memory + begin;
}

void Scratch::release(void* pointer) {
    const size_t begin = static_cast<size_t>(static_cast<uint8_t*>(pointer) - memory);
    for (uint32_t i = num_blocks; i-- > 0;) {
        if (blocks[i].begin != begin || blocks[i].freed) continue;
        blocks[i].freed = true;
        alive -= blocks[i].bytes;
        break;
    }
    while (num_blocks > 0 && blocks[num_blocks - 1].freed) --num_blocks;
}

Scratch* current_scratch() {
    return current;
}

ScratchUse::ScratchUse(Scratch* scratch)
    : scratch_(scratch), outer_(current), num_blocks_(scratch->num_blocks), alive_(scratch->alive) {
    current = scratch;
}

ScratchUse::~ScratchUse() {
    scratch_->num_blocks = num_blocks_;
    scratch_->alive = alive_;
    current = outer_;
}

}  // namespace senet
