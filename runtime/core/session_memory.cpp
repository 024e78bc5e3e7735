#include "runtime/core/session_memory.h"

#include <sys/mman.h>
#include <new>

#include "runtime/core/status.h"

namespace senet {
namespace {

constexpr size_t kHugePage = 2 << 20;

// Maps written over and over by kernels that stream through megabytes: huge pages save most of their TLB misses, and
// all but a few of the first run's page faults.
void* map_memory(size_t bytes) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    if (bytes >= kHugePage) madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
}

senet_status check_arena(const ResolvedOptions& options, size_t needed) {
    if (reinterpret_cast<uintptr_t>(options.arena) % SENET_ARENA_ALIGNMENT != 0)
        return fail(SENET_INVALID_ARGUMENT, "arena is not aligned to %d bytes", SENET_ARENA_ALIGNMENT);
    if (options.arena_bytes < needed)
        return fail(SENET_INVALID_ARGUMENT, "arena has %zu bytes and %zu are needed: ask senet_session_arena_bytes",
                    options.arena_bytes, needed);
    return SENET_OK;
}

}  // namespace

senet_status take_memory(const ResolvedOptions& options, const SessionLayout& layout, senet_session** session) {
    void* block = options.arena;
    if (block != nullptr) {
        if (const senet_status status = check_arena(options, layout.total)) return status;
    } else {
        block = map_memory(layout.total);
        if (block == nullptr)
            return fail(SENET_OUT_OF_MEMORY, "no memory for a session's %zu bytes: take a smaller max_batch",
                        layout.total);
    }
    *session = new (block) senet_session{};
    if (options.arena == nullptr) {
        (*session)->mapping = block;
        (*session)->mapping_bytes = layout.total;
    }
    return SENET_OK;
}

void give_memory_back(senet_session* session) {
    if (session->mapping != nullptr) munmap(session->mapping, session->mapping_bytes);
}

}  // namespace senet
