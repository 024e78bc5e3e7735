// NVIDIA's assembler takes every kind of kernel, at shapes of real networks, for every architecture; no thread spills,
// and a block's threads find registers. Prints the registers. SKIPPED without ptxas.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <regex>

#include "generators/compiler/temporary_folder.h"
#include "models/error.h"
#include "schedules/check_schedule.h"
#include "schedules/schedules.h"
#include "tests/stages/check_stages.h"

using namespace senetc;
using namespace senetc::test;

namespace {

constexpr int kArchitectures[] = {75, 80, 86, 89, 90};
constexpr int kRegisters = 64 << 10;                    // of an SM, and so of a block of threads
constexpr int kMapThreads = 128, kVectorThreads = 512;  // a block's at most (schedules/gpu/cost.h, choose_vector.cpp)

struct Kernel {
    std::string name;
    int registers = 0, memory = 0;  // bytes of what finds no register
};

std::string words_of(const std::string& command) {
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string words;
    char chunk[4096];
    while (const size_t read = fread(chunk, 1, sizeof chunk, pipe)) words.append(chunk, read);
    REQUIRE_MESSAGE(pclose(pipe) == 0, words);
    return words;
}

// "... Compiling entry function 'NAME' ..." and, lines later, "N bytes stack frame, M bytes spill
// stores, ..." and "Used R registers".
std::vector<Kernel> kernels_in(const std::string& words) {
    static const std::regex facts(
        "entry function '([^']+)'|([0-9]+) bytes stack frame, ([0-9]+) bytes spill stores|Used ([0-9]+) registers");
    std::vector<Kernel> kernels;
    for (std::sregex_iterator fact(words.begin(), words.end(), facts), end; fact != end; ++fact) {
        if ((*fact)[1].matched) {
            kernels.push_back({(*fact)[1]});
        } else if ((*fact)[2].matched) {
            kernels.at(kernels.size() - 1).memory = std::stoi((*fact)[2]) + std::stoi((*fact)[3]);
        } else {
            kernels.at(kernels.size() - 1).registers = std::stoi((*fact)[4]);
        }
    }
    return kernels;
}

void check_assembles(const std::string& what, const std::string& text, int threads) {
    const Stage stage = stage_of(text);
    const Schedule schedule = choose_schedule(stage, "cuda");
    INFO(text, " | ", to_string(schedule));
    CHECK_NOTHROW(check_schedule(stage, schedule));
    const std::string source = emit_kernel(stage, schedule, {.variant = "cuda"}, "kernel").gpu_source;
    const std::string assembler = find_ptxas().path;
    const TemporaryFolder folder;
    const std::string path = folder.path() / "kernel.ptx";
    std::ofstream(path, std::ios::binary) << source;
    std::string registers;
    for (const int architecture : kArchitectures) {
        INFO("sm_", architecture);
        const std::string words =
            words_of(fmt::format("{} -v -arch=sm_{} {} -o /dev/null", assembler, architecture, path));
        const std::vector<Kernel> kernels = kernels_in(words);
        CHECK_MESSAGE(!kernels.empty(), words);
        std::string column;
        for (const Kernel& kernel : kernels) {
            CHECK(kernel.memory == 0);
            CHECK(kernel.registers > 0);
            CHECK(kernel.registers * threads <= kRegisters);
            column += fmt::format("{}{}", column.empty() ? "" : "+", kernel.registers);
        }
        registers += fmt::format("  sm_{} {:<12}", architecture, column);
    }
    fmt::print("{:<34}{}  {}\n", what, registers, to_string(schedule));
}

}  // namespace

