#include "generators/inspect/elf_image.h"

#include <fmt/format.h>

#include "llvm/BinaryFormat/ELF.h"
#include "models/error.h"

namespace senetc::inspect {
namespace {

namespace elf = llvm::ELF;

bool is_relative(uint16_t machine, uint32_t type) {
    return type == (machine == elf::EM_AARCH64 ? uint32_t{elf::R_AARCH64_RELATIVE} : uint32_t{elf::R_X86_64_RELATIVE});
}

}  // namespace

ElfImage::ElfImage(const std::string& path, const std::string& name) : name_(name) {
    auto buffer = llvm::MemoryBuffer::getFile(path, false, /*RequiresNullTerminator=*/false);
    if (!buffer) throw Error(fmt::format("{}: can't be read ({})", name, buffer.getError().message()));
    buffer_ = std::move(*buffer);
    size_ = buffer_->getBufferSize();
    if (size_ <= elf::EI_DATA || buffer_->getBuffer()[elf::EI_CLASS] != elf::ELFCLASS64 ||
        buffer_->getBuffer()[elf::EI_DATA] != elf::ELFDATA2LSB)
        fail("it is no 64-bit little-endian ELF file");
    const File file = get(File::create(buffer_->getBuffer()));
    machine_ = file.getHeader().e_machine;
    for (const auto& header : get(file.program_headers())) {
        if (header.p_type != elf::PT_LOAD) continue;
        if (header.p_offset > size_ || header.p_filesz > size_ - header.p_offset) fail("it is truncated");
        segments_.push_back({header.p_vaddr, header.p_offset, header.p_filesz});
    }
    read_symbols(file);
    read_relocations(file);
}

void ElfImage::fail(const std::string& why) const {
    throw Error(fmt::format("{}: {}; copy or build it again", name_, why));
}

uint16_t ElfImage::machine() const {
    return machine_;
}

void ElfImage::read_symbols(const File& file) {
    for (const auto& section : get(file.sections())) {
        if (section.sh_type != elf::SHT_SYMTAB) continue;
        const llvm::StringRef names = get(file.getStringTableForSymtab(section));
        for (const auto& symbol : get(file.symbols(&section))) {
            if (symbol.st_shndx == elf::SHN_UNDEF || symbol.st_name == 0) continue;
            const llvm::StringRef name = get(symbol.getName(names));
            symbols_.push_back({name.str(), symbol.st_value, symbol.st_size, symbol.getType() == elf::STT_FUNC});
        }
    }
}

void ElfImage::read_relocations(const File& file) {
    for (const auto& section : get(file.sections())) {
        if (section.sh_type != elf::SHT_RELA) continue;
        for (const auto& relocation : get(file.relas(section)))
            if (is_relative(machine_, relocation.getType(false)))
                relocations_[relocation.r_offset] = uint64_t(relocation.r_addend);
    }
}

std::string_view ElfImage::bytes(uint64_t address, uint64_t count) const {
    for (const Segment& segment : segments_) {
        if (address < segment.address || address - segment.address > segment.size) continue;
        const uint64_t at = address - segment.address;
        if (count <= segment.size - at) return {buffer_->getBufferStart() + segment.offset + at, count};
    }
    fail(fmt::format("address {:#x} lies outside its segments", address));
}

bool ElfImage::has(uint64_t address, std::string_view bytes) const {
    return std::any_of(segments_.begin(), segments_.end(), [&](const Segment& segment) {
        if (address < segment.address || address - segment.address >= segment.size) return false;
        const uint64_t at = address - segment.address;
        return std::string_view(buffer_->getBufferStart() + segment.offset + at, segment.size - at).starts_with(bytes);
    });
}

std::string ElfImage::text(uint64_t address) const {
    if (address == 0) return "";
    for (const Segment& segment : segments_) {
        if (address < segment.address || address - segment.address >= segment.size) continue;
        const uint64_t at = address - segment.address;
        const std::string_view rest(buffer_->getBufferStart() + segment.offset + at, segment.size - at);
        const size_t end = rest.find('\0');
        if (end != std::string_view::npos) return std::string(rest.substr(0, end));
    }
    fail(fmt::format("the text at address {:#x} has no end", address));
}

std::string ElfImage::relocated_bytes(uint64_t address, uint64_t count) const {
    std::string copy(bytes(address, count));
    for (auto at = relocations_.lower_bound(address); at != relocations_.end() && at->first < address + count; ++at) {
        if (at->first - address > count - sizeof at->second) fail("a pointer lies across the end of a table");
        std::memcpy(copy.data() + (at->first - address), &at->second, sizeof at->second);
    }
    return copy;
}

}  // namespace senetc::inspect
