// The spaces of all networks' stages.
#include "schedules/space/space.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "generators/compiler/lower.h"
#include "generators/compiler/network_source.h"
#include "models/passes/passes.h"
#include "models/weights/formula.h"
#include "models/zoo/zoo.h"
#include "schedules/check_schedule.h"
#include "schedules/parallel_loop.h"
#include "schedules/schedules.h"

using namespace senetc;

namespace {

// The networks that have names, and one at an odd size, after all passes.
const std::vector<Graph>& all_networks() {
    static std::vector<Graph> graphs;
    if (!graphs.empty()) return graphs;
    std::vector<NetworkRequest> requests;
    for (const Network& network : networks()) requests.push_back({network.name, {}});
    NetworkOptions odd;
    odd.height = 160, odd.width = 192, odd.classes = 37;
    requests.push_back({"se_resnet50", odd});
    for (const NetworkRequest& request : requests)
        graphs.push_back(run_passes(bind_formula_weights(load_network(request).graph)));
    return graphs;
}

// Every distinct stage of theirs, with its space.
const std::map<Stage, std::vector<Schedule>>& all_spaces(const std::string& variant) {
    static std::map<std::string, std::map<Stage, std::vector<Schedule>>> known;
    std::map<Stage, std::vector<Schedule>>& spaces = known[variant];
    if (!spaces.empty()) return spaces;
    const auto add = [&](const LoweredStep& step) {
        if (spaces.count(step.stage) == 0) spaces[step.stage] = schedule_space(step.stage, find_variant(variant));
    };
    for (const Graph& graph : all_networks()) {
        const Lowered lowered = lower(graph, choose_from(hand_source(), variant));
        add(lowered.ingest_f32);
        add(lowered.ingest_u8);
        for (const LoweredStep& step : lowered.steps) add(step);
    }
    return spaces;
}

const char* const kVariants[] = {"avx512", "avx2", "neon"};

Stage conv(const std::string& shape) {
    return parse_stage(
        "conv act=relu gate=0 in_halo=1 kernel_h=3 kernel_w=3 layout=blocked out_halo=1 pad=1 res_halo=0 "
        "residual=0 store=1 stride=1 sums=0 " +
        shape);
}

}  // namespace

TEST_CASE("hand's own choice is in every space, first, and legal") {
    for (const char* name : kVariants) {
        const VariantInfo& variant = find_variant(name);
        for (const auto& [stage, space] : all_spaces(name)) {
            INFO(name, " | ", to_string(stage));
            const Schedule hand = choose_schedule(stage, name);
            CHECK(space.at(0) == hand);
            CHECK_MESSAGE(why_illegal(stage, variant, hand) == "", to_string(hand));
        }
    }
}

TEST_CASE("every schedule of a space is legal, there once, and shares its work among threads where hand does") {
    for (const char* name : kVariants) {
        const VariantInfo& variant = find_variant(name);
        for (const auto& [stage, space] : all_spaces(name)) {
            INFO(name, " | ", to_string(stage));
            const int hand = parallel_loop(stage, space[0], 8).tasks;
            CHECK(std::set<Schedule>(space.begin(), space.end()).size() == space.size());
            for (const Schedule& schedule : space) {
                INFO(to_string(schedule));
                CHECK(why_illegal(stage, variant, schedule) == "");
                CHECK_NOTHROW(check_schedule(stage, schedule));
                CHECK((parallel_loop(stage, schedule, 8).tasks == 1) == (hand == 1));
            }
        }
    }
}

TEST_CASE("a space is small enough to be measured as a whole") {
    for (const char* name : kVariants) {
        std::vector<std::pair<size_t, std::string>> sizes;
        for (const auto& [stage, space] : all_spaces(name)) sizes.emplace_back(space.size(), to_string(stage));
        std::sort(sizes.begin(), sizes.end());
        MESSAGE(std::string(name), ": ", sizes.size(), " stages; schedules: median ", sizes[sizes.size() / 2].first,
                ", largest ", sizes.back().first, " of ", sizes.back().second);
        CHECK(sizes[sizes.size() / 2].first <= 300);
        CHECK(sizes.back().first <= 2000);
    }
}

