#include "runtime/measure/bandwidth.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>

namespace senetc {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kStride = 512;  // bytes that one turn of a loop reads

// Pages of our own, written once so that every one is memory and not the system's page of zeros.
class Block {
  public:
    explicit Block(size_t bytes) : bytes_(bytes) {
        void* memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) return;
        madvise(memory, bytes_, MADV_HUGEPAGE);  // fewer misses of the TLB; a kernel that refuses does no harm
        std::memset(memory, 1, bytes_);
        data_ = static_cast<const uint8_t*>(memory);
    }
    ~Block() {
        if (data_) munmap(const_cast<uint8_t*>(data_), bytes_);
    }
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    const uint8_t* data() const { return data_; }  // nullptr: no memory

  private:
    size_t bytes_;
    const uint8_t* data_ = nullptr;
};

// Assembly, since a compiler drops loads whose values nobody uses.
#if defined(__x86_64__)

// clang-format off
#define SENETC_LOADS(r, size)              \
    "vmovups 0*" size "(%0), %%" r "0\n\t" \
    "vmovups 1*" size "(%0), %%" r "1\n\t" \
    "vmovups 2*" size "(%0), %%" r "2\n\t" \
    "vmovups 3*" size "(%0), %%" r "3\n\t" \
    "vmovups 4*" size "(%0), %%" r "4\n\t" \
    "vmovups 5*" size "(%0), %%" r "5\n\t" \
    "vmovups 6*" size "(%0), %%" r "6\n\t" \
    "vmovups 7*" size "(%0), %%" r "7\n\t"
// clang-format on
#define SENETC_CLOBBERS "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "cc", "memory"

void read_zmm(const uint8_t* from, const uint8_t* to) {
    __asm__ volatile("1:\n\t" SENETC_LOADS("zmm", "64") "add $512, %0\n\t"
                                                        "cmp %1, %0\n\t"
                                                        "jb 1b\n\t"
                                                        "vzeroupper"
                     : "+r"(from)
                     : "r"(to)
                     : SENETC_CLOBBERS);
}

void read_ymm(const uint8_t* from, const uint8_t* to) {
    __asm__ volatile("1:\n\t" SENETC_LOADS("ymm", "32") "add $256, %0\n\t"
                                                        "cmp %1, %0\n\t"
                                                        "jb 1b\n\t"
                                                        "vzeroupper"
                     : "+r"(from)
                     : "r"(to)
                     : SENETC_CLOBBERS);
}

using Read = void (*)(const uint8_t*, const uint8_t*);

Read widest_loads() {
    if (__builtin_cpu_supports("avx512f")) return read_zmm;
    return __builtin_cpu_supports("avx2") ? read_ymm : nullptr;
}

#elif defined(__aarch64__)

using Read = void (*)(const uint8_t*, const uint8_t*);

void read_neon(const uint8_t* from, const uint8_t* to) {
    __asm__ volatile(
        "1:\n\t"
        "ldp q0, q1, [%0]\n\t"
        "ldp q2, q3, [%0, #32]\n\t"
        "ldp q4, q5, [%0, #64]\n\t"
        "ldp q6, q7, [%0, #96]\n\t"
        "add %0, %0, #128\n\t"
        "cmp %0, %1\n\t"
        "b.lo 1b\n\t"
        : "+r"(from)
        : "r"(to)
        : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "cc", "memory");
}

Read widest_loads() {
    return read_neon;
}

#else

using Read = void (*)(const uint8_t*, const uint8_t*);

Read widest_loads() {
    return nullptr;
}

#endif

double seconds_of(Read read, const uint8_t* data, size_t bytes, int64_t passes) {
    const auto begin = Clock::now();
    for (int64_t i = 0; i < passes; ++i) read(data, data + bytes);
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

// "2048K" of /sys/devices/system/cpu/cpu0/cache/index2/size.
size_t parse_size(const std::string& text) {
    const size_t number = std::strtoull(text.c_str(), nullptr, 10);
    return text.ends_with('K') ? number << 10 : text.ends_with('M') ? number << 20 : number;
}

size_t last_level_bytes() {
    size_t largest = 0;
    for (int level = 1; level <= 4; ++level) largest = std::max(largest, cache_bytes(level));
    return largest;
}

}  // namespace

double measure_read_bandwidth(size_t bytes, double seconds) {
    const Read read = widest_loads();
    bytes = bytes / kStride * kStride;
    if (read == nullptr || bytes == 0) return 0;
    const Block block(bytes);
    if (block.data() == nullptr) return 0;
    int64_t passes = 1;  // a slice of at least 1 ms, and a warm-up of caches and clocks
    while (seconds_of(read, block.data(), bytes, passes) < 1e-3) passes *= 2;
    double best = 0;
    for (const auto begin = Clock::now(); std::chrono::duration<double>(Clock::now() - begin).count() < seconds;)
        best = std::max(best, double(bytes) * double(passes) / seconds_of(read, block.data(), bytes, passes) * 1e-9);
    return best;
}

size_t cache_bytes(int level) {
    for (int index = 0; index < 8; ++index) {
        const std::string folder = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index);
        std::string type, size;
        int found = 0;
        std::ifstream(folder + "/type") >> type;
        std::ifstream(folder + "/level") >> found;
        std::ifstream(folder + "/size") >> size;
        if (found == level && type != "Instruction") return parse_size(size);
    }
    return 0;
}

double measure_l2_bandwidth(double seconds) {
    return measure_read_bandwidth(cache_bytes(2) / 2, seconds);
}

double measure_memory_bandwidth(double seconds) {
    constexpr size_t least = size_t{64} << 20, most = size_t{512} << 20;
    return measure_read_bandwidth(std::clamp(2 * last_level_bytes(), least, most), seconds);
}

}  // namespace senetc
