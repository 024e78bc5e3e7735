// Candidates on their way through compilers and runners.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "models/error.h"
#include "tests/measure/bench.h"
#include "tests/stages/check_stages.h"

using namespace senetc;
using namespace senetc::test;
using tune::Candidate;
using tune::MachineOptions;
using tune::Measurement;
using tune::Outcome;

namespace {

// A runner's command that notes when it begins and ends.
std::string noting_runner(const std::filesystem::path& folder, const std::string& name) {
    const std::string log = folder / (name + ".log");
    return script(folder / name,
                  fmt::format("date +'begin %s.%N' >> {0}\nsleep 0.5\n\"$1\"\ndate +'end %s.%N' >> {0}", log));
}

struct Span {
    double begin = 0, end = 0;
};
std::vector<Span> spans_of(const std::filesystem::path& log) {
    std::ifstream file(log);
    std::vector<Span> spans;
    std::string word;
    for (double time; file >> word >> time;) {
        if (word == "begin") spans.push_back({time, 0});
        if (word == "end") spans.back().end = time;
    }
    return spans;
}

bool overlap(const Span& a, const Span& b) {
    return a.begin < b.end && b.begin < a.end;
}

}  // namespace

TEST_CASE("two runners measure at the same time, each one program at a time, and results find their candidates") {
    const Bench bench;
    MachineOptions options = quick();
    options.runners = {noting_runner(bench.folder(), "one"), noting_runner(bench.folder(), "two")};
    std::vector<Candidate> candidates;
    for (const Fault fault : {Fault::none, Fault::idle, Fault::crash, Fault::none, Fault::count, Fault::status})
        candidates.push_back(bench.faulty(fault));
    const std::vector<Measurement> measurements = bench.measure(candidates, options);
    const Outcome expected[] = {Outcome::ok, Outcome::wrong, Outcome::crash,
                                Outcome::ok, Outcome::wrong, Outcome::crash};
    for (size_t i = 0; i < candidates.size(); ++i) {
        INFO(i, ": ", measurements[i].message);
        CHECK(measurements[i].outcome == expected[i]);
    }
    const std::vector<Span> one = spans_of(bench.folder() / "one.log"), two = spans_of(bench.folder() / "two.log");
    CHECK(one.size() + two.size() == candidates.size());
    CHECK(std::any_of(one.begin(), one.end(), [&](const Span& a) {
        return std::any_of(two.begin(), two.end(), [&](const Span& b) { return overlap(a, b); });
    }));
    for (const std::vector<Span>& spans : {one, two})
        for (size_t i = 1; i < spans.size(); ++i) CHECK(spans[i - 1].end <= spans[i].begin);
}

TEST_CASE("one runner that has gone loses a few candidates, and rests while the other measures the rest") {
    const Bench bench;
    MachineOptions options = quick();
    options.runners = {"sh -c 'echo no route to host >&2; exit 255'", "env"};
    const std::vector<Measurement> measurements = bench.measure(std::vector(12, bench.faulty(Fault::none)), options);
    const auto with = [&](Outcome outcome) {
        return std::count_if(measurements.begin(), measurements.end(),
                             [&](const Measurement& m) { return m.outcome == outcome; });
    };
    CHECK(with(Outcome::lost) >= 1);
    CHECK(with(Outcome::lost) <= 5);
    CHECK(with(Outcome::ok) + with(Outcome::lost) == 12);
}

TEST_CASE("a schedule that doesn't fit its stage is refused, in one line") {
    const Bench bench;
    Candidate candidate = by_hand(stage_of("conv ci=16 co=16 in_h=1 in_w=3000"));
    REQUIRE(candidate.schedule.algorithm == "direct");
    candidate.schedule.params["tile_x"] = 0;
    const Measurement zero = bench.measure(candidate);
    CHECK(zero.outcome == Outcome::refused);
    CHECK(zero.message.find("by 0") != std::string::npos);
    CHECK(zero.message.find('\n') == std::string::npos);
    candidate.schedule.params.clear();
    CHECK(bench.measure(candidate).outcome == Outcome::refused);
    candidate.schedule.algorithm = "Baker2099";
    CHECK(bench.measure(candidate).outcome == Outcome::refused);
}

TEST_CASE("a compiler that needs too much time or memory is an outcome") {
    const Bench bench;
    Candidate candidate = by_hand(stage_of("conv ci=16 co=16 in_h=1 in_w=3000"));
    REQUIRE(bench.measure(candidate).outcome == Outcome::ok);  // the incumbent is in the cache from now on
    candidate.schedule.params["tile_x"] = 1000;                // a thousand accumulators, each by name
    MachineOptions options = quick();
    options.compile_seconds = 1;
    const Measurement time = bench.measure(candidate, options);
    CHECK(time.outcome == Outcome::compile_timeout);
    CHECK(time.message == "compiling it took longer than 1 s");
    options = quick();
    options.memory_bytes = 40 << 20;
    const Measurement memory = bench.measure(candidate, options);
    INFO(memory.message);
    CHECK(memory.outcome == Outcome::compile_crash);
}

TEST_CASE("a wait ends when its time is over, though nothing has come") {
    const Bench bench;
    MachineOptions options = quick();
    options.runners = {"sleep 3 #"};
    tune::MachineEvaluator evaluator(*native_target(), bench.cache(), options);
    evaluator.start(7, bench.faulty(Fault::none));
    CHECK_FALSE(evaluator.wait(0.2));
    const auto ended = evaluator.wait(30);
    REQUIRE(ended);
    CHECK(ended->first == 7);
    CHECK(ended->second.outcome == Outcome::lost);
}

TEST_CASE("an evaluator that goes leaves nothing: no process, no folder") {
    const Bench bench;
    const std::string mark = bench.folder() / "mark";
    MachineOptions options = quick();
    options.runners = {"sleep 1; touch " + mark + "; true"};
    {
        tune::MachineEvaluator evaluator(*native_target(), bench.cache(), options);
        evaluator.start(1, bench.faulty(Fault::none));
        evaluator.start(2, by_hand(stage_of("conv ci=64 co=80 in_h=30 in_w=31")));
        evaluator.wait(0.4);
    }
    usleep(1200000);
    CHECK_FALSE(std::filesystem::exists(mark));
}

TEST_CASE("what can't be run here is said before anything is compiled") {
    const char* other = native_target()->name == std::string("arm-64") ? "x86-64" : "arm-64";
    const Bench bench;
    CHECK_THROWS_WITH_AS(tune::MachineEvaluator(find_target(other), bench.cache(), quick()),
                         doctest::Contains("--runner"), Error);
}

TEST_CASE("programs stay where they are asked for, and are of no use to nobody else otherwise") {
    const Bench bench;
    MachineOptions options = quick();
    options.keep = bench.folder() / "kept";
    REQUIRE(bench.measure(bench.faulty(Fault::none), options).outcome == Outcome::ok);
    CHECK(std::filesystem::exists(options.keep / "measure-0"));
}
