#include "runtime/core/elf_header.h"

#include <elf.h>
#include <cstring>

namespace senet {
namespace {

const char* machine_name(uint16_t machine) {
    switch (machine) {
        case EM_X86_64:
            return "x86-64";
        case EM_386:
            return "x86-32";
        case EM_AARCH64:
            return "arm-64";
        case EM_ARM:
            return "arm-32";
        case EM_RISCV:
            return "riscv";
        default:
            return "another machine";
    }
}

#if defined(__x86_64__)
constexpr uint16_t kHostMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t kHostMachine = EM_AARCH64;
#elif defined(__arm__)
constexpr uint16_t kHostMachine = EM_ARM;
#else
constexpr uint16_t kHostMachine = EM_NONE;
#endif
constexpr uint8_t kHostClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;

// Saturates: a damaged header may hold any numbers.
uint64_t end_of(uint64_t offset, uint64_t bytes) {
    return offset + bytes < offset ? UINT64_MAX : offset + bytes;
}

bool read_segment(const Elf64_Ehdr& header, const uint8_t* bytes, size_t count, unsigned index, Elf64_Phdr* segment) {
    const uint64_t at = end_of(header.e_phoff, uint64_t{index} * sizeof(*segment));
    if (end_of(at, sizeof(*segment)) > count) return false;
    memcpy(segment, bytes + at, sizeof(*segment));
    return true;
}

uint64_t end_of_file(const Elf64_Ehdr& header, const uint8_t* bytes, size_t count) {
    uint64_t end = end_of(header.e_shoff, uint64_t{header.e_shnum} * header.e_shentsize);
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr segment;
        if (!read_segment(header, bytes, count, i, &segment)) return UINT64_MAX;
        const uint64_t segment_end = end_of(segment.p_offset, segment.p_filesz);
        if (segment_end > end) end = segment_end;
    }
    return end;
}

}  // namespace

const char* host_machine() {
    return machine_name(kHostMachine);
}

ElfHeader read_elf_header(const uint8_t* bytes, size_t count) {
    ElfHeader result;
    if (count < EI_NIDENT || memcmp(bytes, ELFMAG, SELFMAG) != 0) return result;
    result.is_elf = true;
    if (count < sizeof(Elf64_Ehdr)) {
        result.end = UINT64_MAX;
        return result;
    }
    Elf64_Ehdr header;  // e_machine lies at the same place in 32-bit files
    memcpy(&header, bytes, sizeof(header));
    result.machine = machine_name(header.e_machine);
    result.is_host = header.e_ident[EI_CLASS] == kHostClass && header.e_ident[EI_DATA] == ELFDATA2LSB &&
                     header.e_machine == kHostMachine;
    if (header.e_ident[EI_CLASS] == ELFCLASS64) result.end = end_of_file(header, bytes, count);
    return result;
}

uint64_t file_offset(const uint8_t* bytes, size_t count, uint64_t address, uint64_t length) {
    Elf64_Ehdr header;
    if (count < sizeof(header) || bytes[EI_CLASS] != ELFCLASS64) return kNoOffset;
    memcpy(&header, bytes, sizeof(header));
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr segment;
        if (!read_segment(header, bytes, count, i, &segment)) return kNoOffset;
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) || address < segment.p_vaddr) continue;
        const uint64_t at = address - segment.p_vaddr, offset = end_of(segment.p_offset, at);
        if (end_of(at, length) <= segment.p_filesz && end_of(offset, length) <= count) return offset;
    }
    return kNoOffset;
}

}  // namespace senet
