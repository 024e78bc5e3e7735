// Text from files is no stage or schedule until it is checked.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

#include "generators/compiler/check_stage.h"
#include "generators/compiler/lower.h"
#include "models/error.h"
#include "models/passes/passes.h"
#include "models/weights/formula.h"
#include "models/zoo/zoo.h"
#include "schedules/check_schedule.h"
#include "schedules/space/space.h"
#include "tests/schedules/example.h"

using namespace senetc;
using namespace senetc::test;

namespace {

Graph graph_of(const std::string& network) {
    NetworkOptions options;
    options.height = 64, options.width = 64, options.classes = 10;
    const Network& found = find_network(network);
    return bind_formula_weights(found.build(found, options));
}

// Every distinct stage of a variant, with its hand schedule.
std::map<Stage, Schedule> stages_of(const Graph& graph, const VariantInfo& variant) {
    std::map<Stage, Schedule> stages;
    const Lowered lowered = lower(graph, choose_from(hand_source(), variant.name));
    for (const LoweredStep& step : lowered.steps) stages.emplace(step.stage, step.schedule);
    for (const LoweredStep& step : {lowered.ingest_f32, lowered.ingest_u8}) stages.emplace(step.stage, step.schedule);
    return stages;
}

void check_passes(const Stage& stage, const Schedule& schedule) {
    INFO(to_string(stage), " by ", to_string(schedule));
    CHECK_NOTHROW(check_stage(stage));
    CHECK_NOTHROW(check_schedule(stage, schedule));
    CHECK(parse_stage(to_string(stage)) == stage);
    CHECK(parse_schedule(to_string(schedule)) == schedule);
}

template <class Check>
void for_all_variants(const Check& check) {
    for (const TargetInfo& target : targets())
        for (const VariantInfo& variant : target.variants) check(variant);
}

}  // namespace

TEST_CASE("every stage of every kind of network, with passes and without, passes with its hand schedules") {
    for (const char* network : {"se_resnet18", "se_resnet50", "se_resnet20_cifar", "se_mobilenet_v1"}) {
        const Graph graph = graph_of(network), passed = run_passes(graph);
        for_all_variants([&](const VariantInfo& variant) {
            for (const auto& [stage, schedule] : stages_of(graph, variant)) check_passes(stage, schedule);
            for (const auto& [stage, schedule] : stages_of(passed, variant)) check_passes(stage, schedule);
        });
    }
}

TEST_CASE("so does every schedule that tuning may find") {
    const Graph graph = run_passes(graph_of("se_resnet20_cifar"));
    for_all_variants([&](const VariantInfo& variant) {
        for (const auto& [stage, ignored] : stages_of(graph, variant))
            for (const Schedule& schedule : schedule_space(stage, variant)) check_passes(stage, schedule);
    });
}

TEST_CASE("schedules that would have a kernel write outside of its map are refused") {
    const Stage conv = example_conv();
    struct Case {
        const char *part, *by, *sentence;
    };
    for (const Case& c : {
             Case{"tile_x=7", "tile_x=15", "tile_x=15 is outside 1 to 14"},
             {"tile_y=1", "tile_y=0", "tile_y=0 is outside 1 to 14"},
             {"tile_k=2", "tile_k=3", "tile_k=3 is outside 1 to 2"},
             {"tile_c=16", "tile_c=12", "tile_c must divide 16"},
             {"lanes=16", "lanes=32", "lanes=32 is outside 1 to 16"},
             {"tile_c=16", "tile_c=8", "lanes must divide tile_c"},
             {"axis=2", "axis=4", "axis=4 is outside 0 to 3"},
             {"band_x=2", "band_x=0", "band_x=0 is outside"},
         }) {
        const Schedule schedule = parse_schedule(replaced(to_string(example_direct()), c.part, c.by));
        CHECK_THROWS_WITH_AS(check_schedule(conv, schedule), doctest::Contains(c.sentence), Error);
    }
    for (const Case& c : {
             Case{"m=2", "m=3", "no m for which there are transforms"},
             {" m=2", "", "no m for which there are transforms"},
             {"rows=7", "rows=8", "rows=8 is outside 1 to 7"},
             {"tile_p=7", "tile_p=0", "tile_p=0 is outside"},
             {"tile_p=7", "tile_p=7 tile_x=7", "winograd of conv has no number 'tile_x'"},
         }) {
        const Schedule schedule = parse_schedule(replaced(to_string(example_winograd()), c.part, c.by));
        CHECK_THROWS_WITH_AS(check_schedule(conv, schedule), doctest::Contains(c.sentence), Error);
    }
}

