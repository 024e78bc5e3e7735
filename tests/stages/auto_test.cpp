// Kernels that Halide's autoschedulers schedule against the naive evaluation; and who can't schedule what.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "generators/compiler/kernel.h"
#include "generators/system/child_process.h"
#include "models/error.h"
#include "schedules/auto/autoschedulers.h"
#include "schedules/parallel_loop.h"
#include "tests/stages/check_stages.h"

using namespace senetc;
using namespace senetc::test;

namespace {

const char* const kStages[] = {
    "conv ci=20 co=40 in_h=9 in_w=11 kernel_h=3 kernel_w=3 pad=1 in_halo=1 gate=1 residual=1 sums=1 out_halo=1 "
    "act=relu",
    "conv ci=32 co=48 in_h=7 in_w=7 gate=1 residual=1 shortcut_ci=20 shortcut_h=13 shortcut_w=13 shortcut_stride=2",
    "conv ci=3 co=24 in_h=19 in_w=23 kernel_h=7 kernel_w=7 stride=2 pad=3 in_halo=3 layout=planar act=relu",
    "conv ci=24 co=16 in_h=9 in_w=9 gate=1 sums=1 store=0 act=sigmoid",
    "depthwise_conv ch=40 in_h=13 in_w=10 stride=2 gate=1 sums=1 act=relu",
    "scale_add ch=40 h=13 w=10 gate=1 residual=1 sums=1 act=relu",
    "batch_norm ch=24 h=9 w=7 out_halo=1 act=relu",
    "squeeze ch=40 h=13 w=10",
    "window_means ch=24 h=9 w=7 in_halo=1",
    "excite ch=40 hidden=5",
    "dense in=70 out=37 logits=1",
    "dense in=64 out=64 act=relu",
    "max_pool ch=24 in_h=13 in_w=10 in_halo=1 out_halo=1",
    "ingest_u8 ch=3 h=19 w=23 out_halo=3",
    "ingest_f32 ch=3 h=19 w=23 layout=blocked",
};

// What can't be compiled, and what is said then.
struct Failure {
    std::string autoscheduler, stage, part_of_problem;
};
const std::vector<Failure> kFailures = {
    // Its dot products are cut into parts whose sums threads would add up.
    {"Li2018", "excite ch=40 hidden=5", "differ from run to run"},
    // A loop over one hidden unit has no tiles.
    {"Anderson2021", "excite ch=16 hidden=1", "zero parallel tilings"},
};

// GPUs' kernels are tested in a run of their own.
bool under_test(const std::string& autoscheduler) {
    return find_autoscheduler(parse_schedule(autoscheduler).algorithm).for_gpus == on_gpu();
}

bool fails(const std::string& autoscheduler, const std::string& stage) {
    for (const Failure& failure : kFailures)
        if (autoscheduler.starts_with(failure.autoscheduler) && stage == failure.stage) return true;
    return false;
}

std::string problem_of(const std::string& autoscheduler, const std::string& text) {
    const Stage stage = stage_of(text);
    const std::string variant = on_gpu() ? "cuda" : "avx2";
    const Schedule schedule = autoscheduled(stage, variant, parse_schedule(autoscheduler));
    return ChildProcess([&] { emit_kernel(stage, schedule, {variant, false, on_gpu()}, "kernel"); }, 60).wait();
}

void check_all(const std::string& autoscheduler) {
    if (!under_test(autoscheduler)) return;
    std::vector<std::string> compiled;
    for (const std::string stage : kStages) {
        INFO(stage, " | ", autoscheduler);
        if (fails(autoscheduler, stage)) continue;
        const std::string problem = problem_of(autoscheduler, stage);
        CHECK(problem == "");
        if (problem.empty()) compiled.push_back(stage + " | " + autoscheduler);
    }
    check_stages(compiled, Checks::release, Tasks::chosen);
}

void refuses(const std::string& stage, const std::string& schedule, const std::string& part_of_message) {
    INFO(schedule);
    try {
        check_autoscheduled(stage_of(stage), parse_schedule(schedule));
        FAIL("accepted");
    } catch (const Error& error) {
        CHECK_MESSAGE(std::string(error.what()).find(part_of_message) != std::string::npos, error.what());
    }
}

}  // namespace

TEST_CASE("Mullapudi2016's kernels") {
    check_all("Mullapudi2016 parallelism=4");
}

