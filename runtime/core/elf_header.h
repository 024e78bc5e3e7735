// What an ELF file says of itself, read without trusting it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace senet {

struct ElfHeader {
    bool is_elf = false;
    bool is_host = false;             // of this process's class, byte order and machine
    const char* machine = "another";  // "x86-64", "arm-64", ...
    uint64_t end = 0;                 // where sections and segments end in the file: a shorter file is truncated
};

const char* host_machine();
ElfHeader read_elf_header(const uint8_t* bytes, size_t count);

// Where in the file the `length` bytes lie that a loaded 64-bit library has at `address` (less where it was loaded) and
// that nothing may write to; kNoOffset when no segment holds them all.
constexpr uint64_t kNoOffset = UINT64_MAX;
uint64_t file_offset(const uint8_t* bytes, size_t count, uint64_t address, uint64_t length);

}  // namespace senet
