#include "generators/compiler/kernel_cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <system_error>
#include <vector>

#include "generators/compiler/hash.h"
#include "generators/system/locked_folder.h"
#include "generators/system/whole_file.h"
#include "models/error.h"

namespace fs = std::filesystem;

namespace senetc {
namespace {

constexpr const char* kMagic = "senetc-kernel";
constexpr const char* kExtension = ".kernel";
constexpr const char* kAside = ".store-";  // folders in which entries are written

// Any change of senetc itself may change the code it generates.
const std::string& compiler_identity() {
    static const std::string identity = [] {
        const std::optional<std::string> program = read_whole("/proc/self/exe");
        if (!program) throw Error("senetc can't read its own program, whose bytes name the kernel cache's entries");
        return hash_hex(*program);
    }();
    return identity;
}

// An entry is one line, "senetc-kernel <hash of the rest> <scratch bytes> <bytes of the featurization> <of the GPU's
// source> <of the object> <capability and bytes of each cubin>", and these parts in this order.
std::string content_of(const EmittedKernel& kernel) {
    std::string line = fmt::format("{} {} {} {}", kernel.scratch_bytes, kernel.featurization.size(),
                                   kernel.gpu_source.size(), kernel.object.size());
    std::string parts = kernel.featurization + kernel.gpu_source + kernel.object;
    for (const PlanGpuCode& code : kernel.gpu_code) {
        line += fmt::format(" {} {}", code.capability, code.cubin.size());
        parts += code.cubin;
    }
    return line + "\n" + parts;
}

std::string encode(const EmittedKernel& kernel) {
    const std::string content = content_of(kernel);
    return fmt::format("{} {} ", kMagic, hash_hex(content)) + content;
}

// Cuts the parts off an entry whose hash holds, so that its numbers are what was written.
EmittedKernel parts_of(const std::string& content) {
    const size_t line_end = content.find('\n');
    std::istringstream line(content.substr(0, line_end));
    size_t at = line_end + 1, featurization = 0, source = 0, object = 0, cubin = 0;
    const auto next = [&](size_t bytes) {
        at += bytes;
        return content.substr(at - bytes, bytes);
    };
    EmittedKernel kernel;
    line >> kernel.scratch_bytes >> featurization >> source >> object;
    kernel.featurization = next(featurization);
    kernel.gpu_source = next(source);
    kernel.object = next(object);
    for (uint32_t capability = 0; line >> capability >> cubin;) kernel.gpu_code.push_back({capability, next(cubin)});
    return kernel;
}

std::optional<EmittedKernel> decode(const std::string& entry) {
    std::istringstream words(entry.substr(0, entry.find('\n')));
    std::string magic, hash;
    if (!(words >> magic >> hash) || magic != kMagic) return std::nullopt;
    const std::string content = entry.substr(std::min(entry.size(), magic.size() + hash.size() + 2));
    if (hash != hash_hex(content)) return std::nullopt;
    return parts_of(content);
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
        if (file.path().extension() != kExtension) continue;
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
    std::optional<EmittedKernel> kernel = decode(read_whole(path).value_or(""));
    std::error_code ignored;
    if (kernel) fs::last_write_time(path, fs::file_time_type::clock::now(), ignored);
    return kernel;
}

void KernelCache::store(const KernelSpec& spec, const EmittedKernel& kernel) const {
    try {
        const LockedFolder aside(folder_, kAside);
        const fs::path file = aside.path() / "entry";
        if (const std::error_code error = write_whole(file, encode(kernel))) throw std::system_error(error);
        fs::rename(file, entry_path(spec));
    } catch (const std::system_error& error) {
        throw Error(fmt::format(
            "{}: a compiled kernel can't be stored ({}); is the disk full? Choose another folder with --cache",
            folder_.string(), error.code().message()));
    }
}

void KernelCache::trim() const {
    LockedFolder::remove_abandoned(folder_, kAside);
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
    LockedFolder::remove_abandoned(folder_, kAside);
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