TEST_CASE("threads of convolutions hold their tiles in registers") {
    const std::pair<const char*, const char*> stages[] = {
        {"7x7 s2 of the image",
         "conv ci=3 co=64 in_h=224 in_w=224 kernel_h=7 kernel_w=7 stride=2 pad=3 in_halo=3 "
         "layout=planar act=relu"},
        {"3x3 of the image",
         "conv ci=3 co=16 in_h=32 in_w=32 kernel_h=3 kernel_w=3 pad=1 in_halo=1 out_halo=1 "
         "layout=planar act=relu"},
        {"3x3 64@56", "conv ci=64 co=64 in_h=56 in_w=56 kernel_h=3 kernel_w=3 pad=1 in_halo=1 act=relu sums=1"},
        {"3x3 512@7", "conv ci=512 co=512 in_h=7 in_w=7 kernel_h=3 kernel_w=3 pad=1 in_halo=1 act=relu sums=1"},
        {"3x3 16@32",
         "conv ci=16 co=16 in_h=32 in_w=32 kernel_h=3 kernel_w=3 pad=1 in_halo=1 out_halo=1 gate=1 "
         "residual=1 res_halo=1 act=relu"},
        {"3x3 s2 128@56",
         "conv ci=128 co=128 in_h=56 in_w=56 kernel_h=3 kernel_w=3 stride=2 pad=1 in_halo=1 act=relu "
         "sums=1"},
        {"3x3 s2 512@14",
         "conv ci=512 co=512 in_h=14 in_w=14 kernel_h=3 kernel_w=3 stride=2 pad=1 in_halo=1 act=relu "
         "sums=1"},
        {"1x1 64->64@56", "conv ci=64 co=64 in_h=56 in_w=56 out_halo=1 act=relu"},
        {"1x1 64->256@56 gate, residual", "conv ci=64 co=256 in_h=56 in_w=56 gate=1 residual=1 act=relu"},
        {"1x1 64->256@56 gate, shortcut",
         "conv ci=64 co=256 in_h=56 in_w=56 gate=1 residual=1 shortcut_ci=64 "
         "shortcut_h=56 shortcut_w=56 shortcut_stride=1 act=relu"},
        {"1x1 1024->256@14", "conv ci=1024 co=256 in_h=14 in_w=14 out_halo=1 act=relu"},
        {"1x1 2048->512@7", "conv ci=2048 co=512 in_h=7 in_w=7 out_halo=1 act=relu"},
        {"1x1 512->2048@7 sums alone", "conv ci=512 co=2048 in_h=7 in_w=7 gate=1 residual=1 sums=1 store=0 act=relu"},
    };
    for (const auto& [what, stage] : stages) check_assembles(what, stage, kMapThreads);
}

TEST_CASE("threads of all other kernels do, too") {
    const std::pair<const char*, const char*> maps[] = {
        {"depthwise 3x3 64@112 s2", "depthwise_conv ch=64 in_h=112 in_w=112 stride=2 act=relu sums=1"},
        {"depthwise 3x3 512@14 gate", "depthwise_conv ch=512 in_h=14 in_w=14 gate=1 act=relu sums=1"},
        {"max_pool 64@112", "max_pool ch=64 in_h=112 in_w=112"},
        {"scale_add 256@28", "scale_add ch=256 h=28 w=28 gate=1 residual=1 act=relu"},
        {"batch_norm 64@28", "batch_norm ch=64 h=28 w=28 act=sigmoid"},
    };
    for (const auto& [what, stage] : maps) check_assembles(what, stage, kMapThreads);
    const std::pair<const char*, const char*> vectors[] = {
        {"squeeze 14x14", "squeeze ch=64 h=14 w=14 pixels=3136"},
        {"squeeze 7", "squeeze ch=2048 h=1 w=7 pixels=49"},
        {"window_means 8x8", "window_means ch=16 h=32 w=32 in_halo=1 tiles_x=8 tiles_y=8"},
        {"excite 512-128-2048", "excite ch=512 hidden=128 out=2048"},
        {"excite 9x64-4-64", "excite ch=64 hidden=4 out=64 segments=9"},
        {"dense 2048->1000", "dense in=2048 out=1000 logits=1"},
        {"dense 64->64", "dense in=64 out=64 act=relu"},
        {"ingest u8", "ingest_u8 ch=3 h=224 w=224 out_halo=3"},
        {"ingest f32, blocked", "ingest_f32 ch=3 h=224 w=224 layout=blocked"},
    };
    for (const auto& [what, stage] : vectors) check_assembles(what, stage, kVectorThreads);
}

int main(int argc, char** argv) {
    try {
        find_ptxas();
    } catch (const Error& error) {
        fmt::print("SKIPPED: {}\n", error.what());
        return 77;
    }
    return doctest::Context(argc, argv).run();
}
