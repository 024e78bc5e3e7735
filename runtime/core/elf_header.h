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

ElfHeader read_elf_header(const uint8_t* bytes, size_t count);

}  // namespace senet
