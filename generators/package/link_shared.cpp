#include "generators/package/run_lld.h"
#include "generators/package/steps.h"

namespace senetc::package {

// No library is named as needed: memcpy and memset, all that is undefined, are in every process that calls dlopen.
// Segments lie 2 MB apart in memory, though not in the file, so that a system which backs files with huge pages can do
// so for the weights. The build id is the one in the tables, where debuggers and `file` look for it.
void link_shared(const std::string& object, const std::string& name, const std::string& build_id,
                 const std::string& library) {
    run_lld("link lib" + name + ".so",
            {"-shared", "-soname", "lib" + name + ".so", "--build-id=0x" + build_id, "--hash-style=gnu", "-z", "now",
             "-z", "relro", "-z", "noexecstack", "-z", "max-page-size=0x200000", object, "-o", library});
}

}  // namespace senetc::package
