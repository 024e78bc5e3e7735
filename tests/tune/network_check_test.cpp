// Which entries of a table a network keeps: decided by a formula in place of measurements, and once for real.
#include "generators/tune/network_check.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "generators/compiler/algorithm_hash.h"
#include "generators/compiler/targets.h"
#include "models/error.h"
#include "models/passes/passes.h"
#include "models/weights/formula.h"
#include "runtime/measure/fma_peak.h"
#include "schedules/schedules.h"

using namespace senetc;
using namespace senetc::tune;

namespace {

// Entries e0, e1, ... of a made-up network, in which step i has entry i and takes 100 us by hand.
ScheduleTable table_of(size_t entries) {
    ScheduleTable table;
    for (size_t e = 0; e < entries; ++e) {
        TableEntry entry;
        entry.variant = "avx2";
        entry.stage = {"dense", {{"in", std::to_string(e)}}};
        table.entries.push_back(entry);
    }
    return table;
}

// Times of a network whose step with entry e takes tuned_us[e]; `whole`: what the ratio's interval ends at.
class FormulaNetwork {
  public:
    FormulaNetwork(std::vector<double> tuned_us, double whole) : tuned_us_(std::move(tuned_us)), whole_(whole) {}

    NetworkTimes time(const ScheduleTable& table) {
        ++measurements;
        NetworkTimes times;
        for (size_t e = 0; e < tuned_us_.size(); ++e) {
            StepTimes step{"s" + std::to_string(e), {}, 100, 100, -1, readers};
            for (size_t i = 0; i < table.entries.size(); ++i)
                if (table.entries[i].stage.number("in") == int(e)) {
                    step.entry = int(i);
                    step.tuned_us = tuned_us_[e];
                }
            times.steps.push_back(step);
        }
        times.interval = {whole_ - 0.01, whole_};
        return times;
    }

    int measurements = 0;
    std::vector<int> readers;  // of every step's sums

  private:
    std::vector<double> tuned_us_;
    double whole_;
};

VariantCheck check(FormulaNetwork& network, size_t entries) {
    return check_variant(table_of(entries), "avx2", [&](const ScheduleTable& table) { return network.time(table); });
}

std::vector<int> kept(const VariantCheck& check) {
    std::vector<int> numbers;
    for (const TableEntry& entry : check.kept) numbers.push_back(entry.stage.number("in"));
    return numbers;
}

std::string line(const std::string& hand, const std::string& tuned, const std::string& difference = "1e-6") {
    return "a word of the runner's\n{\"senetc_network\":1,\"difference\":" + difference +
           ",\"pairs\":[[100,90],[102,91.8],[100,80],[104,93.6],[100,95],[100,90],[110,99]],\"hand\":" + hand +
           ",\"tuned\":" + tuned + "}\n";
}

std::string this_machines_variant() {
    REQUIRE(native_target() != nullptr);
    const bool narrow = native_target()->name == "x86-64" && measure_fma_peak(Vector::zmm, 0.01) == 0;
    return native_target()->variants[narrow ? 1 : 0].name;
}

// A table of a variant with one entry, for the CIFAR network's `step`: hand's schedule, changed.
ScheduleTable real_table(const LoadedNetwork& network, const std::string& variant, const std::string& name,
                         const std::function<void(Schedule&)>& change) {
    ScheduleTable table;
    table.target = target_of(find_variant(variant)).name;
    const Graph graph = run_passes(bind_formula_weights(network.graph));
    for (const LoweredStep& step : lower(graph, choose_from(hand_source(), variant)).steps) {
        if (step.name != name) continue;
        TableEntry entry;
        entry.variant = variant;
        entry.stage = step.stage;
        entry.schedule = step.schedule;
        change(entry.schedule);
        entry.algorithm_hash = algorithm_hash(entry.stage, entry.schedule, variant);
        table.entries.push_back(entry);
    }
    REQUIRE(table.entries.size() == 1);
    return table;
}

}  // namespace

TEST_CASE("what helps is kept, and measured once") {
    FormulaNetwork network({90, 80}, 0.97);
    const VariantCheck result = check(network, 2);
    CHECK(result.measured);
    CHECK(kept(result) == std::vector<int>{0, 1});
    CHECK(result.dropped.empty());
    CHECK(network.measurements == 1);
}

TEST_CASE("an entry whose step is no faster in the network is dropped, and the rest is measured again") {
    FormulaNetwork network({90, 100, 130, 80}, 0.97);
    const VariantCheck result = check(network, 4);
    CHECK(kept(result) == std::vector<int>{0, 3});
    REQUIRE(result.dropped.size() == 2);
    CHECK(result.dropped[1].reason == "its steps take 130.0 us instead of 100.0 us in the network");
    CHECK(network.measurements == 2);
    CHECK(result.times.steps[1].entry == -1);
    CHECK(result.times.steps[3].entry == 1);
}

