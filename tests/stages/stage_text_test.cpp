// Stages and schedules as text, what pack_parameter does to a weight, and how rows are cut into tiles.
#include <doctest/doctest.h>

#include <cmath>

#include "generators/compiler/pack_weights.h"
#include "models/error.h"
#include "schedules/hand/tiling.h"
#include "schedules/schedules.h"
#include "tests/stages/check_stages.h"

using namespace senetc;
using namespace senetc::test;

TEST_CASE("a stage's and a schedule's text reads back as the same value") {
    const Stage stage = stage_of("conv ci=3 co=64 in_h=8 in_w=9 layout=planar act=relu");
    CHECK(parse_stage(to_string(stage)) == stage);
    CHECK(stage.number("in_w") == 9);
    const Schedule schedule{"tuned", {{"tile_x", 14}, {"tile_k", 2}}};
    CHECK(parse_schedule(to_string(schedule)) == schedule);
    CHECK(to_string(schedule) == "tuned tile_k=2 tile_x=14");
}

TEST_CASE("text that is no stage is refused in words") {
    for (const char* text : {"", "ci=3", "conv ci", "conv =3", "conv ci=3 ci=4"}) {
        INFO(text);
        CHECK_THROWS_AS(parse_stage(text), Error);
    }
    CHECK_THROWS_AS(parse_schedule("direct tile_x=wide"), Error);
    CHECK_THROWS_AS(parse_schedule("direct tile_x=3x"), Error);
}

TEST_CASE("a stage of a generator that nobody wrote is a bug, not a silence") {
    CHECK_THROWS_AS(arguments(parse_stage("warp ch=3"), {}), std::logic_error);
    CHECK_THROWS_AS(stage_of("conv ci=3 co=4 in_h=1 in_w=1").number("kernel"), std::out_of_range);
}

TEST_CASE("a conv's weights are packed in the order that a tile reads them, with zeros for missing channels") {
    const Stage stage = stage_of("conv ci=17 co=20 in_h=4 in_w=4 kernel_h=2 kernel_w=3");
    const auto list = arguments(stage, {});
    const Argument& weight = list.at(1);
    REQUIRE(weight.name == "weight");
    std::vector<double> values(20 * 17 * 2 * 3);
    for (size_t i = 0; i < values.size(); i++) values[i] = static_cast<double>(i + 1);
    const Tensor tensor({20, 17, 2, 3}, values);
    const auto packed = pack_parameter(weight, &tensor);
    REQUIRE(packed.size() == size_t{2 * 2 * 2 * 3 * 16 * 16});
    // [co / 32][ci / 16][ky][kx][16 ci][2][16 co]
    const auto at = [&](int o, int i, int ky, int kx) {
        return packed[static_cast<size_t>((((i / 16 * 2 + ky) * 3 + kx) * 16 + i % 16) * 32 + o)];
    };
    CHECK(at(0, 0, 0, 0) == 1);
    CHECK(at(19, 16, 1, 2) == static_cast<float>(values.size()));
    CHECK(at(5, 3, 1, 0) == static_cast<float>(((5 * 17 + 3) * 2 + 1) * 3 + 1));
    CHECK(at(20, 0, 0, 0) == 0);
    CHECK(at(0, 17, 0, 0) == 0);
}

TEST_CASE("a bias that the graph has not is zeros") {
    const auto list = arguments(stage_of("dense in=16 out=20"), {});
    CHECK(pack_parameter(list.at(2), nullptr) == std::vector<float>(32, 0.0f));
}

TEST_CASE("equal packings are shared by layers of one weight shape, whatever their maps are") {
    const auto a = arguments(stage_of("conv ci=64 co=64 in_h=56 in_w=56"), {});
    const auto b = arguments(stage_of("conv ci=64 co=64 in_h=7 in_w=9 in_halo=1 act=relu"), {});
    CHECK(a.at(1).packing == b.at(1).packing);
    CHECK(a.at(1).packing != arguments(stage_of("conv ci=64 co=48 in_h=56 in_w=56"), {}).at(1).packing);
}

TEST_CASE("rows are cut with the least waste") {
    const auto cut = [](int width, int height, int vectors, int accumulators) {
        const Tile t = best_tile(width, height, vectors, accumulators);
        return std::vector<int>{t.x, t.y};
    };
    CHECK(cut(56, 56, 2, 28) == std::vector<int>{14, 1});
    CHECK(cut(33, 33, 2, 28) == std::vector<int>{11, 1});
    CHECK(cut(1, 1, 2, 28) == std::vector<int>{1, 1});
    for (int width = 1; width <= 70; width++) {
        const Tile t = best_tile(width, 3, 2, 28);
        CHECK(t.x * t.y <= 14);
        CHECK(t.x <= width);
        CHECK(t.y <= 3);
        CHECK(std::isfinite(t.cost));
    }
}

TEST_CASE("Winograd where few weights serve many tiles, the direct convolution where it fits no tile") {
    const auto algorithm = [](const std::string& text) {
        const auto schedule = choose_schedule(stage_of("conv kernel_h=3 kernel_w=3 pad=1 in_halo=1 " + text), "avx512");
        return winograd_tile(schedule);
    };
    CHECK(algorithm("ci=64 co=64 in_h=56 in_w=56") == 4);
    CHECK(algorithm("ci=512 co=512 in_h=7 in_w=7") == 2);
    CHECK(algorithm("ci=64 co=64 in_h=3 in_w=2") == 0);
    CHECK(algorithm("ci=64 co=128 in_h=56 in_w=56 stride=2") == 2);
    CHECK(algorithm("ci=32 co=32 in_h=56 in_w=56 stride=2") == 0);
    CHECK(algorithm("ci=512 co=512 in_h=13 in_w=14 stride=2") == 0);
    CHECK(algorithm("ci=3 co=64 in_h=32 in_w=32 layout=planar") == 0);
}

TEST_CASE("flops count the padding") {
    CHECK(flops(stage_of("conv ci=3 co=64 in_h=224 in_w=224 kernel_h=7 kernel_w=7 stride=2 pad=3")) ==
          2ll * 112 * 112 * 64 * 3 * 49);
    CHECK(flops(stage_of("excite ch=256 hidden=16")) == 4 * 256 * 16);
    CHECK(flops(stage_of("max_pool ch=16 in_h=8 in_w=8")) == 0);
}