TEST_CASE("staging is refused where a GPU's blocks of threads aren't whole, or what they copy finds no room") {
    const Stage conv = example_conv();
    const std::string direct = "direct block=2 block_k=1 by_rows=1 stage_k=1 tile_c=4 tile_k=2 tile_x=7 tile_y=1";
    CHECK_NOTHROW(check_schedule(conv, parse_schedule(direct)));
    struct Case {
        const char *part, *by, *sentence;
    };
    for (const Case& c : {
             Case{"block=2", "block=3", "a block of threads is wider than its map"},
             {"block_k=1", "block_k=2", "must cut its channel blocks"},
             {"tile_c=4", "tile_c=3", "tile_c must divide 16"},
             {"tile_k=2", "tile_k=1", "rows of weights"},
             {"stage_k=1", "stage_k=2", "a window's taps are staged for one input block"},
             {"stage_k=1", "stage_k=3", "stage_k=3 is outside 1 to 2"},
         }) {
        const Schedule schedule = parse_schedule(replaced(direct, c.part, c.by));
        CHECK_THROWS_WITH_AS(check_schedule(conv, schedule), doctest::Contains(c.sentence), Error);
    }
    const std::string winograd = "winograd block=8 block_k=1 lanes=4 m=2 rows=7 stage_k=2 tile_c=4 tile_k=2 tile_p=8";
    CHECK_NOTHROW(check_schedule(conv, parse_schedule(winograd)));
    const Schedule large = parse_schedule(replaced(winograd, "block=8", "block=40"));
    CHECK_THROWS_WITH_AS(check_schedule(conv, large), doctest::Contains("more than a block's shared memory"), Error);
    Stage shortcut = parse_stage(
        "conv act=none ci=64 co=64 gate=0 in_h=56 in_halo=0 in_w=56 kernel_h=1 kernel_w=1 layout=blocked out_halo=0 "
        "pad=0 res_halo=0 residual=1 shortcut_ci=64 shortcut_h=56 shortcut_stride=1 shortcut_w=56 store=1 stride=1 "
        "sums=0");
    const Schedule wide =
        parse_schedule("direct block=8 block_k=2 by_rows=1 stage_k=4 tile_c=4 tile_k=2 tile_x=7 tile_y=1");
    CHECK_NOTHROW(check_schedule(shortcut, wide));
    shortcut.params["shortcut_stride"] = "2";
    CHECK_THROWS_WITH_AS(check_schedule(shortcut, wide), doctest::Contains("its 51904 bytes are more"), Error);
    Stage other = conv;
    other.params["sums"] = "1";
    CHECK_THROWS_WITH_AS(check_schedule(other, parse_schedule(direct)), doctest::Contains("it has sums"), Error);
}

TEST_CASE("an algorithm is refused for stages that haven't got it") {
    Stage conv = example_conv();
    conv.params["stride"] = "3";
    CHECK_THROWS_WITH_AS(check_schedule(conv, example_winograd()), doctest::Contains("doesn't fit"), Error);
    const Stage squeeze = parse_stage("squeeze ch=32 h=7 in_halo=0 pixels=49 w=7");
    CHECK_NOTHROW(check_schedule(squeeze, parse_schedule("direct parallel=1")));
    CHECK_THROWS_AS(check_schedule(squeeze, example_winograd()), Error);
    CHECK_THROWS_WITH_AS(check_schedule(squeeze, example_direct()), doctest::Contains("'parallel' is missing"), Error);
    CHECK_THROWS_AS(check_schedule(conv, parse_schedule("hand")), Error);
}

TEST_CASE("an autoscheduler's options are checked, too") {
    CHECK_NOTHROW(check_schedule(example_conv(), parse_schedule("Adams2019 beam_size=8 parallelism=4")));
    CHECK_THROWS_AS(check_schedule(example_conv(), parse_schedule("Adams2019 beam=8")), Error);
    CHECK_THROWS_AS(check_schedule(example_conv(), parse_schedule("Adams2018")), Error);
}
