// Packages of kernels that Halide compiled, for this machine's architecture and for another, in one process with LLVM.
#include <Halide.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/compiler/package_fixture.h"

namespace senetc::test {
namespace {

// A kernel with scratch and a parallel loop, as release kernels are compiled.
void compile_kernel(const std::string& object, const std::string& target) {
    Halide::ImageParam in(Halide::Float(32), 2);
    Halide::Func squares, sums("halide_sums");
    Halide::Var x, y;
    squares(x, y) = in(x, y) * in(x, y);
    sums(x, y) = squares(x, y) + squares(x + 1, y);
    squares.compute_at(sums, y).store_in(Halide::MemoryType::Heap);
    sums.parallel(y).vectorize(x, 4, Halide::TailStrategy::ShiftInwards);
    sums.compile_to_object(object, {in}, "halide_sums",
                           Halide::Target(target + "-no_runtime-no_asserts-no_bounds_query-user_context"));
}

PackageInput halide_input(const TestFolder& folder, const std::string& name, const std::string& target) {
    PackageInput input = make_input(folder, name);
    const std::string object = folder / (name + "-kernel.o");
    compile_kernel(object, target);
    input.objects = {object};
    for (PlanVariant& variant : input.plan.variants) {
        for (PlanStep& step : variant.steps) step.entry = "halide_sums_argv";
        for (PlanStep& step : variant.ingest) step.entry = "halide_sums_argv";
    }
    return input;
}

std::string inspect(const std::string& options, const std::filesystem::path& file) {
    const Output output = shell(fmt::format("LC_ALL=C '{}' {} '{}'", READELF, options, file.string()));
    CHECK(output.status == 0);
    return output.text;
}

}  // namespace

TEST_CASE("kernels from Halide link for x86-64 and for AArch64 on one machine") {
    const TestFolder folder;
    const std::pair<std::string, std::string> targets[] = {
        {"x86-64-linux-avx-avx2-f16c-fma-sse41", "x86_64-unknown-linux-gnu"},
        {"arm-64-linux", "aarch64-unknown-linux-gnu"}};
    for (const auto& [halide, triple] : targets) {
        const std::string name = halide.substr(0, 3) + "_model";
        PackageInput input = halide_input(folder, name, halide);
        input.triple = triple;
        write_package(input);
        const auto library = folder / ("dist/lib" + name + ".so");
        const std::string header = inspect("-hW", library), symbols = inspect("--dyn-syms -W", library);
        CHECK(header.find(halide.starts_with("x86") ? "X86-64" : "AArch64") != std::string::npos);
        CHECK(header.find("DYN") != std::string::npos);
        CHECK(symbols.find("senet_model_" + name) != std::string::npos);
        CHECK(symbols.find("halide") == std::string::npos);
    }
}

}  // namespace senetc::test
