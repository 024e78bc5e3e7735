// Reports of tuning runs, from journals written here.
#include "generators/tune/report/report.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "generators/compiler/temporary_folder.h"
#include "generators/tune/report/drawings.h"
#include "generators/tune/report/scale.h"

using namespace senetc;
using namespace senetc::tune;
using namespace senetc::tune::report;

namespace {

constexpr const char* kConv =
    "conv act=relu ci=64 co=64 gate=0 in_h=56 in_halo=1 in_w=56 kernel_h=3 kernel_w=3 layout=blocked out_halo=0 pad=1 "
    "res_halo=0 residual=0 store=1 stride=1 sums=0";
constexpr const char* kDense = "dense act=none in=2048 logits=1 out=1000";

Schedule schedule(const std::string& algorithm, int number) {
    return {algorithm, {{"axis", 2}, {"tile_k", number}, {"tile_x", 1}, {"tile_y", 1}}};
}

// Two stages, measured warm: a convolution that takes 1000 us by hand three times, and a layer of 100 us.
JournalHeader header() {
    JournalHeader h;
    h.senetc = "0.1.0";
    h.network = "toy <net>, 10 classes, 56x56";
    h.target = "x86-64";
    h.cpu = "sapphirerapids";
    h.machine = "A CPU & its name";
    h.variants = {"avx512"};
    h.strategy = "search";
    h.peaks = {150, 140, 16};
    h.stages = {{parse_stage(kConv), "avx512", "layer1.0.conv1", 3, schedule("direct", 2), "0123456789abcdef", {}},
                {parse_stage(kDense), "avx512", "fc", 1, schedule("direct", 1), "0123456789abcdef", {}}};
    return h;
}

JournalRecord timed(int stage, const Schedule& tried, double us, double hand_us, double at,
                    const char* origin = "random") {
    JournalRecord record;
    record.stage = stage;
    record.schedule = tried;
    record.origin = origin;
    record.at = at;
    record.measurement.candidate = {us, 2 * us};
    record.measurement.incumbent = {hand_us, 4 * hand_us};
    return record;
}

JournalRecord failed(int stage, Outcome outcome, double at) {
    JournalRecord record;
    record.stage = stage;
    record.schedule = schedule("direct", 99);
    record.origin = "random";
    record.at = at;
    record.measurement.outcome = outcome;
    record.measurement.message = "no";
    return record;
}

JournalContents journal(std::vector<JournalRecord> records) {
    JournalContents contents;
    contents.empty = false;
    contents.header = header();
    contents.records = std::move(records);
    return contents;
}

// A run that was still searching: the machine was 10 % slower while the last was measured.
JournalContents searching() {
    return journal(
        {timed(0, schedule("direct", 2), 1000, 1000, 5, "hand"), timed(1, schedule("direct", 1), 100, 100, 9, "hand"),
         timed(0, schedule("direct", 4), 900, 1000, 20), failed(0, Outcome::refused, 22),
         failed(0, Outcome::refused, 23), failed(0, Outcome::wrong, 25),
         timed(0, schedule("Adams2019", 1), 1500, 1000, 30, "auto"), timed(0, schedule("winograd", 4), 880, 1100, 40)});
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// Elements close in the order in which they open, but for those of HTML and SVG that have no content.
void check_balanced(const std::string& page) {
    std::vector<std::string> open;
    for (size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
        const size_t end = page.find('>', at);
        REQUIRE(end != std::string::npos);
        const std::string tag = page.substr(at + 1, end - at - 1);
        std::string name;
        std::istringstream(tag) >> name;
        if (tag.starts_with("!") || tag.ends_with("/") || name == "meta") continue;
        if (!tag.starts_with("/")) {
            open.push_back(name);
            continue;
        }
        REQUIRE_FALSE(open.empty());
        CHECK("/" + open.back() == tag);
        open.pop_back();
    }
    CHECK(open.empty());
}

void check_page(const Record& record) {
    const std::string page = html(record);
    check_balanced(page);
    for (const char* reference : {"http", "src=", "href=", "@import", "<script", "nan", "inf\"", "-inf"})
        CHECK_MESSAGE(!has(page, reference), std::string(reference));
}

}  // namespace

TEST_CASE("a stage's time is the best ratio of a run times the least time of the hand schedule") {
    const Record record = make_record(searching());
    const StageRecord& conv = record.stages[0];
    CHECK(conv.hand_us == 1000);
    CHECK(conv.best()->schedule.algorithm == "winograd");
    CHECK(conv.tuned_us() == doctest::Approx(800));
    CHECK(conv.us(conv.best_autoscheduled()) == doctest::Approx(1500));
    CHECK(record.stages[1].tuned_us() == 100);
    const Estimate sum = estimate(record, "avx512");
    CHECK(sum.hand_us == doctest::Approx(3100));
    CHECK(sum.tuned_us == doctest::Approx(2500));
    CHECK(sum.measured == 2);
}

TEST_CASE("cold times count where the run says so") {
    JournalContents contents = searching();
    contents.header.cold = true;
    const Record record = make_record(contents);
    CHECK(record.stages[0].hand_us == 4000);
    CHECK(record.stages[0].best()->ratio == doctest::Approx(0.4));
}

TEST_CASE("the estimate falls with every trial that improves it, and holds until the end") {
    const std::vector<Point> points = progress(make_record(searching()), "avx512");
    REQUIRE(points.size() == 4);
    const double expected[][2] = {{0, 3100}, {20, 2800}, {40, 2500}, {40, 2500}};
    for (size_t i = 0; i < 4; ++i) {
        CHECK(points[i].at == expected[i][0]);
        CHECK(points[i].us == doctest::Approx(expected[i][1]));
    }
}

TEST_CASE("what was stopped early is no best") {
    JournalContents contents = searching();
    contents.records.back().measurement.stopped_early = true;
    CHECK(make_record(contents).stages[0].best()->schedule == schedule("direct", 4));
}

TEST_CASE("once there are finals they decide, by the slower of the winner's") {
    JournalContents contents = searching();
    const auto add = [&](const Schedule& tried, double us) {
        contents.records.push_back(timed(0, tried, us, 1000, 50, "final"));
    };
    add(schedule("winograd", 4), 980);
    add(schedule("direct", 4), 930);
    CHECK(make_record(contents).stages[0].tuned_us() == doctest::Approx(930));
    add(schedule("direct", 4), 950);
    CHECK(make_record(contents).stages[0].tuned_us() == doctest::Approx(950));
    add(schedule("direct", 2), 940);  // hand's own time is off by 6 %: then 5 % may be noise
    CHECK(make_record(contents).stages[0].chosen() == nullptr);
    CHECK(make_record(contents).stages[0].tuned_us() == 1000);
}

TEST_CASE("markdown has a row for each stage, the largest first, and their sum") {
    const std::string text = markdown(make_record(searching()));
    CHECK(
        has(text,
            "| layer1.0.conv1 | conv 3x3, 64 to 64 channels, 56x56 | 3 | 1000.0 | 1500.0 | 800.0 | -20.0 % | 193 % | 7 "
            "| 2 refused, 1 wrong | winograd axis=2"));
    CHECK(has(text, "| fc | dense, 2048 to 1000 channels | 1 | 100.0 |  | 100.0 |  |"));
    CHECK(has(text, "| all, as often as used |  | 4 | 3100.0 |  | 2500.0 | -19.4 % |"));
    CHECK(text.find("| layer1.0.conv1") < text.find("| fc"));
    CHECK(has(text, "- candidates: 8: 5 ok, 2 refused, 1 wrong"));
    CHECK(has(text, "avx512: 3.100 ms by hand, 2.500 ms tuned, -19.4 %, estimated from 2 of 2 stages"));
}

TEST_CASE("the page draws progress, times, candidates and roofline, and is one file") {
    const Record record = make_record(searching());
    check_page(record);
    const std::string page = html(record);
    for (const char* part :
         {"toy &lt;net&gt;", "A CPU &amp; its name", "<h3>Progress</h3>", "<h3>Time in the network</h3>",
          "<h3>Candidates</h3>", "<h3>Roofline</h3>", "FMA peak 150 GFLOP/s", "memory 16 GB/s", "3 x layer1.0.conv1",
          "-20.0 %, 7 tried: 2 refused, 1 wrong", "class=\"best winograd\"", "class=\"trial Adams2019\""})
        CHECK_MESSAGE(has(page, part), std::string(part));
}

TEST_CASE("unfinished runs are told as far as they got") {
    SUBCASE("nothing was measured yet") {
        const Record record = make_record(journal({}));
        check_page(record);
        CHECK(has(markdown(record), "none of 2 stages was measured yet"));
    }
    SUBCASE("every candidate failed") {
        const Record record = make_record(journal({failed(0, Outcome::lost, 4), failed(1, Outcome::crash, 5)}));
        check_page(record);
        CHECK(has(markdown(record), "2: 1 crash, 1 lost"));
        CHECK(has(html(record), "1 tried: 1 lost"));
    }
    SUBCASE("one stage of two") {
        const Record record = make_record(journal({timed(0, schedule("direct", 2), 1000, 1000, 5, "hand")}));
        check_page(record);
        CHECK(has(markdown(record), "estimated from 1 of 2 stages"));
    }
    SUBCASE("one stage at all") {
        JournalContents contents = journal({timed(0, schedule("direct", 4), 900, 1000, 5)});
        contents.header.stages.resize(1);
        check_page(make_record(contents));
    }
}

TEST_CASE("without peaks there is no roofline and no share of one") {
    JournalContents contents = searching();
    contents.header.peaks = {};
    const Record record = make_record(contents);
    check_page(record);
    CHECK(draw_roofline(record, "avx512").empty());
    CHECK(has(markdown(record), "- peaks: not measured"));
}

TEST_CASE("a report is made from the journal's file, and broken ones get the reader's words") {
    const TemporaryFolder folder;
    const std::string path = folder.path() / "toy.journal";
    const JournalContents contents = searching();
    std::string text = line_of(contents.header) + "\n";
    for (size_t i = 0; i < contents.records.size(); ++i) {
        JournalRecord record = contents.records[i];
        record.n = int(i);
        text += line_of(record) + "\n";
    }
    std::ofstream(path) << text;
    CHECK(markdown(make_record(read_journal(path))) == markdown(make_record(contents)));
    std::ofstream(path) << "{}\n" << text;
    CHECK_THROWS_WITH(read_journal(path), doctest::Contains("toy.journal"));
}

TEST_CASE("axes have a few round numbers, and what is beyond an end lies on it") {
    const Scale linear(Spacing::linear, 0, 12, 100, 400), log(Spacing::logarithmic, 1, 100, 0, 200);
    CHECK(linear(6) == doctest::Approx(250));
    CHECK(linear(20) == 400);
    CHECK(log(10) == doctest::Approx(100));
    CHECK(linear.ticks() == std::vector<double>{0, 2, 4, 6, 8, 10, 12});
    CHECK(log.ticks() == std::vector<double>{1, 2, 5, 10, 20, 50, 100});
}
