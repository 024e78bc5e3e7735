// senetc inspect on libraries, as its users meet it; nothing of them is run, so another machine's do as well.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <regex>

#include "generators/inspect/arena_map.h"
#include "generators/inspect/library.h"
#include "tests/programs/programs.h"

using namespace senetc;
using namespace senetc::test;
namespace fs = std::filesystem;

namespace {

std::string inspected(const std::string& arguments) {
    const Outcome outcome = run("{senetc} inspect " + arguments);
    CHECK_MESSAGE(outcome.status == 0, outcome.errors);
    return outcome.output;
}

size_t count(const std::string& text, const std::string& part) {
    size_t number = 0;
    for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++number;
    return number;
}

// A network small enough to be compiled for any target in a moment: its library for arm-64.
std::string small_arm_library(const TemporaryFolder& folder) {
    const std::string graph = folder.path() / "small.graph", weights = folder.path() / "w.safetensors";
    std::ofstream(graph) << "graph small\n%x = input : f32[3,16,16]\n%c = conv %x weight=@c.weight out=32 kernel=3x3 "
                            "pad=1\n%r = activation %c act=relu\n%p = global_avg_pool %r\n"
                            "%fc = linear %p weight=@fc.weight bias=@fc.bias out=4\nreturn %fc\n";
    CHECK(run(fmt::format("{{senetc}} weights {} -o {}", graph, weights)).status == 0);
    const Outcome built = run(
        fmt::format("{{senetc}} build {} --weights {} --target arm-64 -o {}", graph, weights, folder.path().string()));
    REQUIRE_MESSAGE(built.status == 0, built.errors);
    return folder.path() / "arm-64" / "libsmall.so";
}

}  // namespace

TEST_CASE("inspect shows a library's origin, steps, kernels and arena; another variant's when named") {
    const std::string text = inspected(trained_library());
    for (const char* part : {"made by      senetc", "build id     ", "avx512: 41 steps", "avx2: 41 steps",
                             "steps of avx512", "layer1.0.se.gate", "kernels of avx512", " by direct ", " by winograd ",
                             "arena of avx512", "layer1.0.conv1 sums"})
        CHECK_MESSAGE(text.find(part) != std::string::npos, part);
    CHECK(text.find("steps of avx2") == std::string::npos);
    const std::string other = inspected(trained_library() + " --variants avx2");
    CHECK(other.find("steps of avx2") != std::string::npos);
    CHECK(other.find("steps of avx512") == std::string::npos);
}

TEST_CASE("senet info and senetc inspect agree on a library's build id and weights") {
    const std::string info = run("{senet} info " + trained_library()).output, text = inspected(trained_library());
    const std::regex id("build id +([0-9a-f]{32})"), hash("hash ([0-9a-f]{32})");
    for (const std::regex& what : {id, hash}) {
        std::smatch by_senet, by_senetc;
        REQUIRE(std::regex_search(info, by_senet, what));
        REQUIRE(std::regex_search(text, by_senetc, what));
        CHECK(by_senet[1] == by_senetc[1]);
    }
}

TEST_CASE("values that live at the same time don't overlap in the arena that inspect shows, and fill it") {
    const inspect::Library library = inspect::read_library(trained_library());
    for (const PlanVariant& variant : library.plan.variants) {
        const std::vector<inspect::ArenaValue> values = inspect::arena_map(variant);
        uint64_t top = 0;
        for (size_t i = 0; i < values.size(); ++i) {
            top = std::max(top, values[i].offset + values[i].bytes);
            for (size_t j = 0; j < i; ++j) {
                const bool together = values[i].first <= values[j].last && values[j].first <= values[i].last;
                const bool apart = values[i].offset + values[i].bytes <= values[j].offset ||
                                   values[j].offset + values[j].bytes <= values[i].offset;
                CHECK_MESSAGE((apart || !together), values[i].name, " and ", values[j].name);
            }
        }
        CHECK(top <= variant.arena_bytes);
        CHECK(top + 128 > variant.arena_bytes);
    }
}

