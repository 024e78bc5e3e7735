#include "tests/stages/opencl.h"

#include <dlfcn.h>

#include <cstdint>

namespace senetc::test {

std::string missing_for_opencl() {
    // Left open: Halide's runtime takes OpenCL's functions from the process.
    void* library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_GLOBAL);
    if (library == nullptr) return "libOpenCL.so.1";
    using GetPlatforms = int32_t (*)(uint32_t, void**, uint32_t*);
    const auto get_platforms = reinterpret_cast<GetPlatforms>(dlsym(library, "clGetPlatformIDs"));
    uint32_t count = 0;
    const bool fine = get_platforms != nullptr && get_platforms(0, nullptr, &count) == 0 && count > 0;
    return fine ? "" : "a driver for OpenCL, as PoCL";
}

}  // namespace senetc::test
