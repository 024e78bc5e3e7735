// Counts every allocation of the process: after a session is open, running makes none.
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/runtime/support/handles.h"
#include "tests/runtime/support/toy_reference.h"

using namespace senetc;

namespace {
std::atomic<long> allocations{0};
}

// The C library's own functions under other names; ours stand before them for the whole process.
extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);

void* malloc(size_t bytes) {
    ++allocations;
    return __libc_malloc(bytes);
}
void* calloc(size_t count, size_t bytes) {
    ++allocations;
    return __libc_calloc(count, bytes);
}
void* realloc(void* memory, size_t bytes) {
    ++allocations;
    return __libc_realloc(memory, bytes);
}
void* aligned_alloc(size_t alignment, size_t bytes) {
    ++allocations;
    return __libc_memalign(alignment, bytes);
}
void* mmap(void* at, size_t bytes, int protection, int flags, int file, off_t offset) noexcept {
    ++allocations;
    return reinterpret_cast<void*>(syscall(SYS_mmap, at, bytes, protection, flags, file, offset));
}
}

TEST_CASE("the counter counts") {
    const long before = allocations;
    const std::vector<float> memory(1000);
    CHECK(allocations > before);
}

TEST_CASE("runs allocate nothing, first or later, on the opening thread or another, whole batches or partial ones") {
    const Model model = open_toy();
    REQUIRE(model);
    const std::vector<float> images = toy_images(4);
    const std::vector<uint8_t> bytes = toy_bytes(4);
    for (uint32_t threads : {1u, 0u}) {
        const Session session = open_session(model, 4, threads);
        float logits[20];
        bool fine = true;
        long counted = -1;
        const auto run_all = [&] {
            const long before = allocations;
            for (int i = 0; i < 200; ++i) {
                const uint32_t batch = 1 + static_cast<uint32_t>(i) % 4;
                fine &= senet_session_run_f32(session.get(), batch, images.data(), logits) == SENET_OK;
                fine &= senet_session_run_u8(session.get(), batch, bytes.data(), logits) == SENET_OK;
            }
            counted = allocations - before;
        };
        run_all();
        CHECK(fine);
        CHECK(counted == 0);
        std::thread(run_all).join();
        CHECK(fine);
        CHECK(counted == 0);
    }
}