TEST_CASE("a kernel's report has its code, its inner loop without spills, and an estimate with a word of caution") {
    const std::string text = inspected(trained_library() + " --kernel layer2.0.conv1 --variants avx512,avx2");
    CHECK(count(text, "inner loop  ") == 2);
    CHECK(count(text, "no spills") == 2);
    CHECK(count(text, "llvm-mca    znver4: ") == 2);
    CHECK(text.find("doesn't rank schedules") != std::string::npos);
    CHECK(text.find(" | vfmadd231ps zmm") != std::string::npos);
    CHECK(text.find(" | vfmadd231ps ymm") != std::string::npos);
    CHECK(inspected(trained_library() + " --kernel layer2.0.conv1 --cpu haswell").find("haswell: ") !=
          std::string::npos);
}

TEST_CASE("a library for arm-64 is read, disassembled and estimated here") {
    const TemporaryFolder folder;
    const std::string library = small_arm_library(folder);
    CHECK(inspected(library).find("target       arm-64") != std::string::npos);
    const std::string text = inspected(library + " --kernel c");
    CHECK(text.find("neoverse-n1: ") != std::string::npos);
    CHECK(text.find(" | fmla v") != std::string::npos);
}

TEST_CASE("a drawing is one file that needs no other, with a box for every step and value of every variant") {
    const TemporaryFolder folder;
    const std::string file = folder.path() / "plan.html";
    CHECK(inspected(trained_library() + " --variants avx512,avx2 --html " + file) == file + "\n");
    const std::string text = read_text(file);
    size_t boxes = 0;
    for (const PlanVariant& variant : inspect::read_library(trained_library()).plan.variants)
        boxes += 2 * (variant.steps.size() + 1) + inspect::arena_map(variant).size();
    CHECK(count(text, "<rect ") == boxes);
    for (const char* element : {"html", "svg", "table", "dl", "details", "rect", "text"})
        CHECK(count(text, std::string("<") + element + ">") + count(text, std::string("<") + element + " ") ==
              count(text, std::string("</") + element + ">"));
    for (const char* reference : {"http", "src=", "href=", "@import", "<script"})
        CHECK(text.find(reference) == std::string::npos);
}

TEST_CASE("a library's tasks are those of the network that it was built from") {
    const auto table = [](const std::string& text) { return text.substr(text.find("first step")); };
    CHECK(table(inspected(trained_library() + " --variants avx2 --threads 2,8")) ==
          table(inspected("se_resnet20_cifar --variants avx2 --threads 2,8")));
}

TEST_CASE("what inspect can't do costs one sentence") {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "text.so") << "no library";
    const std::pair<std::string, const char*> cases[] = {
        {folder.path() / "text.so", "neither a shared library nor an archive"},
        {folder.path() / "nowhere.a", "no such file"},
        {trained_library() + " --kernel layer9", "no step and no kernel called 'layer9'"},
        {trained_library() + " --kernel conv1 --cpu z80", "LLVM knows no such CPU"},
        {trained_library() + " --cpu znver4", "--kernel"},
        {trained_library() + " --variants neon", "has avx512, avx2"},
        {trained_library() + " --classes 5", "this is a library"},
        {trained_library() + " --html /proc/nowhere/plan.html", "can't be written"},
        {"se_resnet20_cifar --kernel conv1", "--kernel is for libraries"},
        {"se_resnet20_cifar --html plan.html", "build the network"},
    };
    for (const auto& [arguments, sentence] : cases) {
        const Outcome outcome = run("{senetc} inspect " + arguments);
        INFO(arguments, " -> ", outcome.errors);
        CHECK(outcome.status == 2);
        CHECK(outcome.output.empty());
        CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
        CHECK(outcome.errors.find(sentence) != std::string::npos);
    }
}
