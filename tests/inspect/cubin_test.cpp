// What ptxas says of a kernel, read from the cubin that it made.
#include "generators/inspect/cubin.h"

#include <doctest/doctest.h>

#include "generators/compiler/cubins.h"
#include "models/error.h"

using namespace senetc;
using namespace senetc::inspect;

namespace {

// One kernel without memory of its own, and one with an array that it indexes by what it is told.
constexpr const char* kPtx = R"(.version 6.0
.target sm_70
.address_size 64
.visible .entry plain(.param .u64 out) {
.reg .b64 %a;
ld.param.u64 %a, [out];
cvta.to.global.u64 %a, %a;
st.global.u32 [%a], 7;
ret;
}
.visible .entry indexing(.param .u64 out, .param .u32 at) {
.local .align 16 .b8 array[256];
.reg .b64 %a, %base, %offset;
.reg .b32 %at, %value;
ld.param.u64 %a, [out];
ld.param.u32 %at, [at];
cvta.to.global.u64 %a, %a;
mov.u64 %base, array;
mul.wide.u32 %offset, %at, 4;
add.u64 %base, %base, %offset;
st.local.u32 [%base], %at;
ld.local.u32 %value, [array + 16];
st.global.u32 [%a], %value;
ret;
}
)";

}  // namespace

TEST_CASE("a cubin tells the registers and the stack of each of its kernels") {
    Cubins cubins;
    try {
        cubins = parse_cuda_archs({"sm_80", "sm_90"});
    } catch (const Error&) {
        MESSAGE("SKIPPED: this machine has no ptxas");
        return;
    }
    for (const PlanGpuCode& code : assemble(kPtx, cubins)) {
        INFO("sm_", code.capability);
        const std::vector<CubinKernel> kernels = cubin_kernels(code.cubin);
        REQUIRE(kernels.size() == 2);
        for (const CubinKernel& kernel : kernels) {
            const bool indexing = kernel.name == "indexing";
            CHECK((indexing || kernel.name == "plain"));
            CHECK(kernel.registers >= 4);
            CHECK(kernel.registers < 64);
            CHECK(kernel.stack_bytes == (indexing ? 256 : 0));
        }
    }
}

TEST_CASE("what is no cubin has no kernels") {
    CHECK(cubin_kernels("").empty());
    CHECK(cubin_kernels("no ELF file at all, but long enough to hold the header of one, which has sixty-four bytes")
              .empty());
}
