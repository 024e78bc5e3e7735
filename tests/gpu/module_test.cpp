// What is asked of a kernel's module before it may run on a GPU.
#include <doctest/doctest.h>

#include "generators/compiler/emit_kernel.h"
#include "generators/compiler/gpu_module.h"
#include "models/error.h"

using namespace senetc;

namespace {

// Two loops, of which the first is the GPU's or the CPU's.
Halide::Module two_loops(bool first_on_gpu) {
    Halide::Func first("first"), second("second");
    const Halide::Var x("x"), thread("thread");
    first(x) = x;
    second(x) = first(x) + first(x + 1);
    first.compute_root();
    if (first_on_gpu) first.gpu_tile(x, thread, 16);
    second.gpu_tile(x, thread, 16);
    return second.compile_to_module({}, "kernel", Halide::Target(halide_target({"cuda"})));
}

}  // namespace

TEST_CASE("a kernel whose loops are all a GPU's has its source") {
    CHECK(gpu_source_of(two_loops(true)).find(".target sm_70") != std::string::npos);
}

TEST_CASE("a loop that is left to the CPU is an error that names it") {
    const Halide::Module module = two_loops(false);
    CHECK_THROWS_WITH_AS(gpu_source_of(module), doctest::Contains("'first"), Error);
}
