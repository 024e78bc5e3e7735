#include "runtime/harness/cold.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "runtime/core/pool.h"
#include "runtime/core/spin.h"

namespace senet {
namespace {

constexpr uintptr_t kLine = 64;  // the smallest of any CPU that networks are built for

#if defined(__x86_64__)
void flush_line(const void* line) {
    __asm__ volatile("clflush %0" : "+m"(*static_cast<volatile char*>(const_cast<void*>(line))));
}
void fence() {
    __asm__ volatile("mfence" ::: "memory");
}
#elif defined(__aarch64__)
void flush_line(const void* line) {
    __asm__ volatile("dc civac, %0" ::"r"(line) : "memory");
}
void fence() {
    __asm__ volatile("dsb sy" ::: "memory");
}
#endif

sigjmp_buf refused;
void on_refusal(int) {
    siglongjmp(refused, 1);
}

bool can_flush() {
    char probe = 0;
    struct sigaction own {
    }, before;
    own.sa_handler = on_refusal;
    sigaction(SIGILL, &own, &before);
    const bool may = sigsetjmp(refused, 1) == 0;
    if (may) flush_line(&probe);
    sigaction(SIGILL, &before, nullptr);
    return may;
}

void flush(const uint8_t* memory, size_t bytes) {
    const uintptr_t begin = reinterpret_cast<uintptr_t>(memory);
    fence();
    for (uintptr_t line = begin & ~(kLine - 1); line < begin + bytes; line += kLine)
        flush_line(reinterpret_cast<const void*>(line));
    fence();
}

void read_lines(const uint8_t* memory, size_t bytes) {
    for (size_t i = 0; i < bytes; i += kLine) (void)*static_cast<const volatile uint8_t*>(memory + i);
}

// Of the first CPU's cache of that level, in bytes; 0 where there is none or the system doesn't say.
size_t cache_bytes(int level) {
    char path[80], text[32] = {};
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", level);  // 0, 1: the first level
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    const ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    return count > 0 ? strtoull(text, nullptr, 10) << 10 : 0;
}

struct Sweep {
    const uint8_t* memory;
    size_t piece;
    uint32_t threads;
    std::atomic<uint32_t> begun;
};

// Each thread takes one piece: it waits a moment for the others, so that none takes two.
int sweep_piece(void* user, uint32_t, int index) {
    Sweep& sweep = *static_cast<Sweep*>(user);
    sweep.begun.fetch_add(1);
    spin_until([&] { return sweep.begun.load() == sweep.threads; });
    for (int times = 0; times < 2; ++times)
        read_lines(sweep.memory + static_cast<size_t>(index) * sweep.piece, sweep.piece);
    return 0;
}

}  // namespace

bool Cold::prepare(uint64_t network_bytes, uint32_t threads) {
    const size_t own = cache_bytes(2), shared = cache_bytes(3);
    threads_ = threads;
    if (network_bytes == 0 || network_bytes > shared / 2 || own == 0) return can_flush();
    piece_ = 2 * own;
    void* memory = mmap(nullptr, piece_ * threads, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return can_flush();
    sweep_ = static_cast<uint8_t*>(memory);
    for (size_t i = 0; i < piece_ * threads; i += kLine) sweep_[i] = 1;  // pages of its own, not all the zero page
    return true;
}

void Cold::before(const Call& call) const {
    if (sweep_ != nullptr) sweep_caches();
    for (uint32_t i = 0; i < call.kernel().num_args; ++i) {
        const senetc_job_storage_t& storage = call.storage_of(i);
        if (storage.role == SENETC_JOB_PARAMETER && sweep_ == nullptr) flush(call.argument(i).host, storage.bytes);
        if (storage.role == SENETC_JOB_INPUT && sweep_ != nullptr) read_lines(call.memory(i), call.bytes(i));
    }
}

void Cold::sweep_caches() const {
    Sweep sweep{sweep_, piece_, threads_, {}};
    parallel_for(threads_, sweep_piece, &sweep, 0, static_cast<int>(threads_));
}

}  // namespace senet
