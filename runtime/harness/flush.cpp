#include "runtime/harness/flush.h"

#include <csetjmp>
#include <csignal>
#include <cstdint>

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

}  // namespace

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

void flush(const void* memory, size_t bytes) {
    const uintptr_t begin = reinterpret_cast<uintptr_t>(memory);
    fence();
    for (uintptr_t line = begin & ~(kLine - 1); line < begin + bytes; line += kLine)
        flush_line(reinterpret_cast<const void*>(line));
    fence();
}

}  // namespace senet
