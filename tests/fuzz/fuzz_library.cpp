// A library's file before any of it is loaded: trailer, hash and ELF header. The mutator mends length and hash, so that
// what lies behind them is reached. Nothing is loaded here: dlopen trusts a file, which is why all this comes first.
#include <cstdlib>
#include <cstring>

#include "runtime/core/elf_header.h"
#include "runtime/core/hash.h"
#include "runtime/core/verified_file.h"
#include "tests/fuzz/memory_file.h"

namespace {

constexpr size_t kTrailerBytes = sizeof(senet_trailer_v1_t);

void mend_trailer(uint8_t* bytes, size_t count) {
    if (count < kTrailerBytes) return;
    senet_trailer_v1_t trailer;
    uint8_t* at = bytes + count - kTrailerBytes;
    std::memcpy(&trailer, at, sizeof(trailer));
    const senet::Hash hash = senet::hash_bytes(bytes, count - kTrailerBytes);
    trailer.length = count - kTrailerBytes;
    trailer.trailer_bytes = kTrailerBytes;
    trailer.hash[0] = hash.low;
    trailer.hash[1] = hash.high;
    std::memcpy(at, &trailer, sizeof(trailer));
}

void check_status(senet_status status, const senet::VerifiedFile& file) {
    if (status != SENET_OK && std::strlen(senet_last_message()) < 10) abort();
    if (status == SENET_OK && file.trailer.length + kTrailerBytes != file.mapping.size()) abort();
    if (status == SENET_OK && strnlen(file.trailer.model, sizeof(file.trailer.model)) == sizeof(file.trailer.model))
        abort();
}

}  // namespace

extern "C" size_t LLVMFuzzerMutate(uint8_t* bytes, size_t count, size_t room);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* bytes, size_t count, size_t room, unsigned seed) {
    count = LLVMFuzzerMutate(bytes, count, room);
    if (seed % 4) mend_trailer(bytes, count);
    return count;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
    static fuzz::MemoryFile memory;
    memory.set(bytes, count);
    for (const senet::FileKind kind : {senet::FileKind::library, senet::FileKind::weights}) {
        senet::VerifiedFile file;
        check_status(senet::open_verified(memory.path().c_str(), kind, &file), file);
    }
    senet::read_elf_header(bytes, count);
    uint64_t address = 0, length = 0;
    if (count >= 16) {
        std::memcpy(&address, bytes + count - 16, 8);
        std::memcpy(&length, bytes + count - 8, 8);
    }
    const uint64_t offset = senet::file_offset(bytes, count, address, length);
    if (offset != senet::kNoOffset && (offset > count || length > count - offset)) abort();
    return 0;
}
