#include "generators/inspect/cubin.h"

#include <cstring>
#include <map>

#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ELF.h"

namespace senetc::inspect {
namespace {

using File = llvm::object::ELF64LEFile;

// Attributes of .nv.info whose value is a function's symbol and a number. NVIDIA documents none; these are what its
// tools print as EIATTR_REGCOUNT and EIATTR_FRAME_SIZE.
enum Attribute : uint8_t { kFrameSize = 0x11, kRegisterCount = 0x2f };
constexpr uint8_t kSized = 4;  // the form of attributes that carry their size; all others take four bytes

struct Numbers {
    std::map<uint32_t, uint32_t> registers, stack_bytes;  // by symbol
};

void read_info(llvm::StringRef info, Numbers& numbers) {
    for (size_t at = 0; at + 4 <= info.size();) {
        const uint8_t form = uint8_t(info[at]), attribute = uint8_t(info[at + 1]);
        uint16_t size = 0;
        if (form == kSized) std::memcpy(&size, info.data() + at + 2, sizeof size);
        at += 4;
        if (size == 8 && at + size <= info.size()) {
            uint32_t value[2];
            std::memcpy(value, info.data() + at, sizeof value);
            if (attribute == kRegisterCount) numbers.registers[value[0]] = value[1];
            if (attribute == kFrameSize) numbers.stack_bytes[value[0]] = value[1];
        }
        at += size;
    }
}

template <typename Value>
Value or_empty(llvm::Expected<Value> value) {
    if (value) return std::move(*value);
    llvm::consumeError(value.takeError());
    return {};
}

std::string symbol_name(const File& file, const File::Elf_Shdr& table, uint32_t symbol) {
    const auto symbols = or_empty(file.symbols(&table));
    if (symbol >= symbols.size()) return "";
    return or_empty(symbols[symbol].getName(or_empty(file.getStringTableForSymtab(table)))).str();
}

}  // namespace

std::vector<CubinKernel> cubin_kernels(const std::string& cubin) {
    auto file = File::create(cubin);
    if (!file) {
        llvm::consumeError(file.takeError());
        return {};
    }
    Numbers numbers;
    std::vector<CubinKernel> kernels;
    const auto sections = or_empty(file->sections());
    for (const auto& section : sections)
        if (or_empty(file->getSectionName(section)) == ".nv.info")
            read_info(llvm::toStringRef(or_empty(file->getSectionContents(section))), numbers);
    for (const auto& section : sections) {
        if (section.sh_type != llvm::ELF::SHT_SYMTAB) continue;
        for (const auto& [symbol, registers] : numbers.registers)
            kernels.push_back({symbol_name(*file, section, symbol), registers, numbers.stack_bytes[symbol]});
    }
    return kernels;
}

}  // namespace senetc::inspect
