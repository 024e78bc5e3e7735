#include <fmt/format.h>

#include "generators/package/run_lld.h"
#include "generators/package/steps.h"
#include "llvm/TargetParser/Triple.h"

namespace senetc::package {

// No library is named as needed: memcpy and memset, all that is undefined, are in every process that calls dlopen.
// Segments lie 2 MB apart in memory, though not in the file, so that a system which backs files with huge pages can do
// so for the weights; it also suits any page size. What is read-only after relocation ends with a page of the target's
// largest size, or it would stay writable. The build id is the one in the tables, where debuggers and `file` look for
// it.
void link_shared(const PackageInput& input, const std::string& object, const std::string& build_id,
                 const std::string& library) {
    const std::string file = "lib" + input.plan.name + ".so";
    run_lld("link " + file, {"-shared", "-soname", file, "--build-id=0x" + build_id, "--hash-style=gnu", "-z", "now",
                             "-z", "relro", "-z", "noexecstack", "-z", "max-page-size=0x200000", "-z",
                             fmt::format("common-page-size={}", 1 << page_bits(input.triple)), object, "-o", library});
}

int page_bits(const std::string& triple) {
    return llvm::Triple(triple).isAArch64() ? 16 : 12;  // ARM's kernels have pages of 4, 16 or 64 KB
}

}  // namespace senetc::package
