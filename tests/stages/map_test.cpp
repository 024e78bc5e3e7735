// Stages that compute a map pixel by pixel, with Halide's checks of every buffer compiled in.
#include <doctest/doctest.h>

#include "tests/stages/check_stages.h"

using namespace senetc::test;

TEST_CASE("depthwise convolutions") {
    check_stages(
        {
            "depthwise_conv ch=16 in_h=1 in_w=1",
            "depthwise_conv ch=24 in_h=9 in_w=1 in_halo=3 out_halo=1 act=relu",
            "depthwise_conv ch=48 in_h=7 in_w=7 out_halo=1 act=relu",
            "depthwise_conv ch=32 in_h=13 in_w=33 stride=2 act=sigmoid",
            "depthwise_conv ch=16 in_h=8 in_w=14 kernel=5 stride=1 pad=2 in_halo=2",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("batch norms that no conv could take in") {
    check_stages(
        {
            "batch_norm ch=16 h=1 w=1 act=relu",
            "batch_norm ch=40 h=7 w=11 in_halo=1 out_halo=1",
            "batch_norm ch=24 h=5 w=13 act=sigmoid",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("scaling by a gate, adding a residual, and the activation after them") {
    check_stages(
        {
            "scale_add ch=16 h=1 w=1 gate=1 residual=1 act=relu",
            "scale_add ch=40 h=7 w=7 gate=1 residual=1 in_halo=1 res_halo=3 out_halo=1 act=relu",
            "scale_add ch=24 h=9 w=1 gate=1",
            "scale_add ch=32 h=5 w=37 residual=1 act=relu",
            "scale_add ch=20 h=3 w=3 act=sigmoid",
            "scale_add ch=16 h=4 w=6 out_halo=1 act=relu",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("max pooling, whose padding never wins") {
    check_stages(
        {
            "max_pool ch=16 in_h=1 in_w=1",
            "max_pool ch=40 in_h=13 in_w=33 out_halo=1",
            "max_pool ch=24 in_h=8 in_w=14 in_halo=1 kernel=2 stride=2 pad=0",
            "max_pool ch=16 in_h=9 in_w=1 stride=1",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("images come in as planes or as blocks") {
    check_stages(
        {
            "ingest_f32 ch=3 h=1 w=1 out_halo=3",
            "ingest_f32 ch=3 h=7 w=33 out_halo=1",
            "ingest_u8 ch=3 h=19 w=33 out_halo=3",
            "ingest_u8 ch=1 h=5 w=1",
            "ingest_f32 ch=20 h=5 w=9 out_halo=1 layout=blocked",
            "ingest_u8 ch=3 h=5 w=17 out_halo=1 layout=blocked",
        },
        Checks::asserts, Tasks::many);
}
