// Stages whose map takes a gate on its way out, and is summed by tile beside being stored or instead of it, at shapes
// that no tile divides; with Halide's checks of every buffer compiled in.
#include <doctest/doctest.h>

#include "tests/stages/check_stages.h"

using namespace senetc::test;

namespace {

// Emulated kernels run slowly, and the tasks chosen are the fewest: there only with more. GPUs' compile slowly, and
// their tasks are blocks of threads, without an axis.
std::vector<Tasks> with_bands() {
    return emulated() || on_gpu() ? std::vector<Tasks>{Tasks::many} : std::vector<Tasks>{Tasks::chosen, Tasks::many};
}

void check_all_tasks(const std::vector<std::string>& stages) {
    for (const Tasks tasks : with_bands()) check_stages(stages, Checks::asserts, tasks);
    if (!on_gpu()) check_stages(stages, Checks::asserts, Tasks::blocks);
}

}  // namespace

TEST_CASE("1x1 convolutions with a gate, a residual and sums, stored or not") {
    check_all_tasks({
        "conv ci=32 co=48 in_h=37 in_w=19 gate=1 residual=1 sums=1 act=relu",
        "conv ci=32 co=48 in_h=37 in_w=19 gate=1 residual=1 sums=1 store=0 act=relu",
        "conv ci=20 co=24 in_h=7 in_w=7 gate=1 residual=1 res_halo=1 sums=1 out_halo=1 act=relu",
        "conv ci=20 co=32 in_h=7 in_w=7 gate=1 sums=1 store=0 act=relu",
        "conv ci=16 co=40 in_h=1 in_w=1 gate=1 residual=1 sums=1",
        "conv ci=16 co=32 in_h=1 in_w=1 sums=1 store=0",
        "conv ci=32 co=64 in_h=15 in_w=9 stride=2 in_halo=1 sums=1 act=relu",
    });
}

TEST_CASE("1x1 convolutions that go on with a shortcut's, of stride 1, 2 and 3, with a gate or without") {
    check_all_tasks({
        "conv ci=32 co=48 in_h=37 in_w=19 residual=1 shortcut_ci=20 shortcut_h=37 shortcut_w=19 shortcut_stride=1 "
        "gate=1 act=relu",
        "conv ci=20 co=64 in_h=15 in_w=29 residual=1 shortcut_ci=32 shortcut_h=29 shortcut_w=58 shortcut_stride=2 "
        "gate=1 sums=1 act=relu",
        "conv ci=20 co=24 in_h=7 in_w=7 residual=1 shortcut_ci=16 shortcut_h=14 shortcut_w=13 shortcut_stride=2 "
        "res_halo=1 in_halo=1 out_halo=1 gate=1 sums=1 store=0",
        "conv ci=16 co=32 in_h=9 in_w=14 stride=2 residual=1 shortcut_ci=40 shortcut_h=5 shortcut_w=7 "
        "shortcut_stride=1 act=relu",
        "conv ci=3 co=7 in_h=1 in_w=1 residual=1 shortcut_ci=5 shortcut_h=3 shortcut_w=1 shortcut_stride=3 gate=1",
        "conv ci=16 co=32 in_h=8 in_w=8 kernel_h=3 kernel_w=3 stride=2 pad=1 in_halo=1 residual=1 shortcut_ci=16 "
        "shortcut_h=8 shortcut_w=8 shortcut_stride=2 gate=1 act=relu",
        "conv ci=64 co=64 in_h=14 in_w=14 kernel_h=3 kernel_w=3 pad=1 in_halo=1 residual=1 shortcut_ci=16 "
        "shortcut_h=14 shortcut_w=14 shortcut_stride=1 gate=1",
    });
}

TEST_CASE("wider convolutions with a gate, a residual and sums, stored or not") {
    check_all_tasks({
        "conv ci=16 co=24 in_h=37 in_w=19 kernel_h=3 kernel_w=3 pad=1 in_halo=1 gate=1 residual=1 sums=1 act=relu | "
        "direct",
        "conv ci=24 co=32 in_h=7 in_w=7 kernel_h=3 kernel_w=3 pad=1 in_halo=1 residual=1 sums=1 store=0 act=relu | "
        "direct",
        "conv ci=24 co=32 in_h=7 in_w=7 kernel_h=3 kernel_w=3 pad=1 in_halo=1 gate=1 sums=1 out_halo=1",
        "conv ci=16 co=16 in_h=1 in_w=1 kernel_h=3 kernel_w=3 pad=1 in_halo=1 gate=1 sums=1",
        "conv ci=16 co=20 in_h=13 in_w=10 kernel_h=3 kernel_w=3 stride=2 pad=1 in_halo=1 gate=1 sums=1 out_halo=1",
        "conv ci=3 co=32 in_h=19 in_w=31 kernel_h=7 kernel_w=7 stride=2 pad=3 in_halo=3 layout=planar sums=1 act=relu",
    });
}

TEST_CASE("sums of a large map of few channels") {
    for (const Tasks tasks : with_bands()) {
        check_stages(
            {
                "conv ci=3 co=7 in_h=97 in_w=131 gate=1 sums=1 store=0 act=relu",
                "conv ci=5 co=16 in_h=97 in_w=131 kernel_h=3 kernel_w=3 pad=1 in_halo=1 gate=1 residual=1 sums=1",
                "depthwise_conv ch=7 in_h=97 in_w=131 gate=1 sums=1 store=0 act=relu",
                "scale_add ch=16 h=97 w=131 gate=1 residual=1 sums=1 store=0",
            },
            Checks::asserts, tasks);
    }
}

TEST_CASE("depthwise convolutions with a gate and sums, stored or not") {
    check_all_tasks({
        "depthwise_conv ch=24 in_h=37 in_w=19 gate=1 sums=1 out_halo=1 act=relu",
        "depthwise_conv ch=24 in_h=37 in_w=19 gate=1 sums=1 store=0 act=relu",
        "depthwise_conv ch=48 in_h=7 in_w=7 sums=1 store=0",
        "depthwise_conv ch=32 in_h=1 in_w=1 gate=1 sums=1",
        "depthwise_conv ch=40 in_h=13 in_w=10 stride=2 gate=1 act=relu",
        "depthwise_conv ch=16 in_h=8 in_w=14 kernel=5 pad=2 in_halo=2 sums=1 act=sigmoid",
    });
}

TEST_CASE("scaling and adding with sums, stored or not") {
    check_all_tasks({
        "scale_add ch=40 h=37 w=19 gate=1 residual=1 sums=1 act=relu",
        "scale_add ch=24 h=7 w=7 gate=1 residual=1 in_halo=1 res_halo=3 out_halo=1 sums=1 act=relu",
        "scale_add ch=48 h=7 w=7 residual=1 res_halo=1 sums=1 store=0 act=relu",
        "scale_add ch=16 h=1 w=1 gate=1 sums=1 store=0",
    });
}
