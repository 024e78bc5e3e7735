// What a generator computes has a hash: the mathematics change it, loops don't.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "generators/compiler/algorithm_hash.h"
#include "generators/compiler/emit_kernel.h"
#include "generators/compiler/hash.h"
#include "generators/system/child_process.h"
#include "models/error.h"
#include "schedules/schedules.h"
#include "tests/schedules/example.h"

using namespace senetc;
using namespace senetc::test;

namespace {

std::string hash_with(const char* param, const char* value, const Schedule& schedule = example_direct()) {
    Stage stage = example_conv();
    stage.params[param] = value;
    return algorithm_hash(stage, schedule, "avx512");
}

std::string hash_by(const std::string& part, const std::string& by) {
    return algorithm_hash(example_conv(), parse_schedule(replaced(to_string(example_direct()), part, by)), "avx512");
}

}  // namespace

TEST_CASE("a hash has 16 hexadecimal digits and is the same whenever it is asked for") {
    const std::string hash = algorithm_hash(example_conv(), example_direct(), "avx512");
    CHECK(hash.size() == 16);
    CHECK(hash.find_first_not_of("0123456789abcdef") == std::string::npos);
    for (int i = 0; i < 3; ++i) CHECK(algorithm_hash(example_conv(), example_direct(), "avx512") == hash);
}

TEST_CASE("a hash is the same after Halide has worked in the process, and asking for it changes no kernel") {
    const std::string before = algorithm_hash(example_conv(), example_winograd(), "avx512");
    emit_kernel(example_conv(), example_direct(), {"avx512"}, "kernel");
    CHECK(algorithm_hash(example_conv(), example_winograd(), "avx512") == before);

    const Stage squeeze = parse_stage("squeeze ch=32 h=7 in_halo=0 pixels=49 w=7");
    const auto in_child = [&](bool hash_first) {
        ChildProcess child(
            [&] {
                if (hash_first) algorithm_hash(example_conv(), example_winograd(), "avx512");
                throw Error(hash_hex(emit_kernel(squeeze, choose_schedule(squeeze, "avx2"), {"avx2"}, "k").object));
            },
            60);
        return child.wait();
    };
    CHECK(in_child(true) == in_child(false));
}

TEST_CASE("how loops are cut, shared and ordered is no part of the algorithm") {
    const std::string hash = algorithm_hash(example_conv(), example_direct(), "avx512");
    CHECK(hash_by("tile_x=7", "tile_x=14") == hash);
    CHECK(hash_by("tile_k=2", "tile_k=1") == hash);
    CHECK(hash_by("axis=2", "axis=3") == hash);
    CHECK(hash_by("band_y=7", "band_y=2") == hash);
    CHECK(hash_by("lanes=16", "lanes=8") == hash);
    CHECK(algorithm_hash(example_conv(), example_direct(), "avx2") == hash);
    const std::string winograd = algorithm_hash(example_conv(), example_winograd(), "avx512");
    const std::string other = replaced(to_string(example_winograd()), "tile_k=2", "tile_k=1");
    CHECK(algorithm_hash(example_conv(), parse_schedule(other), "avx512") == winograd);
}

TEST_CASE("the mathematics are: activation, gate, stride, channels, Winograd's m") {
    const std::string hash = algorithm_hash(example_conv(), example_direct(), "avx512");
    CHECK(hash_with("act", "none") != hash);
    CHECK(hash_with("act", "sigmoid") != hash);
    CHECK(hash_with("gate", "1") != hash);
    CHECK(hash_with("residual", "1") != hash);
    CHECK(hash_with("stride", "2") != hash);
    CHECK(hash_with("ci", "64") != hash);
    CHECK(hash_with("kernel_w", "1") != hash);
    const std::string by_two = algorithm_hash(example_conv(), example_winograd(), "avx512");
    const std::string by_four = replaced(replaced(to_string(example_winograd()), "m=2", "m=4"), "rows=7", "rows=4");
    CHECK(by_two != hash);
    CHECK(algorithm_hash(example_conv(), parse_schedule(by_four), "avx512") != by_two);
}

TEST_CASE("what a sum is of is part of the algorithm") {
    Schedule wider = example_direct();
    wider.params["tile_x"] = 14;
    CHECK(hash_with("sums", "1") != hash_with("sums", "1", wider));
}

TEST_CASE("nonsense is refused with a sentence, and the process goes on") {
    CHECK_THROWS_WITH_AS(hash_with("act", "swish"), doctest::Contains("has no algorithm with the schedule"), Error);
    CHECK_THROWS_AS(hash_with("no_such_parameter", "1"), Error);
    CHECK_THROWS_AS(algorithm_hash(example_conv(), parse_schedule("direct"), "avx512"), Error);
    CHECK_THROWS_AS(algorithm_hash(parse_stage("strassen"), example_direct(), "avx512"), Error);
    CHECK(algorithm_hash(example_conv(), example_direct(), "avx512").size() == 16);
}
