#include "runtime/core/cpu.h"

#include <cstdio>
#include <cstring>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace senet {
namespace {

enum Register { kLeaf1Ecx, kLeaf7Ebx, kXcr0 };

// One line per thing that a feature consists of: all bits of `mask` must be set in the register.
struct Part {
    uint64_t feature;
    const char* name;
    Register where;
    uint64_t mask;
};

constexpr uint64_t bit(int index) {
    return uint64_t{1} << index;
}

constexpr Part kParts[] = {
    {SENET_CPU_X86_AVX2, "sse4.1", kLeaf1Ecx, bit(19)},
    {SENET_CPU_X86_AVX2, "avx", kLeaf1Ecx, bit(28)},
    {SENET_CPU_X86_AVX2, "fma", kLeaf1Ecx, bit(12)},
    {SENET_CPU_X86_AVX2, "f16c", kLeaf1Ecx, bit(29)},
    {SENET_CPU_X86_AVX2, "avx2", kLeaf7Ebx, bit(5)},
    {SENET_CPU_X86_AVX2, "the operating system's support for ymm registers", kXcr0, bit(1) | bit(2)},
    {SENET_CPU_X86_AVX512, "avx512f", kLeaf7Ebx, bit(16)},
    {SENET_CPU_X86_AVX512, "avx512dq", kLeaf7Ebx, bit(17)},
    {SENET_CPU_X86_AVX512, "avx512cd", kLeaf7Ebx, bit(28)},
    {SENET_CPU_X86_AVX512, "avx512bw", kLeaf7Ebx, bit(30)},
    {SENET_CPU_X86_AVX512, "avx512vl", kLeaf7Ebx, bit(31)},
    {SENET_CPU_X86_AVX512, "the operating system's support for zmm registers", kXcr0, bit(5) | bit(6) | bit(7)},
};
constexpr uint64_t kKnown = SENET_CPU_X86_AVX2 | SENET_CPU_X86_AVX512;

// AVX-512 stands on all of AVX2.
uint64_t with_implied(uint64_t features) {
    return features & SENET_CPU_X86_AVX512 ? features | SENET_CPU_X86_AVX2 : features;
}

bool has(const CpuRegisters& cpu, const Part& part) {
    const uint64_t value = part.where == kLeaf1Ecx ? cpu.leaf1_ecx : part.where == kLeaf7Ebx ? cpu.leaf7_ebx : cpu.xcr0;
    return (value & part.mask) == part.mask;
}

void append(const char* name, char* text, size_t bytes) {
    const size_t used = strlen(text);
    snprintf(text + used, bytes - used, "%s%s", used ? ", " : "", name);
}

}  // namespace

CpuRegisters read_cpu() {
    CpuRegisters cpu;
#if defined(__x86_64__) || defined(__i386__)
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return cpu;
    cpu.leaf1_ecx = ecx;
    if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) cpu.leaf7_ebx = ebx;
    if (cpu.leaf1_ecx & bit(27)) {  // OSXSAVE: XGETBV exists
        uint32_t low = 0, high = 0;
        __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
        cpu.xcr0 = (uint64_t{high} << 32) | low;
    }
#endif
    return cpu;
}

uint64_t cpu_features(const CpuRegisters& cpu) {
    uint64_t features = kKnown;
    for (const Part& part : kParts)
        if (!has(cpu, part)) features &= ~part.feature;
    if (!(features & SENET_CPU_X86_AVX2)) features &= ~SENET_CPU_X86_AVX512;
    return features;
}

void list_missing(const CpuRegisters& cpu, uint64_t features, char* text, size_t bytes) {
    text[0] = '\0';
    for (const Part& part : kParts)
        if ((with_implied(features) & part.feature) && !has(cpu, part)) append(part.name, text, bytes);
    if (features & ~kKnown) append("a feature that this libsenet doesn't know", text, bytes);
}

}  // namespace senet
