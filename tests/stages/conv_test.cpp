// The dense convolution at shapes that no tile likes, with Halide's checks of every buffer compiled in.
#include <doctest/doctest.h>

#include "tests/stages/check_stages.h"

using namespace senetc::test;

TEST_CASE("1x1 convolutions without halos, whose maps are one long row") {
    check_stages(
        {
            "conv ci=16 co=32 in_h=1 in_w=1",
            "conv ci=20 co=24 in_h=7 in_w=7 act=relu residual=1",
            "conv ci=32 co=40 in_h=5 in_w=1 act=sigmoid",
            "conv ci=1 co=64 in_h=13 in_w=11 residual=1",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("1x1 convolutions between maps with halos") {
    check_stages(
        {
            "conv ci=16 co=32 in_h=1 in_w=1 in_halo=1 out_halo=3",
            "conv ci=40 co=16 in_h=9 in_w=14 out_halo=1 act=relu",
            "conv ci=16 co=48 in_h=4 in_w=37 in_halo=1 residual=1 res_halo=1 act=relu",
            "conv ci=32 co=32 in_h=9 in_w=9 stride=2 out_halo=1",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("3x3 convolutions") {
    check_stages(
        {
            "conv ci=16 co=32 in_h=1 in_w=1 kernel_h=3 kernel_w=3 pad=1 in_halo=1 | direct",
            "conv ci=16 co=16 in_h=11 in_w=1 kernel_h=3 kernel_w=3 pad=1 in_halo=1 out_halo=1 act=relu | direct",
            "conv ci=16 co=32 in_h=3 in_w=33 kernel_h=3 kernel_w=3 pad=1 in_halo=3 residual=1 res_halo=1 act=relu | "
            "direct",
            "conv ci=24 co=40 in_h=7 in_w=7 kernel_h=3 kernel_w=3 pad=1 in_halo=1 act=sigmoid | direct",
            "conv ci=32 co=64 in_h=14 in_w=14 kernel_h=3 kernel_w=3 pad=1 in_halo=1 out_halo=1 act=relu | direct",
            "conv ci=16 co=32 in_h=15 in_w=29 kernel_h=3 kernel_w=3 stride=2 pad=1 in_halo=1 act=relu",
            "conv ci=16 co=32 in_h=8 in_w=8 kernel_h=3 kernel_w=3 stride=2 pad=1 in_halo=1 out_halo=1",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("windows that are not square, and wider than 3") {
    check_stages(
        {
            "conv ci=16 co=32 in_h=6 in_w=9 kernel_h=1 kernel_w=5 pad=2 in_halo=2",
            "conv ci=16 co=16 in_h=9 in_w=9 kernel_h=5 kernel_w=5 stride=3 pad=2 in_halo=3 out_halo=2",
            "conv ci=16 co=32 in_h=5 in_w=6 kernel_h=2 kernel_w=3 in_halo=1",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("convolutions of the planar input image") {
    check_stages(
        {
            "conv ci=3 co=64 in_h=19 in_w=31 kernel_h=7 kernel_w=7 stride=2 pad=3 in_halo=3 layout=planar act=relu",
            "conv ci=3 co=16 in_h=8 in_w=8 kernel_h=3 kernel_w=3 pad=1 in_halo=1 out_halo=1 layout=planar act=relu",
            "conv ci=3 co=32 in_h=9 in_w=1 kernel_h=3 kernel_w=3 stride=2 pad=1 in_halo=1 out_halo=1 layout=planar",
            "conv ci=4 co=24 in_h=5 in_w=5 in_halo=2 layout=planar",
        },
        Checks::asserts, Tasks::many);
}
