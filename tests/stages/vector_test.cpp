// Stages with a vector on one side, with Halide's checks of every buffer compiled in.
#include <doctest/doctest.h>

#include "tests/stages/check_stages.h"

using namespace senetc::test;

TEST_CASE("the squeeze") {
    check_stages(
        {
            "squeeze ch=16 h=1 w=1",
            "squeeze ch=40 h=9 w=1 in_halo=1",
            "squeeze ch=24 h=3 w=37",
            "squeeze ch=64 h=8 w=8 in_halo=3",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("the squeeze of sums by tile divides by the map's pixels") {
    check_stages(
        {
            "squeeze ch=16 h=1 w=1 pixels=12",
            "squeeze ch=40 h=3 w=5 pixels=703",
            "squeeze ch=24 h=49 w=1 pixels=2401",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("what the taps of a 3x3 window see on average, from a map's border and its sums by tile") {
    check_stages(
        {
            "window_means ch=16 h=1 w=1 tiles_x=1 tiles_y=1",
            "window_means ch=24 h=1 w=13 in_halo=1 tiles_x=3 tiles_y=1",
            "window_means ch=20 h=11 w=1 in_halo=3 tiles_x=1 tiles_y=6",
            "window_means ch=16 h=2 w=2 in_halo=1 tiles_x=1 tiles_y=2",
            "window_means ch=40 h=7 w=7 in_halo=1 tiles_x=2 tiles_y=2",
            "window_means ch=7 h=19 w=37 in_halo=2 tiles_x=10 tiles_y=5",
            "window_means ch=64 h=15 w=29 tiles_x=3 tiles_y=15",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("the same from the map alone, whose pixels are tiles of their own") {
    check_stages(
        {
            "window_means ch=16 h=1 w=1 in_halo=1 sums_halo=1",
            "window_means ch=24 h=1 w=13 in_halo=1 sums_halo=1",
            "window_means ch=20 h=11 w=1",
            "window_means ch=40 h=9 w=7 in_halo=3 sums_halo=3",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("the excitation, however narrow its hidden layer") {
    check_stages(
        {
            "excite ch=16 hidden=1",
            "excite ch=40 hidden=2",
            "excite ch=100 hidden=7",
            "excite ch=256 hidden=16",
            "excite ch=64 hidden=16 out=250",
            "excite ch=32 segments=9 hidden=5 out=40",
            "excite ch=20 segments=9 hidden=3 out=7",
            "excite ch=1 segments=9 hidden=1 out=33",
        },
        Checks::asserts, Tasks::many);
}

TEST_CASE("fully connected layers: nothing is written past the last class") {
    check_stages(
        {
            "dense in=64 out=10 logits=1",
            "dense in=20 out=1 logits=1",
            "dense in=48 out=100 logits=1 act=sigmoid",
            "dense in=33 out=32 logits=1",
            "dense in=40 out=24 act=relu",
            "dense in=16 out=80",
        },
        Checks::asserts, Tasks::many);
}
