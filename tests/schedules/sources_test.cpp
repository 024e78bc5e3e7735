// Who chooses a schedule, and what the sources do with what doesn't fit.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "generators/compiler/temporary_folder.h"
#include "models/error.h"
#include "schedules/schedules.h"
#include "schedules/sources.h"
#include "schedules/tuned/shipped.h"
#include "tests/schedules/example.h"

using namespace senetc;
using namespace senetc::test;

namespace {

ScheduleTable stale_table() {
    ScheduleTable table = parse_table(print(example_table()), "old.table");
    table.entries[0].algorithm_hash = "0123456789abcdef";
    return table;
}

const VariantInfo& avx512() {
    return find_variant("avx512");
}

void check_hand(const ScheduleChoice& choice, const Stage& stage, const std::string& variant) {
    CHECK(choice.source == "hand");
    CHECK(choice.schedule == choose_schedule(stage, variant));
}

}  // namespace

TEST_CASE("hand's source says what the hand rules say") {
    for (const char* variant : {"avx512", "avx2", "neon"})
        check_hand(hand_source()(example_conv(), find_variant(variant)), example_conv(), variant);
}

TEST_CASE("a table's stages get its schedules; other stages and variants get hand's") {
    REQUIRE(choose_schedule(example_conv(), "avx512") != example_direct());
    const ScheduleSource source = tuned_source(example_table(), "mine");
    const ScheduleChoice choice = source(example_conv(), avx512());
    CHECK(choice.schedule == example_direct());
    CHECK(choice.source == "tuned:mine");
    check_hand(source(example_conv(), find_variant("avx2")), example_conv(), "avx2");
    Stage other = example_conv();
    other.params["act"] = "none";
    check_hand(source(other, avx512()), other, "avx512");
}

TEST_CASE("a stale entry is refused by name, with file and line") {
    const ScheduleSource source = tuned_source(stale_table(), "old.table");
    const std::string stage = to_string(example_conv());
    CHECK_THROWS_WITH_AS(source(example_conv(), avx512()),
                         doctest::Contains(("old.table:8: the entry of avx512 for '" + stage + "' is stale").c_str()),
                         Error);
    CHECK_THROWS_WITH_AS(source(example_conv(), avx512()), doctest::Contains("--fallback"), Error);
}

TEST_CASE("or, where that is asked for, named once in a note and left for hand's schedule") {
    std::vector<std::string> notes;
    const auto keep = [&](const std::string& sentence) { notes.push_back(sentence); };
    const ScheduleSource source = tuned_source(stale_table(), "old.table", keep);
    for (int i = 0; i < 2; ++i) check_hand(source(example_conv(), avx512()), example_conv(), "avx512");
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].find("old.table:8: the entry of avx512 for 'conv") == 0);
}

TEST_CASE("entries that a build doesn't ask for may be stale") {
    const ScheduleSource source = tuned_source(stale_table(), "old.table");
    check_hand(source(example_conv(), find_variant("avx2")), example_conv(), "avx2");
}

TEST_CASE("a table's file is refused for targets and CPUs that it isn't for") {
    const TemporaryFolder folder;
    const std::string path = folder.path() / "mine.table";
    write_table(path, example_table());
    for (const char* cpu : {"", "sapphirerapids"})
        CHECK(table_source(path, {"arm-64", "x86-64"}, cpu, {})(example_conv(), avx512()).source == "tuned:mine.table");
    CHECK_THROWS_WITH_AS(table_source(path, {"arm-64"}, "", {}),
                         doctest::Contains("are for x86-64, and the target is arm-64"), Error);
    CHECK_THROWS_WITH_AS(table_source(path, {"x86-64"}, "znver4", {}),
                         doctest::Contains("measured on sapphirerapids, and --cpu says znver4"), Error);
}

TEST_CASE("a CPU that senetc has no table for gets hand's schedules") {
    check_hand(shipped_source("x86-64", "no_such_cpu", {})(example_conv(), avx512()), example_conv(), "avx512");
    for (const ScheduleTable& table : shipped_tables()) {
        const std::vector<std::string> cpus = shipped_cpus(table.target);
        CHECK(std::count(cpus.begin(), cpus.end(), table.cpu) == 1);
    }
}

TEST_CASE("no entry of the tables that senetc has is stale") {
    for (const ScheduleTable& table : shipped_tables()) {
        const ScheduleSource source = tuned_source(table, table.cpu);
        for (const TableEntry& entry : table.entries) {
            const ScheduleChoice choice = source(entry.stage, find_variant(entry.variant));
            CHECK(choice.source == "tuned:" + table.cpu);
            CHECK(choice.schedule == entry.schedule);
        }
    }
}

TEST_CASE("an autoscheduler's name is its source, its options are its schedule's") {
    const ScheduleChoice choice =
        auto_source(parse_schedule("Adams2019 beam_size=4"), {"avx512"})(example_conv(), avx512());
    CHECK(choice.source == "auto:Adams2019");
    CHECK(choice.schedule.algorithm == "Adams2019");
    CHECK(choice.schedule.number("beam_size") == 4);
    CHECK_THROWS_AS(auto_source(parse_schedule("Adams2018"), {"avx512"}), Error);
}

TEST_CASE("an autoscheduler of the other kind of device leaves a variant to hand's schedules") {
    const VariantInfo& cuda = find_variant("cuda");
    const ScheduleSource for_cpus = auto_source(parse_schedule("Adams2019"), {"cuda", "avx512"});
    const ScheduleSource for_gpus = auto_source(parse_schedule("Anderson2021"), {"cuda", "avx512"});
    CHECK(for_cpus(example_conv(), cuda).source == "hand");
    CHECK(for_gpus(example_conv(), avx512()).source == "hand");
    CHECK(for_gpus(example_conv(), cuda).source == "auto:Anderson2021");
    CHECK(for_gpus(example_conv(), cuda).schedule.number("parallelism") > 100);
    CHECK_THROWS_WITH_AS(auto_source(parse_schedule("Anderson2021"), {"avx512", "neon"}),
                         "Anderson2021 schedules for GPUs alone", Error);
}
