// Packages of kernels that Halide compiled, for this machine's architecture and for another, in one process with LLVM.
#include <Halide.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>

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

// Of every segment's line: offset, address, and after the sizes and flags the alignment. What a system with such pages
// maps must lie in the file as in memory, and what it makes read-only must end with a page.
void check_pages(const std::string& segments, uint64_t page) {
    std::istringstream lines(segments);
    int loaded = 0, protected_parts = 0;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string type, offset, address, physical, in_file, in_memory;
        words >> type >> offset >> address >> physical >> in_file >> in_memory;
        const auto number = [](const std::string& text) { return std::stoull(text, nullptr, 16); };
        if (type == "LOAD") {
            loaded++;
            CHECK(number(offset) % page == number(address) % page);
            CHECK(number(line.substr(line.rfind("0x"))) % page == 0);
        }
        if (type == "GNU_RELRO") {
            protected_parts++;
            CHECK((number(address) + number(in_memory)) % page == 0);
        }
    }
    CHECK(loaded >= 3);
    CHECK(protected_parts == 1);
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
        check_pages(inspect("-lW", library), halide.starts_with("x86") ? 0x1000 : 0x10000);
        CHECK(symbols.find("halide") == std::string::npos);
    }
}

}  // namespace senetc::test
