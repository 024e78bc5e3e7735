// What parallel_loop says of a kernel's tasks, and what the kernel really asks threads for.
#include <doctest/doctest.h>

#include "schedules/parallel_loop.h"
#include "schedules/schedules.h"
#include "tests/stages/check_stages.h"
#include "tests/stages/kernel_memory.h"

using namespace senetc;
using namespace senetc::test;

namespace {

const char* const kStages[] = {
    "conv ci=64 co=64 in_h=56 in_w=56 gate=1 residual=1 sums=1 act=relu",
    "conv ci=64 co=64 in_h=56 in_w=56 out_halo=1 act=relu",
    "conv ci=512 co=256 in_h=7 in_w=7 sums=1",
    "conv ci=512 co=512 in_h=7 in_w=7 gate=1 sums=1 store=0",
    "conv ci=128 co=128 in_h=56 in_w=56 kernel_h=3 kernel_w=3 stride=2 pad=1 in_halo=1 act=relu",
    "conv ci=3 co=64 in_h=112 in_w=112 kernel_h=7 kernel_w=7 stride=2 pad=3 in_halo=3 layout=planar act=relu",
    "conv ci=16 co=16 in_h=8 in_w=8",                                            // an image is a task
    "conv ci=16 co=16 in_h=2 in_w=2",                                            // too small for that
    "conv ci=64 co=64 in_h=56 in_w=56 kernel_h=3 kernel_w=3 pad=1 in_halo=1",    // Winograd in bands
    "conv ci=256 co=256 in_h=14 in_w=14 kernel_h=3 kernel_w=3 pad=1 in_halo=1",  // Winograd in blocks
    "conv ci=256 co=256 in_h=7 in_w=7 kernel_h=3 kernel_w=3 pad=1 in_halo=1 sums=1",
    "conv ci=16 co=16 in_h=8 in_w=8 kernel_h=3 kernel_w=3 pad=1 in_halo=1",
    "depthwise_conv ch=64 in_h=56 in_w=56 gate=1 sums=1 act=relu",
    "depthwise_conv ch=512 in_h=7 in_w=7 stride=2 act=relu",
    "scale_add ch=256 h=28 w=28 gate=1 residual=1 sums=1 act=relu",
    "scale_add ch=64 h=28 w=27 out_halo=1 residual=1 act=relu",
    "batch_norm ch=64 h=28 w=28",
    "max_pool ch=64 in_h=56 in_w=56 out_halo=1",
    "squeeze ch=256 h=56 w=56",
    "squeeze ch=256 h=4 w=14 pixels=784",
    "window_means ch=512 h=56 w=56 in_halo=1 tiles_x=4 tiles_y=56",
    "window_means ch=64 h=7 w=7 in_halo=1 tiles_x=2 tiles_y=2",
    "excite ch=2048 hidden=128",
    "excite ch=256 segments=9 hidden=16 out=250",
    "excite ch=16 hidden=1",
    "dense in=2048 out=1000 logits=1",
    "dense in=64 out=10 logits=1",
    "ingest_u8 ch=3 h=224 w=224 out_halo=3",
    "ingest_f32 ch=3 h=32 w=32 out_halo=1",
    "ingest_f32 ch=3 h=224 w=224 out_halo=1 layout=blocked",
};

// Winograd by output blocks transforms the input first, in a loop over input blocks.
bool transforms_first(const Schedule& schedule, const ParallelLoop& loop) {
    return winograd_tile(schedule) != 0 && std::string(loop.axis) == "blocks";
}

std::vector<int> loops_of(const KernelLibrary& library, int kernel, int images) {
    std::vector<KernelMemory> storages;
    std::vector<HostMemory> memory;
    for (const Argument& argument : library.arguments_of(kernel)) {
        storages.emplace_back(argument, images);
        memory.push_back(storages.back().memory(0));
    }
    REQUIRE(library.run(kernel, memory, images) == 0);
    return last_parallel_loops();
}

}  // namespace

TEST_CASE("kernels ask for as many tasks as parallel_loop says, for any number of images") {
    KernelLibrary library(Checks::release);
    std::vector<std::pair<Stage, Schedule>> kernels;
    for (const VariantInfo& variant : native_target()->variants) {
        for (const char* text : kStages) {
            if (!cpu_runs(variant.name)) continue;
            const Stage stage = stage_of(text);
            kernels.emplace_back(stage, choose_schedule(stage, variant.name));
            library.add(stage, kernels.back().second, variant.name);
        }
    }
    library.load();
    for (size_t i = 0; i < kernels.size(); i++) {
        const auto& [stage, schedule] = kernels[i];
        for (int images : {1, 2, 5}) {
            INFO(images, " images, ", to_string(stage), " | ", to_string(schedule));
            const ParallelLoop said = parallel_loop(stage, schedule, images);
            const std::vector<int> found = loops_of(library, static_cast<int>(i), images);
            REQUIRE(found.empty() == (said.tasks == 1));
            if (found.empty()) continue;
            CHECK(found.back() == said.tasks);
            if (transforms_first(schedule, said)) continue;
            for (int tasks : found) CHECK(tasks == said.tasks);
        }
    }
}

TEST_CASE(
    "the busiest thread's work over the mean: tasks that threads divide are even, one task is all on one thread") {
    CHECK(imbalance(16, 8) == 1);
    CHECK(imbalance(1, 8) == 8);
    CHECK(imbalance(9, 8) == doctest::Approx(16.0 / 9));
    CHECK(imbalance(7, 2) == doctest::Approx(8.0 / 7));
    CHECK(imbalance(5, 1) == 1);
}
