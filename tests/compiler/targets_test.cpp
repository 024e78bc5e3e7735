// The table of targets: what it has to say of each variant, and what it answers to other names.
#include "generators/compiler/targets.h"

#include <Halide.h>
#include <doctest/doctest.h>

#include <set>

#include "generators/compiler/emit_kernel.h"
#include "models/error.h"
#include "schedules/schedules.h"
#include "senet/model_abi.h"

using namespace senetc;

namespace {

template <class Call>
std::string error_of(const Call& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE(
    "every target has variants, whose names lead back to the first that has them and to a target that Halide knows") {
    std::set<std::string> names;
    for (const TargetInfo& target : targets()) {
        REQUIRE(!target.variants.empty());
        CHECK(find_target(target.name).triple == target.triple);
        for (const VariantInfo& variant : target.variants) {
            INFO(variant.name);
            const bool is_new = names.insert(variant.name).second;
            CHECK((target_of(find_variant(variant.name)).name == target.name) == is_new);
            const Halide::Target halide(halide_target({variant.name}));
            CHECK(halide.has_gpu_feature() == variant.on_gpu());
            if (!variant.on_gpu()) CHECK(halide.natural_vector_size<float>() == variant.lanes);
            CHECK(halide.has_feature(Halide::Target::NoRuntime));
            CHECK((halide.arch == Halide::Target::ARM) == (target.name == "arm-64"));
        }
    }
}

TEST_CASE("variants are told apart by what a CPU must have: all of AArch64 has NEON") {
    CHECK(find_variant("avx512").cpu_features == (SENET_CPU_X86_AVX2 | SENET_CPU_X86_AVX512));
    CHECK(find_variant("avx2").cpu_features == SENET_CPU_X86_AVX2);
    CHECK(find_variant("neon").cpu_features == 0);
}

TEST_CASE("the target for CUDA is x86-64's with a GPU's variant before its own; in tests the GPU speaks OpenCL") {
    const TargetInfo &cuda = find_target("x86-64-cuda"), &cpu = find_target("x86-64");
    CHECK(cuda.triple == cpu.triple);
    CHECK(is_native(cuda) == is_native(cpu));
    CHECK(variant_names(cuda) == "cuda, " + variant_names(cpu));
    const VariantInfo& variant = cuda.variants[0];
    CHECK(variant.device == SENET_DEVICE_CUDA);
    CHECK(variant.capability == 70);
    CHECK(Halide::Target(halide_target({"cuda"})).get_cuda_capability_lower_bound() == 70);
    const Halide::Target opencl(halide_target({.variant = "cuda", .opencl = true}));
    CHECK(opencl.has_feature(Halide::Target::OpenCL));
    CHECK_FALSE(opencl.has_feature(Halide::Target::CUDA));
}

TEST_CASE("a name that isn't there is answered with those that are") {
    CHECK(error_of([] { find_target("riscv"); }) ==
          "there is no target 'riscv'; the targets are x86-64, x86-64-cuda, arm-64");
    CHECK(error_of([] { find_variant("sse2"); }) ==
          "there is no variant 'sse2'; the variants are avx512, avx2 of x86-64, cuda, avx512, avx2 of x86-64-cuda, "
          "neon of arm-64");
    CHECK(error_of([] { halide_target({"sve"}); }).find("'sve'") != std::string::npos);
}

TEST_CASE("NEON multiplies by lane where channels lie side by side, on tiles that fit 32 registers") {
    const std::string conv =
        "conv act=none gate=0 in_halo=0 kernel_h=1 kernel_w=1 layout=blocked out_halo=0 pad=0 res_halo=0 residual=0 "
        "store=1 stride=1 sums=0 ci=64 co=64 ";
    for (const char* shape : {"in_h=56 in_w=56", "in_h=7 in_w=7", "in_h=1 in_w=1", "in_h=33 in_w=97"}) {
        const Schedule schedule = choose_schedule(parse_stage(conv + shape), "neon");
        const int pixels = schedule.number("tile_x") * schedule.number("tile_y");
        const int vectors = schedule.number("tile_c") / find_variant("neon").lanes;
        INFO(to_string(schedule));
        CHECK(schedule.number("by_lane") == 1);
        CHECK(pixels * vectors + pixels + 2 <= find_variant("neon").registers);
    }
    Stage planar = parse_stage(conv + "in_h=32 in_w=32");
    planar.params["layout"] = "planar";
    CHECK(choose_schedule(planar, "neon").params.count("by_lane") == 0);
}
