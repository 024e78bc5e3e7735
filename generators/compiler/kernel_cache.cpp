#include "generators/compiler/kernel_cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <vector>

#include "generators/compiler/hash.h"
#include "models/error.h"

namespace fs = std::filesystem;

namespace senetc {
namespace {

constexpr const char* kExtension = ".kernel";

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return file ? bytes.str() : std::string();
}

// Any change of senetc itself may change the code it generates.
const std::string& compiler_identity() {
    static const std::string identity = hash_hex(read_file("/proc/self/exe"));
    return identity;
}

// An entry is one line, "senetc-kernel <scratch bytes> <hash of the object>", and the object.
std::string encode(const EmittedKernel& kernel) {
    return fmt::format("senetc-kernel {} {}\n", kernel.scratch_bytes, hash_hex(kernel.object)) + kernel.object;
}

std::optional<EmittedKernel> decode(const std::string& entry) {
    const size_t line_end = entry.find('\n');
    if (line_end == std::string::npos) return std::nullopt;
    std::istringstream line(entry.substr(0, line_end));
    std::string magic, hash;
    EmittedKernel kernel;
    line >> magic >> kernel.scratch_bytes >> hash;
    kernel.object = entry.substr(line_end + 1);
    if (!line || magic != "senetc-kernel" || hash != hash_hex(kernel.object)) return std::nullopt;
    return kernel;
}

struct Entry {
    fs::path path;
    int64_t bytes;
    fs::file_time_type used;
};

std::vector<Entry> entries_of(const fs::path& folder) {
    std::vector<Entry> entries;
    std::error_code error;
    for (const auto& file : fs::directory_iterator(folder, error)) {
        if (file.path().filename().string().find(kExtension) == std::string::npos)
            continue;  // also what an interrupted store left
        const auto bytes = file.file_size(error);
        if (!error) entries.push_back({file.path(), int64_t(bytes), file.last_write_time(error)});
    }
    return entries;
}

}  // namespace

KernelCache::KernelCache(fs::path folder, int64_t limit_bytes) : folder_(std::move(folder)), limit_bytes_(limit_bytes) {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error || access(folder_.c_str(), W_OK) != 0)
        throw Error(fmt::format("{}: the kernel cache can't be written here ({}); choose another folder with --cache",
                                folder_.string(), error ? error.message() : "no permission"));
}

fs::path KernelCache::entry_path(const KernelSpec& spec) const {
    return folder_ / (hash_hex(compiler_identity() + " " + spec.text()) + kExtension);
}

std::optional<EmittedKernel> KernelCache::find(const KernelSpec& spec) const {
    const fs::path path = entry_path(spec);
    std::optional<EmittedKernel> kernel = decode(read_file(path));
    std::error_code ignored;
    if (kernel) fs::last_write_time(path, fs::file_time_type::clock::now(), ignored);
    return kernel;
}

void KernelCache::store(const KernelSpec& spec, const EmittedKernel& kernel) const {
    const fs::path path = entry_path(spec);
    const fs::path aside = fmt::format("{}.{}", path.string(), getpid());
    const std::string entry = encode(kernel);
    std::ofstream file(aside, std::ios::binary);
    file.write(entry.data(), std::streamsize(entry.size()));
    file.close();
    std::error_code error;
    if (file) fs::rename(aside, path, error);
    if (!file || error) {
        fs::remove(aside, error);
        throw Error(
            fmt::format("{}: a compiled kernel can't be stored; is the disk full? Choose another folder with --cache",
                        folder_.string()));
    }
}

void KernelCache::trim() const {
    std::vector<Entry> entries = entries_of(folder_);
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.used > b.used; });
    int64_t kept = 0;
    std::error_code ignored;
    for (const Entry& entry : entries) {
        kept += entry.bytes;
        if (kept > limit_bytes_) fs::remove(entry.path, ignored);
    }
}

int KernelCache::clear() const {
    int removed = 0;
    std::error_code error;
    for (const Entry& entry : entries_of(folder_)) removed += fs::remove(entry.path, error);
    return removed;
}

KernelCache::Size KernelCache::size() const {
    Size size;
    for (const Entry& entry : entries_of(folder_)) {
        ++size.entries;
        size.bytes += entry.bytes;
    }
    return size;
}

fs::path KernelCache::default_folder() {
    if (const char* own = std::getenv("SENETC_CACHE"); own && *own) return own;
    if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg && *xdg) return fs::path(xdg) / "senetc";
    if (const char* home = std::getenv("HOME"); home && *home) return fs::path(home) / ".cache" / "senetc";
    return fs::temp_directory_path() / "senetc-cache";
}

}  // namespace senetc
