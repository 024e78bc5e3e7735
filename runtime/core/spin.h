// Waiting a moment before sleeping: a step's parallel loops follow each other by microseconds, and waking a sleeping
// thread takes longer than that.
#pragma once

#include <cstdint>
#include <ctime>

namespace senet {

constexpr int64_t kSpinNanoseconds = 30'000;

inline void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

inline int64_t now_nanoseconds() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * int64_t{1'000'000'000} + now.tv_nsec;
}

// True as soon as done() is; false after kSpinNanoseconds.
template <typename Done>
bool spin_until(Done done) {
    const int64_t end = now_nanoseconds() + kSpinNanoseconds;
    do {
        for (int i = 0; i < 16; ++i) {
            if (done()) return true;
            pause_briefly();
        }
    } while (now_nanoseconds() < end);
    return false;
}

}  // namespace senet
