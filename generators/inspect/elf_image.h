// A shared library's bytes by the addresses that they will have, with its relative relocations applied.
#pragma once

#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "llvm/Object/ELF.h"
#include "llvm/Support/MemoryBuffer.h"

namespace senetc::inspect {

struct Symbol {
    std::string name;
    uint64_t address = 0, size = 0;
    bool is_function = false;
};

class ElfImage {
  public:
    // Throws Error for what is no 64-bit little-endian ELF file, or a damaged one. `name` is for sentences.
    ElfImage(const std::string& path, const std::string& name);

    uint16_t machine() const;                                        // ELF::EM_...
    std::string_view bytes(uint64_t address, uint64_t count) const;  // as they lie in the file
    std::string text(uint64_t address) const;                        // "" at address 0
    bool has(uint64_t address, std::string_view bytes) const;        // false outside the file, too
    // Every symbol with a name and an address; empty when the file has been stripped of them.
    const std::vector<Symbol>& symbols() const { return symbols_; }

    // `count` structs whose pointers hold addresses.
    template <typename Struct>
    std::vector<Struct> table(uint64_t address, uint64_t count) const {
        if (count > size_ / sizeof(Struct)) fail("a table is longer than the file");
        const std::string relocated = relocated_bytes(address, count * sizeof(Struct));
        std::vector<Struct> values(count);
        if (count) std::memcpy(values.data(), relocated.data(), relocated.size());
        return values;
    }

    [[noreturn]] void fail(const std::string& why) const;

  private:
    using File = llvm::object::ELF64LEFile;

    template <typename Value>
    Value get(llvm::Expected<Value> value) const {
        if (!value) fail(llvm::toString(value.takeError()));
        return std::move(*value);
    }
    void read_symbols(const File& file);
    void read_relocations(const File& file);
    std::string relocated_bytes(uint64_t address, uint64_t count) const;

    struct Segment {
        uint64_t address, offset, size;
    };
    std::string name_;
    std::unique_ptr<llvm::MemoryBuffer> buffer_;
    size_t size_ = 0;
    uint16_t machine_ = 0;
    std::vector<Segment> segments_;
    std::vector<Symbol> symbols_;
    std::map<uint64_t, uint64_t> relocations_;  // address of a pointer -> what it points to
};

inline uint64_t address_of(const void* pointer) {
    return reinterpret_cast<uint64_t>(pointer);
}

}  // namespace senetc::inspect
