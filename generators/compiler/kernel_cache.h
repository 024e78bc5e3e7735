// Compiled kernels on disk, named by what they were made from: the kernel's text and the senetc that compiled it.
//
// An entry holds its own hash and length, so a damaged one counts as absent and is compiled again. Entries appear whole
// (written aside, then renamed), so any number of senetc processes may share a cache.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "generators/compiler/kernel.h"

namespace senetc {

class KernelCache {
  public:
    // Throws Error when the folder can't be made or written.
    KernelCache(std::filesystem::path folder, int64_t limit_bytes);

    std::optional<EmittedKernel> find(const KernelSpec& spec) const;  // counts as a use
    void store(const KernelSpec& spec, const EmittedKernel& kernel) const;

    void trim() const;  // removes the entries longest unused until the rest fits the limit
    int clear() const;  // removes all entries; returns how many

    struct Size {
        int entries = 0;
        int64_t bytes = 0;
    };
    Size size() const;
    const std::filesystem::path& folder() const { return folder_; }
    int64_t limit_bytes() const { return limit_bytes_; }

    // $SENETC_CACHE, else $XDG_CACHE_HOME/senetc, else ~/.cache/senetc.
    static std::filesystem::path default_folder();
    static constexpr int64_t kDefaultLimit = int64_t{256} << 20;  // a network has about 0.5 MB of kernels a variant

  private:
    std::filesystem::path entry_path(const KernelSpec& spec) const;

    std::filesystem::path folder_;
    int64_t limit_bytes_;
};

}  // namespace senetc
