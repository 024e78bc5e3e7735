// The cost model of Adams2019, retrained by Halide's tools, and schedules that name its weights.
#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <set>

#include "generators/compiler/temporary_folder.h"
#include "generators/system/child_process.h"
#include "generators/tune/adams_search.h"
#include "generators/tune/retrain.h"
#include "models/error.h"
#include "schedules/auto/autoschedulers.h"
#include "schedules/auto/cost_model_weights.h"

using namespace senetc;
using namespace senetc::tune;

namespace {

const Stage kStage = parse_stage(
    "conv act=relu ci=64 co=64 gate=0 in_h=28 in_halo=1 in_w=28 kernel_h=3 kernel_w=3 layout=blocked out_halo=0 pad=1 "
    "res_halo=0 residual=0 store=1 stride=1 sums=0");
constexpr int kCount = 16;

// A machine on which what comes later is faster.
class OrderedTimes : public Evaluator {
  public:
    std::vector<Candidate> measured;

    int capacity() const override { return 1; }
    void start(int id, const Candidate& candidate) override {
        under_way_ = id;
        measured.push_back(candidate);
    }
    std::optional<std::pair<int, Measurement>> wait(double) override {
        Measurement measurement;
        measurement.candidate.warm = 1000.0 / double(measured.size());
        measurement.incumbent.warm = 1;
        return std::pair(under_way_, measurement);
    }

  private:
    int under_way_ = 0;
};

// The time of a schedule is a formula: that of its place.
std::vector<CostSample> samples(const KernelCache& cache) {
    std::vector<CostSample> samples;
    for (const Schedule& schedule : adams_samples(kStage, "avx2", 1, kCount, 0))
        samples.push_back({to_string(kStage), featurization({kStage, "avx2", schedule}, cache, {}),
                           1e-4 * double(1 + samples.size())});
    return samples;
}

std::string error_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

bool contains(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("draws are the same for the same seed, and other ones for another") {
    const auto draws = adams_samples(kStage, "avx2", 1, kCount, 0);
    CHECK(std::set<Schedule>(draws.begin(), draws.end()).size() == size_t(kCount));
    CHECK(draws == adams_samples(kStage, "avx2", 1, kCount, 0));
    CHECK(draws[1] != adams_samples(kStage, "avx2", 2, kCount, 0)[1]);
    CHECK(to_string(draws[0]) == "Adams2019 parallelism=16");
    CHECK(to_string(adams_samples(kStage, "avx2", 1, 1, 77)[0]) == "Adams2019 parallelism=16 weights=77");
}

TEST_CASE("retraining gives weights that are named by their hash, the same for the same samples") {
    const TemporaryFolder folder;
    const KernelCache cache(folder.path() / "cache", 1 << 30);
    const std::vector<CostSample> measured = samples(cache);
    REQUIRE(can_retrain(measured));
    const int number = retrain(measured, folder.path(), 0);
    CHECK(number != weights_number(shipped_weights()));
    CHECK(number == retrain(measured, folder.path(), 0));
    CHECK(retrain(measured, folder.path(), number) != number);

    // A schedule that names them is compiled with them.
    const auto features = [&](int weights) {
        return featurization({kStage, "avx2", adams_samples(kStage, "avx2", 1, 1, weights)[0]}, cache, folder.path());
    };
    CHECK(!features(number).empty());
    CHECK(features(5).empty());
    CHECK(contains(error_of([&] { checked_weights(folder.path(), 5); }), "beside the table or journal"));
    std::ofstream(folder.path() / weights_file_name(number), std::ios::app) << "x";
    CHECK(contains(error_of([&] { checked_weights(folder.path(), number); }), "it was altered"));
}

TEST_CASE("a search measures every schedule once, and retrains after every batch") {
    const TemporaryFolder folder;
    const KernelCache cache(folder.path() / "cache", 1 << 30);
    OrderedTimes machine;
    const AdamsBudget budget{.draws = 2 * kCount, .batch = kCount, .seed = 1, .finalists = 2};
    const AdamsResult result = search_adams(kStage, "avx2", budget, machine, cache, folder.path());
    CHECK(result.measured == int(machine.measured.size()));
    CHECK(result.measured < 2 * kCount);  // some are drawn twice
    CHECK(result.retrainings == 2);
    REQUIRE(result.finalists.size() == 2);
    CHECK(result.finalists[0] == machine.measured.back().schedule);  // the later, the faster
    CHECK(cost_model_weights(machine.measured.front().schedule) == 0);
    CHECK(cost_model_weights(machine.measured.back().schedule) != 0);
    std::set<std::string> features;
    for (const Candidate& candidate : machine.measured) features.insert(featurization(candidate, cache, folder.path()));
    CHECK(features.size() == machine.measured.size());
}

TEST_CASE("what Halide ships is found in its plug-in") {
    CHECK(shipped_weights().substr(0, 4) == "1fwh");
    CHECK(shipped_weights().size() > 10'000);
}

TEST_CASE("seven schedules are too few to learn from") {
    std::vector<CostSample> few;
    for (int i = 0; i < 7; ++i) few.push_back({"stage", std::string(1, char('a' + i)), 1e-3});
    CHECK(!can_retrain(few));
    few.push_back(few[0]);
    CHECK(!can_retrain(few));
    CHECK(contains(error_of([&] { retrain(few, ".", 0); }), "8 different schedules"));
}