TEST_CASE("who reads a step's sums counts with it") {
    FormulaNetwork network({90, 140}, 0.97);  // entry 0 alone would stay; step 1 reads its sums and pays for its tile
    network.readers = {1};
    const VariantCheck result = check(network, 2);
    CHECK(kept(result).empty());
    CHECK_FALSE(result.measured);
}

TEST_CASE("as long as the whole is no faster beyond doubt, what gains least goes, after a second look") {
    FormulaNetwork network({99, 80, 98, 70}, 1.001);
    const VariantCheck result = check(network, 4);
    CHECK(kept(result).empty());
    CHECK_FALSE(result.measured);
    CHECK(network.measurements == 6);  // of four, of two, of one, each twice
    REQUIRE(result.dropped.size() == 4);
    CHECK(result.dropped[0].entry.stage.number("in") == 0);
    CHECK(result.dropped[3].entry.stage.number("in") == 3);
    CHECK(sentence(result).find("hand's stay") != std::string::npos);
}

TEST_CASE("a table without entries needs no measurement") {
    FormulaNetwork network({}, 1);
    CHECK_FALSE(check(network, 0).measured);
    CHECK(network.measurements == 0);
}

TEST_CASE("the program's line gives the medians of times, that of ratios and its interval") {
    const NetworkTimes times = parse_network_times(line("[1,2.5]", "[1,2]"), 2);
    CHECK(times.hand_us == 100);
    CHECK(times.tuned_us == 91.8);
    CHECK(times.ratio == doctest::Approx(0.9));
    CHECK(times.interval.low == doctest::Approx(0.8));
    CHECK(times.interval.high == doctest::Approx(0.95));
    CHECK(times.pairs == 7);
    CHECK(times.steps[1].hand_us == 2.5);
    CHECK(times.steps[1].tuned_us == 2);
}

TEST_CASE("what isn't such a line costs a sentence") {
    CHECK_THROWS_WITH(parse_network_times("nothing\n", 2), doctest::Contains("printed no times"));
    CHECK_THROWS_WITH(parse_network_times(line("[1]", "[1,2]"), 2), doctest::Contains("timed 1 and 2 steps"));
    CHECK_THROWS_WITH(parse_network_times(line("[1,\"x\"]", "[1,2]"), 2), doctest::Contains("can't be read"));
    CHECK_THROWS_WITH(parse_network_times(line("[1,2]", "[1,2]", "0.5"), 2), doctest::Contains("logits"));
    CHECK_THROWS_WITH(parse_network_times("{\"senetc_network\":2}", 2), doctest::Contains("another version"));
}

TEST_CASE("a network is built with a table, linked, run and timed beside hand's; a slow entry is dropped") {
    const std::string variant = this_machines_variant();
    const LoadedNetwork network = load_network({"se_resnet20_cifar", {}});
    const KernelCache cache(KernelCache::default_folder(), KernelCache::kDefaultLimit);
    NetworkTiming timing;
    timing.seconds = 0.5;

    SUBCASE("hand's own schedule as an entry: two equal networks") {
        const ScheduleTable table = real_table(network, variant, "layer1.0.conv1", [](Schedule&) {});
        const NetworkTimes times = NetworkTimer(network, variant, cache, timing).time(table);
        CHECK(times.pairs >= 6);
        CHECK(times.interval.low <= times.ratio);
        CHECK(times.ratio <= times.interval.high);
        CHECK(times.ratio > 0.2);  // on a machine however busy
        CHECK(times.ratio < 5);
        double hand = 0, tuned = 0;
        for (const StepTimes& step : times.steps) {
            hand += step.hand_us;
            tuned += step.tuned_us;
        }
        CHECK(hand < 1.01 * times.hand_us);  // steps are printed with four digits
        CHECK(tuned < 1.01 * times.tuned_us);
        CHECK(std::count_if(times.steps.begin(), times.steps.end(), [](const StepTimes& s) { return s.entry == 0; }) ==
              3);
        const CheckReport report = check_network(table, network, cache, timing);
        CHECK(report.table.entries.size() == 1);  // nothing to decide
        CHECK_FALSE(report.variants[0].measured);
    }
    SUBCASE("an entry of one pixel and one register a tile is several times slower than hand's") {
        const ScheduleTable table = real_table(network, variant, "conv1", [](Schedule& schedule) {
            schedule.params["tile_x"] = schedule.params["tile_y"] = schedule.params["tile_k"] = 1;
        });
        std::vector<std::string> notes;
        const CheckReport report =
            check_network(table, network, cache, timing, [&](const std::string& note) { notes.push_back(note); });
        CHECK(report.table.entries.empty());
        CHECK(notes.size() == 1);
    }
}
