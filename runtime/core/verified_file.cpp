#include "runtime/core/verified_file.h"

#include <cctype>
#include <cinttypes>
#include <cstring>

#include "runtime/core/elf_header.h"
#include "runtime/core/hash.h"
#include "runtime/core/status.h"

namespace senet {
namespace {

constexpr size_t kTrailerBytes = sizeof(senet_trailer_v1_t);
constexpr size_t kMagicBytes = sizeof(senet_trailer_v1_t::magic);

const char* name_of(FileKind kind) {
    return kind == FileKind::library ? "senet library" : "senet weights file";
}
const char* magic_of(FileKind kind) {
    return kind == FileKind::library ? SENET_MAGIC_LIBRARY : SENET_MAGIC_WEIGHTS;
}
FileKind other(FileKind kind) {
    return kind == FileKind::library ? FileKind::weights : FileKind::library;
}

bool has_magic(const Mapping& file, uint64_t at, FileKind kind) {
    return at <= file.size() && file.size() - at >= kMagicBytes &&
           memcmp(file.data() + at, magic_of(kind), kMagicBytes) == 0;
}

bool ends_with_trailer(const Mapping& file, FileKind kind) {
    return file.size() >= kTrailerBytes && has_magic(file, file.size() - kTrailerBytes, kind);
}

// The file doesn't end with the right magic: say what it is instead.
senet_status explain_missing_trailer(const char* path, const Mapping& file, FileKind kind) {
    if (ends_with_trailer(file, other(kind)))
        return fail(SENET_BAD_FILE, "%.800s is a %s, where a %s is expected", path, name_of(other(kind)),
                    name_of(kind));
    const ElfHeader elf = read_elf_header(file.data(), file.size());
    if (kind == FileKind::weights || !elf.is_elf)
        return fail(SENET_BAD_FILE, "%.800s is no %s, or a truncated one: it doesn't end with a senet trailer", path,
                    name_of(kind));
    if (elf.end > file.size())
        return fail(SENET_BAD_FILE, "%.800s is truncated at %zu bytes: copy or build it again", path, file.size());
    if (has_magic(file, elf.end, kind)) {
        const bool shorter = file.size() < elf.end + kTrailerBytes;
        return fail(SENET_BAD_FILE, "%.800s %s: copy or build it again", path,
                    shorter ? "is truncated within its trailer" : "has bytes after its trailer");
    }
    return fail(SENET_BAD_FILE, "%.800s is a shared library but no senet library: it has no senet trailer", path);
}

bool is_model_name(const char (&name)[sizeof(senet_trailer_v1_t::model)]) {
    const size_t length = strnlen(name, sizeof(name));
    if (length == 0 || length == sizeof(name)) return false;
    for (size_t i = 0; i < length; ++i)
        if (!isalnum(static_cast<unsigned char>(name[i])) && name[i] != '_') return false;
    return true;
}

senet_status check_trailer(const char* path, const VerifiedFile& file) {
    const senet_trailer_v1_t& trailer = file.trailer;
    if (trailer.abi_version > SENET_MODEL_ABI_VERSION)
        return fail(SENET_INCOMPATIBLE,
                    "%.800s is made for a newer libsenet: it has model ABI %u, and libsenet %s knows up to %u", path,
                    trailer.abi_version, senet_version(), SENET_MODEL_ABI_VERSION);
    const uint64_t length = file.mapping.size() - kTrailerBytes;
    if (trailer.length != length)
        return fail(SENET_BAD_FILE,
                    "%.800s is %s: its trailer speaks of %" PRIu64 " bytes and there are %" PRIu64
                    "; copy or build it again",
                    path, length < trailer.length ? "truncated" : "damaged", trailer.length, length);
    if (trailer.abi_version == 0 || trailer.trailer_bytes != kTrailerBytes || !is_model_name(trailer.model))
        return fail(SENET_BAD_FILE, "%.800s has a damaged trailer: copy or build it again", path);
    const Hash hash = hash_bytes(file.mapping.data(), length);
    if (hash != Hash{trailer.hash[0], trailer.hash[1]})
        return fail(SENET_BAD_FILE,
                    "%.800s is damaged: its contents differ from the hash in its trailer; "
                    "copy or build it again",
                    path);
    return SENET_OK;
}

senet_status check_machine(const char* path, const Mapping& file) {
    const ElfHeader elf = read_elf_header(file.data(), file.size());
    if (!elf.is_elf) return fail(SENET_BAD_FILE, "%.800s has a senet trailer but is no ELF shared library", path);
    if (!elf.is_host)
        return fail(SENET_UNSUPPORTED_CPU,
                    "%.800s is built for %s and this machine is %s: take the library that "
                    "senetc build --target %s writes",
                    path, elf.machine, host_machine(), host_machine());
    return SENET_OK;
}

}  // namespace

senet_status open_verified(const char* path, FileKind kind, VerifiedFile* file) {
    if (const senet_status status = file->mapping.open(path)) return status;
    if (!ends_with_trailer(file->mapping, kind)) return explain_missing_trailer(path, file->mapping, kind);
    memcpy(&file->trailer, file->mapping.data() + file->mapping.size() - kTrailerBytes, kTrailerBytes);
    if (const senet_status status = check_trailer(path, *file)) return status;
    return kind == FileKind::library ? check_machine(path, file->mapping) : SENET_OK;
}

}  // namespace senet