TEST_CASE("Li2018's kernels") {
    check_all("Li2018 parallelism=4");
}

TEST_CASE("Adams2019's kernels, chosen greedily") {
    check_all("Adams2019 beam_size=1 parallelism=4");
}

TEST_CASE("Adams2019's kernels at random") {
    check_all("Adams2019 beam_size=1 random_dropout=10 random_dropout_seed=7");
}

TEST_CASE("Anderson2021's kernels") {
    check_all("Anderson2021");
}

TEST_CASE("Anderson2021's kernels at random") {
    check_all("Anderson2021 beam_size=1 random_dropout=10 random_dropout_seed=7");
}

TEST_CASE("what can't be autoscheduled is known by name") {
    for (const Failure& failure : kFailures) {
        if (!under_test(failure.autoscheduler)) continue;
        INFO(failure.stage, " | ", failure.autoscheduler);
        const std::string problem = problem_of(failure.autoscheduler, failure.stage);
        CHECK(problem.find(failure.part_of_problem) != std::string::npos);
        CHECK(problem.find_first_of("\r\n") == std::string::npos);
    }
}

TEST_CASE("names and options that no autoscheduler has are errors that say what there is") {
    const std::string plain = "dense in=16 out=16", sums = "scale_add ch=16 h=4 w=4 gate=1 sums=1";
    refuses(plain, "Adam2019", "Mullapudi2016, Li2018, Adams2019, Anderson2021");
    refuses(plain, "Anderson2021 active_warp_limit=65", "outside 1 to 64");
    refuses(plain, "Li2018 beam_size=4", "Li2018 has no option 'beam_size': it has parallelism");
    refuses(plain, "Adams2019 beam_size=0", "beam_size=0 is outside 1 to 1000");
    refuses(plain, "Adams2019 random_dropout=101", "outside 1 to 100");
    refuses(plain, "Mullapudi2016 last_level_cache_size=1", "last_level_cache_size=1 is outside");
    refuses(plain, "Adams2019 tile_x=4 tile_y=1", "gives tiles to a stage without sums");
    refuses(sums, "Adams2019", "has no tile_x");
    refuses(sums, "Adams2019 tile_x=17 tile_y=1", "tile_x=17 is outside 1 to 16");
}

TEST_CASE("an autoscheduler schedules for one kind of device") {
    const Stage stage = stage_of("dense in=16 out=16");
    CHECK_THROWS_WITH_AS(autoscheduled(stage, "avx2", {"Anderson2021", {}}), "Anderson2021 schedules for GPUs alone",
                         Error);
    CHECK_THROWS_WITH_AS(autoscheduled(stage, "cuda", {"Adams2019", {}}), "Adams2019 schedules for CPUs alone", Error);
    CHECK_THROWS_WITH_AS(emit_kernel(stage, {"Adams2019", {}}, {"cuda"}, "kernel"),
                         "Adams2019 schedules for CPUs alone", Error);
}

TEST_CASE("a schedule that is asked for gets its parallelism, and the tiles of sums from hand's direct schedule") {
    const Stage stage = stage_of("conv ci=16 co=16 in_h=14 in_w=14 kernel_h=3 kernel_w=3 pad=1 in_halo=1 sums=1");
    const Schedule schedule = autoscheduled(stage, "avx512", parse_schedule("Adams2019 beam_size=8"));
    CHECK(to_string(schedule).starts_with("Adams2019 beam_size=8 parallelism=16 tile_x="));
    CHECK(sum_tile(schedule).x > 1);
}

TEST_CASE("an autoscheduled kernel's tasks are unknown") {
    const ParallelLoop loop = parallel_loop(stage_of("dense in=16 out=16"), parse_schedule("Li2018 parallelism=16"), 1);
    CHECK(std::string(loop.axis) == "unknown");
    CHECK(loop.tasks == 0);
}

TEST_CASE("Adams2019 gives the features of what it schedules, by which its cost model learns") {
    const Stage stage = stage_of("dense in=64 out=64");
    const auto emit = [&](const std::string& schedule) {
        return emit_kernel(stage, parse_schedule(schedule), {"avx2"}, "kernel");
    };
    CHECK(emit("Adams2019 beam_size=1 parallelism=4").featurization.size() > 1000);
    CHECK(emit("Li2018 parallelism=4").featurization.empty());
}
