// Kernels' scratch: a bump pointer that gives back in any order.
#include <doctest/doctest.h>

#include <cstdlib>
#include <cstring>
#include <memory>

#include "runtime/core/scratch.h"

namespace {

struct Slot {
    explicit Slot(size_t limit) : memory(aligned_alloc(128, (limit + 127) / 128 * 128 + senet::kScratchSlack)) {
        memset(&scratch, 0, sizeof(scratch));
        scratch.memory = static_cast<uint8_t*>(memory);
        scratch.limit = limit;
    }
    ~Slot() { free(memory); }
    void* memory;
    senet::Scratch scratch;
};

}  // namespace

TEST_CASE("blocks are aligned, apart, and hold what was planned to the byte") {
    Slot slot(1000);
    auto* a = static_cast<uint8_t*>(slot.scratch.allocate(300));
    auto* b = static_cast<uint8_t*>(slot.scratch.allocate(700));
    REQUIRE((a && b));
    CHECK(reinterpret_cast<uintptr_t>(b) % 128 == 0);
    CHECK(b >= a + 300);
    memset(b, 1, 700);
    CHECK(slot.scratch.allocate(1) == nullptr);
    CHECK(slot.scratch.exceeded);
}

TEST_CASE("freed blocks are used again, whatever the order of freeing") {
    Slot slot(1000);
    for (int round = 0; round < 100; ++round) {
        void* blocks[3] = {slot.scratch.allocate(300), slot.scratch.allocate(300), slot.scratch.allocate(400)};
        for (void* block : blocks) REQUIRE(block != nullptr);
        for (int i = 0; i < 3; ++i) slot.scratch.release(blocks[(i + round) % 3]);
    }
}

TEST_CASE("too many small blocks are refused, not overrun") {
    Slot slot(1 << 20);
    uint32_t count = 0;
    while (slot.scratch.allocate(1) != nullptr) ++count;
    CHECK(count == senet::kMaxScratchBlocks);
    CHECK(slot.scratch.allocate(SIZE_MAX) == nullptr);
}

TEST_CASE("a task's blocks are gone when it ends and its caller's stay") {
    Slot slot(1000);
    const senet::ScratchUse kernel(&slot.scratch);
    void* kept = slot.scratch.allocate(100);
    {
        const senet::ScratchUse task(&slot.scratch);
        CHECK(senet::current_scratch()->allocate(900) != nullptr);
        CHECK(senet::current_scratch()->allocate(1) == nullptr);
    }
    CHECK(slot.scratch.allocate(900) != nullptr);
    CHECK(kept == slot.scratch.memory);
}
