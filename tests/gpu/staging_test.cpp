// Convolutions whose blocks of threads stage pixels and weights in shared memory, at shapes that no tile likes, with
// Halide's checks of every buffer compiled in.
#include <doctest/doctest.h>

#include "schedules/schedule.h"
#include "tests/stages/check_stages.h"

using namespace senetc;
using namespace senetc::test;

TEST_CASE("Winograd's products from staged spectra and weights") {
    check_stages(
        {
            "conv ci=64 co=64 in_h=9 in_w=10 kernel_h=3 kernel_w=3 pad=1 in_halo=1 act=relu | winograd m=4 rows=3 "
            "tile_c=4 tile_k=2 tile_p=2 lanes=2 block=4 block_k=2 stage_k=1",
            "conv ci=64 co=32 in_h=7 in_w=7 kernel_h=3 kernel_w=3 pad=1 in_halo=1 out_halo=1 gate=1 sums=1 | winograd "
            "m=2 rows=4 tile_c=4 tile_k=2 tile_p=4 lanes=4 block=8 block_k=1 stage_k=2",
        },
        Checks::asserts, Tasks::chosen);
}

TEST_CASE("1x1 convolutions from staged pixels and weights") {
    check_stages(
        {
            "conv ci=64 co=64 in_h=9 in_w=10 act=relu | direct tile_c=4 tile_k=2 tile_x=4 tile_y=1 block=8 block_k=2 "
            "by_rows=0 stage_k=2",
            "conv ci=40 co=32 in_h=7 in_w=9 residual=1 out_halo=1 gate=1 | direct tile_c=4 tile_k=1 tile_x=2 tile_y=2 "
            "block=4 block_k=2 by_rows=1 stage_k=3",
            "conv ci=64 co=32 in_h=9 in_w=9 stride=2 in_halo=1 sums=1 | direct tile_c=4 tile_k=2 tile_x=5 tile_y=1 "
            "block=1 "
            "block_k=1 by_rows=1 part=2 stage_k=1",
        },
        Checks::asserts, Tasks::chosen);
}

TEST_CASE("wider convolutions from staged pixels and weights") {
    check_stages(
        {
            "conv ci=32 co=32 in_h=7 in_w=11 kernel_h=3 kernel_w=3 pad=1 in_halo=1 out_halo=1 act=relu | direct "
            "tile_c=4 "
            "tile_k=2 tile_x=3 tile_y=2 block=2 block_k=1 by_rows=1 stage_k=1",
            "conv ci=32 co=64 in_h=15 in_w=17 kernel_h=3 kernel_w=3 stride=2 pad=1 in_halo=1 gate=1 sums=1 | direct "
            "tile_c=4 "
            "tile_k=2 tile_x=4 tile_y=1 block=2 block_k=2 by_rows=1 part=1 stage_k=1",
        },
        Checks::asserts, Tasks::chosen);
}

TEST_CASE("convolutions and their shortcuts from staged pixels and weights") {
    check_stages(
        {
            "conv ci=64 co=32 in_h=7 in_w=9 residual=1 shortcut_ci=32 shortcut_h=14 shortcut_w=17 shortcut_stride=2 "
            "gate=1 act=relu | direct tile_c=4 tile_k=2 tile_x=2 tile_y=1 block=4 block_k=1 by_rows=1 stage_k=2",
            "conv ci=16 co=32 in_h=8 in_w=8 kernel_h=3 kernel_w=3 stride=2 pad=1 in_halo=1 residual=1 shortcut_ci=16 "
            "shortcut_h=8 shortcut_w=8 shortcut_stride=2 gate=1 | direct tile_c=4 tile_k=2 tile_x=2 tile_y=2 block=2 "
            "block_k=1 by_rows=1 stage_k=1",
        },
        Checks::asserts, Tasks::chosen);
}

TEST_CASE("the copies of pixels and weights have one barrier") {
    const Stage stage = stage_of("conv ci=64 co=64 in_h=8 in_w=8");
    const Schedule schedule =
        parse_schedule("direct tile_c=4 tile_k=2 tile_x=4 tile_y=1 block=8 block_k=1 by_rows=0 stage_k=2");
    const std::string source = emit_kernel(stage, schedule, {.variant = "cuda"}, "kernel").gpu_source;
    const size_t loop = source.find("Loop Header"), end = source.find("ret;");
    REQUIRE(loop != std::string::npos);
    size_t barriers = 0;
    for (size_t at = source.find("bar.sync", loop); at < end; at = source.find("bar.sync", at + 1)) ++barriers;
    CHECK(barriers == 3);  // after the copies, before the next, and after the last
}
