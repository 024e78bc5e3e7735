// What a measuring program says of kernels that are right, and of faulty ones.
#include <doctest/doctest.h>

#include "generators/measure/program.h"
#include "generators/measure/runner.h"
#include "tests/measure/bench.h"
#include "tests/stages/check_stages.h"

using namespace senetc;
using namespace senetc::test;
using tune::Measurement;
using tune::Outcome;

namespace {

bool says(const Measurement& measurement, const std::string& words) {
    return measurement.message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("the hand schedule is as fast as itself, cold no faster than warm") {
    const Bench bench;
    tune::MachineOptions options = quick();
    options.seconds = 0.4;
    const Measurement m = bench.measure(
        by_hand(stage_of("conv ci=64 co=64 in_h=28 in_w=28 kernel_h=3 kernel_w=3 pad=1 in_halo=1")), options);
    INFO(m.message);
    REQUIRE(m.outcome == Outcome::ok);
    CHECK(m.error > 0);
    CHECK(m.error <= 1);
    CHECK(m.candidate.warm > 0);
    CHECK(m.candidate.warm == doctest::Approx(m.incumbent.warm).epsilon(0.25));
    CHECK(m.candidate.cold >= m.candidate.warm * 0.8);
    CHECK_FALSE(m.stopped_early);
}

TEST_CASE("every kind of stage can be measured: maps, sums, vectors, images") {
    const Bench bench;
    std::vector<tune::Candidate> candidates;
    for (const char* text :
         {"conv ci=20 co=33 in_h=9 in_w=7 sums=1", "conv ci=16 co=32 in_h=8 in_w=8 sums=1 store=0 gate=1",
          "conv ci=32 co=32 in_h=12 in_w=12 kernel_h=3 kernel_w=3 pad=1 in_halo=1 out_halo=1",
          "depthwise_conv ch=24 in_h=9 in_w=9 stride=2 sums=1", "scale_add ch=32 h=6 w=6 gate=1 residual=1",
          "squeeze ch=24 h=7 w=7", "window_means ch=32 h=8 w=8", "excite ch=40 hidden=5",
          "dense in=100 out=10 logits=1", "max_pool ch=20 in_h=11 in_w=9", "batch_norm ch=16 h=4 w=4",
          "ingest_u8 ch=3 h=8 w=9 out_halo=1", "ingest_f32 ch=3 h=8 w=9 layout=blocked"})
        candidates.push_back(by_hand(stage_of(text)));
    const std::vector<Measurement> measurements = bench.measure(candidates, quick());
    for (size_t i = 0; i < candidates.size(); ++i) {
        INFO(to_string(candidates[i].stage), ": ", measurements[i].message);
        CHECK(measurements[i].outcome == Outcome::ok);
    }
}

TEST_CASE("a batch may be timed, on several threads") {
    const Bench bench;
    tune::MachineOptions options = quick();
    options.images = 5;
    const tune::Candidate candidate = by_hand(stage_of("conv ci=64 co=64 in_h=14 in_w=14"));
    const Measurement one = bench.measure(candidate), five = bench.measure(candidate, options);
    REQUIRE(five.outcome == Outcome::ok);
    CHECK(five.candidate.warm > 2 * one.candidate.warm);
    options.threads = 4096;
    const Measurement many = bench.measure(candidate, options);
    CHECK(many.outcome == Outcome::lost);
    CHECK(says(many, "4096 threads are asked for"));
}

TEST_CASE("a kernel that differs from the naive evaluation is wrong, however fast") {
    const Bench bench;
    const tune::Candidate candidate = by_hand(stage_of("conv ci=16 co=16 in_h=6 in_w=6"));
    REQUIRE(bench.measure(candidate).outcome == Outcome::ok);  // the kernel is in the cache now
    const KernelSpec spec{candidate.stage, candidate.schedule, {candidate.variant}};
    oracle::Expected result = measure::expected_result(candidate.stage, candidate.schedule, bench.folder());
    result.value.values[77] += 0.001;
    const std::filesystem::path program = bench.folder() / "program";
    measure::make_program(spec, spec, bench.cache(), result, {}, program);
    measure::Runner runner("", 20, int64_t{1} << 32);
    runner.start(program);
    std::optional<measure::RunOutput> output;
    while (!(output = runner.poll())) usleep(1000);
    const Measurement m = measure::read_measurement(*output);
    CHECK(m.outcome == Outcome::wrong);
    CHECK(says(m, "instead of"));
}

TEST_CASE("a faultless copy passes, so that what the faulty ones are told is of their faults") {
    const Measurement m = Bench().measure(Bench().faulty(Fault::none));
    INFO(m.message);
    CHECK(m.outcome == Outcome::ok);
}

TEST_CASE("wrong: nothing written, written past the end, into the halo, or other bits in another run") {
    const Bench bench;
    const Measurement idle = bench.measure(bench.faulty(Fault::idle));
    CHECK(idle.outcome == Outcome::wrong);
    CHECK(says(idle, "is -12345.67"));
    const Measurement past_end = bench.measure(bench.faulty(Fault::past_end));
    CHECK(past_end.outcome == Outcome::wrong);
    CHECK(says(past_end, "past the end"));
    const Measurement halo = bench.measure(bench.faulty(Fault::halo));
    CHECK(halo.outcome == Outcome::wrong);
    CHECK(says(halo, "outside output 0's map"));
    const Measurement count = bench.measure(bench.faulty(Fault::count));
    CHECK(count.outcome == Outcome::wrong);
    CHECK(says(count, "image 0 alone differs from itself in a batch of 3"));
}

TEST_CASE("crash: a signal is named, a status is told, memory that isn't there is said to be missing") {
    const Bench bench;
    const Measurement crash = bench.measure(bench.faulty(Fault::crash));
    CHECK(crash.outcome == Outcome::crash);
    CHECK(says(crash, "SIGSEGV"));
    const Measurement status = bench.measure(bench.faulty(Fault::status));
    CHECK(status.outcome == Outcome::crash);
    CHECK(says(status, "returned -7"));
    const Measurement scratch = bench.measure(bench.faulty(Fault::scratch, 1000));
    CHECK(scratch.outcome == Outcome::crash);
    CHECK(says(scratch, "more scratch than its 1000 planned bytes"));
    const Measurement memory = bench.measure(bench.faulty(Fault::none, int64_t{1} << 40));
    CHECK(memory.outcome == Outcome::crash);
    CHECK(says(memory, "no memory for 1099511627776 bytes of scratch"));
}

TEST_CASE("a kernel that hangs ends by its time limit, which a run elsewhere sees to itself") {
    const Bench bench;
    tune::MachineOptions options = quick();
    options.run_seconds = 1;
    const Measurement here = bench.measure(bench.faulty(Fault::hang), options);
    CHECK(here.outcome == Outcome::timeout);
    CHECK(says(here, "longer than 1 s"));
}

TEST_CASE("a candidate that is clearly slower gets a few calls only") {
    const Bench bench;
    tune::MachineOptions options = quick();
    options.seconds = 5;
    const Measurement m = bench.measure(bench.faulty(Fault::slow), options);
    REQUIRE(m.outcome == Outcome::ok);
    CHECK(m.stopped_early);
    CHECK(m.candidate.warm > 1.5 * m.incumbent.warm);
    CHECK(m.seconds < 3);
}

TEST_CASE("a program needs no loader: it runs as it is on any system of its kind") {
    const Bench bench;
    tune::MachineOptions options = quick();
    options.keep = bench.folder() / "kept";
    REQUIRE(bench.measure(by_hand(Bench::copying()), options).outcome == Outcome::ok);
    const std::string command = "readelf -l " + (options.keep / "measure-0").string() + " | grep -q INTERP";
    CHECK(std::system(command.c_str()) != 0);
}
