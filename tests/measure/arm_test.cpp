// qemu's user mode as a board: the same programs, for another machine, by a user's command.
#include <doctest/doctest.h>

#include "tests/measure/bench.h"
#include "tests/stages/check_stages.h"
#include "tests/stages/emulated_kernels.h"

using namespace senetc;
using namespace senetc::test;
using tune::Measurement;
using tune::Outcome;

TEST_CASE(
    "a board that runs ARM's programs measures convolutions, direct and by Winograd, depthwise and dense stages") {
    if (!missing_for_arm().empty()) {
        MESSAGE("SKIPPED: measuring for ARM needs ", missing_for_arm(), ": run ./setup --tests");
        return;
    }
    const Bench bench;
    tune::MachineOptions options = quick();
    options.runners = {"qemu-aarch64", "timeout -k 5 60 qemu-aarch64"};
    std::vector<tune::Candidate> candidates;
    for (const char* text : {"conv ci=32 co=48 in_h=9 in_w=9 act=relu sums=1",
                             "conv ci=64 co=64 in_h=12 in_w=12 kernel_h=3 kernel_w=3 pad=1 in_halo=1",
                             "depthwise_conv ch=32 in_h=11 in_w=9 act=relu", "dense in=128 out=50 logits=1"})
        candidates.push_back(by_hand(stage_of(text), "neon"));
    REQUIRE(winograd_tile(candidates[1].schedule) != 0);
    const std::vector<Measurement> measurements = bench.measure(candidates, options);
    for (size_t i = 0; i < candidates.size(); ++i) {
        INFO(to_string(candidates[i].stage), ": ", measurements[i].message);
        CHECK(measurements[i].outcome == Outcome::ok);
        CHECK(measurements[i].candidate.warm > 0);
    }
}