TEST_CASE("a convolution of 3 x 3 has direct schedules and Winograd's with every tile that fits") {
    const Stage stage = conv("ci=64 co=64 in_h=56 in_w=56");
    std::set<std::string> families;
    for (const Schedule& schedule : schedule_space(stage, find_variant("avx512"))) families.insert(family(schedule));
    CHECK(families == std::set<std::string>{"direct", "winograd m=2", "winograd m=4", "winograd m=6"});
    families.clear();
    Stage strided = stage;
    strided.params["stride"] = std::string("2");
    for (const Schedule& schedule : schedule_space(strided, find_variant("avx512"))) families.insert(family(schedule));
    CHECK(families == std::set<std::string>{"direct", "winograd m=2"});
}

TEST_CASE("NEON's spaces have schedules that multiply by lane and, without blocked input, none") {
    const auto by_lane = [](const Stage& stage) {
        const auto space = schedule_space(stage, find_variant("neon"));
        return std::any_of(space.begin(), space.end(),
                           [](const Schedule& s) { return s.params.count("by_lane") != 0; });
    };
    CHECK(by_lane(conv("ci=64 co=64 in_h=28 in_w=28")));
    Stage stem = conv("ci=3 co=64 in_h=28 in_w=28");
    stem.params["layout"] = std::string("planar");
    CHECK(!by_lane(stem));
}

TEST_CASE("what is no schedule of a stage is refused with the reason") {
    const Stage stage = conv("ci=64 co=64 in_h=56 in_w=56");
    const VariantInfo& avx2 = find_variant("avx2");
    const auto why = [&](const std::string& text) { return why_illegal(stage, avx2, parse_schedule(text)); };
    const std::string loops = " axis=2 band_x=10 band_y=1 images_inside=0 lanes=8 tile_k=1";
    CHECK(why("direct tile_c=16 tile_x=6 tile_y=1" + loops) == "");
    CHECK(why("direct tile_c=16 tile_x=7 tile_y=1 axis=2 band_x=8 band_y=1 images_inside=0 lanes=8 tile_k=1") ==
          "it needs 17 registers of 16");
    CHECK(why("direct tile_c=4 tile_x=6 tile_y=1" + loops).find("whole vectors") != std::string::npos);
    CHECK(why("direct tile_c=16 tile_x=57 tile_y=1" + loops).find("larger than the map") != std::string::npos);
    CHECK(why("direct tile_c=16 tile_x=6 tile_y=1 axis=0 band_x=10 band_y=1 images_inside=0 lanes=8 tile_k=1")
              .find("another kind than hand's") != std::string::npos);
    CHECK(why("direct tile_c=16 tile_x=6 tile_y=1 axis=2 band_x=10 band_y=56 images_inside=0 lanes=8 tile_k=1")
              .find("1 tasks are too few") != std::string::npos);
    CHECK(why("direct tile_c=16") == "numbers of its template are missing");
    CHECK(why("Adams2019 parallelism=1").find("no algorithm of the hand templates") != std::string::npos);
    const std::string products = "winograd axis=2 images=1 lanes=8 pad=0 rows=1 tile_k=1 ";
    CHECK(why(products + "m=4 tile_p=5") == "");
    CHECK(why(products + "m=4 tile_p=7") == "it needs 17 registers of 16");
    CHECK(why(products + "m=3 tile_p=5").find("no transform") != std::string::npos);
    const Stage deep = conv("ci=512 co=512 in_h=56 in_w=56");
    CHECK(
        why_illegal(deep, avx2, parse_schedule("winograd axis=3 images=1 lanes=8 pad=0 rows=14 tile_k=1 m=4 tile_p=5"))
            .find("spectrum") != std::string::npos);
}

TEST_CASE("schedules of one family have a distance, and those of others are infinitely far") {
    const Schedule a = parse_schedule("direct tile_x=6"), b = parse_schedule("direct tile_x=13"),
                   m2{"winograd", {{"m", 2}}};
    CHECK(distance(a, a) == 0);
    CHECK(distance(a, b) == doctest::Approx(1));
    CHECK(distance(a, parse_schedule("direct tile_x=6 by_lane=1")) == 1);
    CHECK(std::isinf(distance(a, m2)));
    CHECK(std::isinf(distance(m2, Schedule{"winograd", {{"m", 4}}})));
}
