// Release kernels, as users get them, at shapes of real networks with the schedules that they are built with.
#include <doctest/doctest.h>

#include "tests/stages/check_stages.h"

using namespace senetc::test;

TEST_CASE("stages of SE-ResNet-50") {
    check_stages(
        {
            "conv ci=3 co=64 in_h=112 in_w=112 kernel_h=7 kernel_w=7 stride=2 pad=3 in_halo=3 layout=planar act=relu",
            "conv ci=64 co=64 in_h=56 in_w=56 kernel_h=3 kernel_w=3 pad=1 in_halo=1 act=relu",
            "conv ci=256 co=128 in_h=28 in_w=28 out_halo=1 act=relu",
            "conv ci=256 co=512 in_h=28 in_w=28 stride=2",
            "conv ci=512 co=64 in_h=7 in_w=7 kernel_h=3 kernel_w=3 pad=1 in_halo=1 act=relu",
            "conv ci=512 co=256 in_h=7 in_w=7",
            "max_pool ch=64 in_h=56 in_w=56",
            "squeeze ch=256 h=56 w=56",
            "excite ch=2048 hidden=128",
            "scale_add ch=256 h=28 w=28 gate=1 residual=1 act=relu",
            "dense in=2048 out=1000 logits=1",
            "ingest_u8 ch=3 h=224 w=224 out_halo=3",
        },
        Checks::release, Tasks::chosen);
}

TEST_CASE("stages of SE-ResNet-20 for CIFAR and of SE-MobileNet") {
    check_stages(
        {
            "conv ci=3 co=16 in_h=32 in_w=32 kernel_h=3 kernel_w=3 pad=1 in_halo=1 out_halo=1 layout=planar act=relu",
            "conv ci=16 co=16 in_h=32 in_w=32 kernel_h=3 kernel_w=3 pad=1 in_halo=1",
            "conv ci=16 co=32 in_h=32 in_w=32 kernel_h=3 kernel_w=3 stride=2 pad=1 in_halo=1 out_halo=1 act=relu",
            "squeeze ch=16 h=32 w=32",
            "excite ch=16 hidden=1",
            "scale_add ch=16 h=32 w=32 gate=1 residual=1 res_halo=1 out_halo=1 act=relu",
            "dense in=64 out=10 logits=1",
            "depthwise_conv ch=64 in_h=48 in_w=48 stride=2 act=relu",
            "depthwise_conv ch=32 in_h=48 in_w=48 act=relu",
        },
        Checks::release, Tasks::chosen);
}
