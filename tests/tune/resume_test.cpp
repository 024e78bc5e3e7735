// Whole runs with times by a formula: killed at any moment they end as if nothing had been.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <random>

#include "generators/compiler/temporary_folder.h"
#include "generators/tune/session.h"
#include "models/error.h"
#include "tests/tune/fakes.h"

using namespace senetc;
using namespace senetc::tune;
using namespace senetc::test;
namespace fs = std::filesystem;

namespace {

std::string fake_hash(const Stage& stage, const Schedule& schedule, const std::string& variant) {
    return fmt::format("{:016x}", text_hash(to_string(stage) + family(schedule) + variant));
}

JournalHeader header_of(const std::vector<StageTask>& stages, const Limits& limits, int window = 2) {
    JournalHeader header;
    header.senetc = "0.1.0", header.network = "small", header.network_hash = "0", header.target = "x86-64";
    header.cpu = "znver4", header.machine = "fake", header.variants = {"avx512"}, header.strategy = "search";
    header.window = window, header.limits = limits;
    header.stages = journal_stages(stages, fake_hash);
    return header;
}

struct Run {
    fs::path journal, table;
    Limits limits{0, 60};
    int capacity = 1;
    int window = 2;
    uint64_t order = 1;
    std::function<void()> measured = {};  // after every measurement
    std::function<bool()> interrupted = [] { return false; };
    std::vector<fs::path> seed_from = {};
};

SessionReport run(const Run& r, Silent& observer) {
    const std::vector<StageTask> stages = small_network();
    Session session({header_of(stages, r.limits, r.window), stages, r.journal, r.seed_from, r.table.string()},
                    observer);
    FakeEvaluator evaluator(r.capacity, r.order, r.measured);
    return session.run({evaluator, observer, [&] { return evaluator.now; }, r.interrupted}, fake_hash);
}
SessionReport run(const Run& r) {
    Silent observer;
    return run(r, observer);
}

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A run in a process of its own, each measurement of which takes some real time. Returns whether it came to its end
// before it was killed, after about `milliseconds`.
bool run_and_kill(Run r, int milliseconds) {
    const pid_t child = fork();
    if (child == 0) {
        r.measured = [] { usleep(300); };
        run(r);
        _exit(0);
    }
    usleep(useconds_t(milliseconds) * 1000);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status)) REQUIRE(WEXITSTATUS(status) == 0);
    return WIFEXITED(status);
}

// The journal without its last bytes, as a machine that lost its power may leave it.
void tear(const fs::path& journal, size_t bytes) {
    const size_t header = text_of(journal).find('\n'), size = fs::file_size(journal);
    if (header != std::string::npos && size > header + 1 + bytes) fs::resize_file(journal, size - bytes);
}

// Runs again and again, killed each time, until one comes to its end. Returns how often it was killed.
int resume_until_done(const Run& r, unsigned seed) {
    std::mt19937 random(seed);
    int kills = 0;
    while (!run_and_kill(r, 1 + int(random() % 40))) {
        kills++;
        REQUIRE(kills < 1000);
        if (random() % 3 == 0 && fs::exists(r.journal)) tear(r.journal, random() % 60);
    }
    return kills;
}

template <class Body>
std::string sentence(const Body& body) {
    try {
        body();
        return "";
    } catch (const Error& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("kill -9 in a loop, at any moment: the table equals an undisturbed run's, byte for byte") {
    const TemporaryFolder folder;
    for (const Limits limits : {Limits{0, 60}, Limits{100, 0}}) {
        const fs::path here = folder.path();
        const Run undisturbed{here / "whole.journal", here / "whole.table", limits};
        run(undisturbed);
        const std::string expected = text_of(undisturbed.table);
        CHECK(expected.find("avx512 |") != std::string::npos);
        int kills = 0;
        for (unsigned seed = 1; seed <= 4; seed++) {
            const Run r{here / fmt::format("{}.journal", seed), here / fmt::format("{}.table", seed), limits};
            kills += resume_until_done(r, seed);
            CHECK(text_of(r.table) == expected);
            CHECK(text_of(r.journal).size() >= text_of(undisturbed.journal).size());
        }
        MESSAGE("killed ", kills, " times");
        CHECK(kills > 4);
        for (const auto& entry : fs::directory_iterator(here)) fs::remove(entry);
    }
}

TEST_CASE("with several runners, whichever is faster, killed or not, the table is the same") {
    const TemporaryFolder folder;
    std::string expected;
    for (unsigned seed = 1; seed <= 5; seed++) {
        Run r{folder.path() / fmt::format("{}.journal", seed), folder.path() / fmt::format("{}.table", seed)};
        r.capacity = int(1 + seed % 3), r.window = 6, r.order = seed;
        if (seed > 2)
            resume_until_done(r, seed);
        else
            run(r);
        if (expected.empty()) expected = text_of(r.table);
        CHECK(text_of(r.table) == expected);
    }
}

TEST_CASE("a kill loses the running candidate at most") {
    const TemporaryFolder folder;
    Run r{folder.path() / "a.journal", folder.path() / "a.table"};
    const pid_t child = fork();
    if (child == 0) {
        int count = 0;
        r.measured = [&] {
            if (++count == 20) raise(SIGKILL);
        };
        run(r);
        _exit(1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    CHECK(read_journal(r.journal).records.size() == 19);
    int measured = 0;
    r.measured = [&] { measured++; };
    Silent observer;
    run(r, observer);
    CHECK(measured + 19 == int(read_journal(r.journal).records.size()));
    REQUIRE(observer.notes.size() == 1);
    CHECK(observer.notes[0].find("goes on after 19 candidates") != std::string::npos);
}

TEST_CASE("interrupted, the table so far is written, and the same command goes on to the same end") {
    const TemporaryFolder folder;
    const Run whole{folder.path() / "whole.journal", folder.path() / "whole.table"};
    run(whole);
    Run r{folder.path() / "a.journal", folder.path() / "a.table"};
    int count = 0;
    r.measured = [&] { count++; };
    r.interrupted = [&] { return count == 40; };
    const SessionReport first = run(r);
    CHECK(first.end == TunerEnd::interrupted);
    CHECK(read_table(r.table.string()).entries.size() == first.table.entries.size());
    CHECK(!first.table.entries.empty());
    r.interrupted = [] { return false; };
    const SessionReport second = run(r);
    CHECK(second.end == TunerEnd::finished);
    CHECK(text_of(r.table) == text_of(whole.table));
    CHECK((text_of(r.journal) == text_of(whole.journal)));
}

TEST_CASE("a finished run measures nothing more, and writes the same table; with more trials it goes on") {
    const TemporaryFolder folder;
    Run r{folder.path() / "a.journal", folder.path() / "a.table"};
    run(r);
    const std::string table = text_of(r.table), journal = text_of(r.journal);
    int measured = 0;
    r.measured = [&] { measured++; };
    run(r);
    CHECK(measured == 0);
    CHECK(text_of(r.table) == table);
    CHECK((text_of(r.journal) == journal));
    r.limits.trials = 80;
    run(r);
    CHECK(measured >= 20);
    CHECK(read_journal(r.journal).events.size() == 1);
    const std::string more = text_of(r.table);
    measured = 0;
    run(r);
    CHECK(measured == 0);
    CHECK(text_of(r.table) == more);
}

TEST_CASE("a run that got more trials on the way resumes, too") {
    const TemporaryFolder folder;
    Run whole{folder.path() / "whole.journal", folder.path() / "whole.table"};
    run(whole);
    whole.limits.trials = 90;
    run(whole);
    Run r{folder.path() / "a.journal", folder.path() / "a.table"};
    run(r);
    r.limits.trials = 90;
    resume_until_done(r, 3);
    CHECK(text_of(r.table) == text_of(whole.table));
}

TEST_CASE("a torn last line is dropped with a word") {
    const TemporaryFolder folder;
    const Run r{folder.path() / "a.journal", folder.path() / "a.table"};
    run(r);
    const std::string table = text_of(r.table), journal = text_of(r.journal);
    tear(r.journal, 10);
    Silent observer;
    run(r, observer);
    REQUIRE(observer.notes.size() == 2);
    CHECK(observer.notes[0].find("a.journal: its last line was torn") != std::string::npos);
    CHECK(text_of(r.table) == table);
    CHECK((text_of(r.journal) == journal));
}

TEST_CASE("a journal whose candidates this search would not propose is refused") {
    const TemporaryFolder folder;
    const Run r{folder.path() / "a.journal", folder.path() / "a.table"};
    run(r);
    std::string journal = text_of(r.journal);
    const size_t at = journal.find("\"n\":10,"), schedule = journal.find("\"schedule\":\"", at) + 12;
    journal.replace(schedule, journal.find('"', schedule) - schedule, to_string(small_network()[0].space.back()));
    std::ofstream(r.journal) << journal;
    const std::string why = sentence([&] { run(r); });
    INFO(why);
    CHECK(why.find("candidate 10 is") != std::string::npos);
    CHECK(why.find("--seed-from") != std::string::npos);
}

TEST_CASE("runners that lose everything end the run with their own words; then it goes on") {
    const TemporaryFolder folder;
    const std::vector<StageTask> stages = small_network();
    const Run r{folder.path() / "a.journal", folder.path() / "a.table"};
    Silent observer;
    const auto session = [&](bool broken) {
        Session session({header_of(stages, r.limits), stages, r.journal, {}, r.table.string()}, observer);
        FakeEvaluator evaluator(1);
        int count = 0;
        evaluator.result = [&](const Candidate& candidate, const Schedule& hand) {
            Measurement m = fake_measurement(candidate, hand);
            if (broken && ++count > 10) m = Measurement{Outcome::lost, "ssh: no route to board", {}, {}, 0, 1, false};
            return m;
        };
        session.run({evaluator, observer, [&] { return evaluator.now; }, [] { return false; }}, fake_hash);
    };
    const std::string why = sentence([&] { session(true); });
    CHECK(why.find("8 measurements one after the other") != std::string::npos);
    CHECK(why.find("no route to board") != std::string::npos);
    CHECK(sentence([&] { session(false); }) == "");
    CHECK(!read_table(r.table.string()).entries.empty());
}

TEST_CASE("a table of the same machine keeps its other entries; one of another machine is refused before measuring") {
    const TemporaryFolder folder;
    const Run r{folder.path() / "a.journal", folder.path() / "a.table"};
    const StageTask other = task(conv_stage("ci=48 co=48 in_h=8 in_w=8"), 1);
    ScheduleTable table{"x86-64", "znver4", "old", 1, {}, ""};
    table.entries.push_back({"avx512", "0123456789abcdef", other.stage, other.space[1], 1, 2, 0});
    table.entries.push_back(
        {"avx512", "0123456789abcdef", small_network()[0].stage, small_network()[0].space[1], 1, 2, 0});
    write_table(r.table.string(), table);
    const SessionReport report = run(r);
    CHECK(std::count_if(report.table.entries.begin(), report.table.entries.end(),
                        [&](const TableEntry& entry) { return entry.stage == other.stage; }) == 1);
    for (const TableEntry& entry : read_table(r.table.string()).entries) {
        if (entry.stage != other.stage) CHECK(entry.algorithm_hash == fake_hash(entry.stage, entry.schedule, "avx512"));
    }
    table.cpu = "znver3";
    const fs::path foreign = folder.path() / "foreign.table";
    write_table(foreign.string(), table);
    const std::string before = text_of(foreign);
    int measured = 0;
    const std::string why = sentence([&] {
        run({folder.path() / "b.journal", foreign, {0, 60}, 1, 2, 1, [&] { measured++; }, [] { return false; }, {}});
    });
    CHECK(why.find("this table is for x86-64, znver3") != std::string::npos);
    CHECK(why.find("--output") != std::string::npos);
    CHECK(measured == 0);
    CHECK(text_of(foreign) == before);
}

TEST_CASE(
    "seeds of another journal are proposed first and kept in the header, so resuming needs that journal no more") {
    const TemporaryFolder folder;
    const Run first{folder.path() / "first.journal", folder.path() / "first.table"};
    run(first);
    Run r{folder.path() / "a.journal", folder.path() / "a.table"};
    r.seed_from = {first.journal};
    run(r);
    const JournalContents contents = read_journal(r.journal);
    for (const JournalStage& stage : contents.header.stages) CHECK(!stage.seeds.empty());
    REQUIRE(contents.records.size() > 4);
    CHECK(contents.records[3].origin == "seed");
    const std::string table = text_of(r.table);
    fs::remove(first.journal);
    fs::remove(r.table);
    tear(r.journal, 5000);
    run(r);
    CHECK(text_of(r.table) == table);
}

namespace {

// Learns the number of its samples.
class CountingModel : public CostModel {
  public:
    int lessons = 0;
    bool is_its(const Schedule& schedule) const override { return schedule.algorithm == "Adams2019"; }
    int learn(const std::vector<CostModelSample>& samples, int) override {
        lessons++;
        return int(samples.size());
    }
    std::vector<Schedule> draw(const Stage&, const std::string&, unsigned seed, int weights) override {
        return {{"Adams2019", {{"weights", weights}, {"random_dropout_seed", int(seed)}}}};
    }
};

}  // namespace

TEST_CASE("a cost model learns once from the same samples, however often the run is resumed") {
    const TemporaryFolder folder;
    std::vector<StageTask> stages = small_network();
    for (StageTask& task : stages)
        for (int i = 0; i < 30; i++) task.wishes.push_back({{"Adams2019", {{"beam_size", i + 1}}}, "auto"});
    CountingModel model;
    const auto session = [&](const std::string& name, int stop_at) {
        Silent observer;
        Session session({header_of(stages, {0, 200}),
                         stages,
                         folder.path() / (name + ".journal"),
                         {},
                         (folder.path() / (name + ".table")).string()},
                        observer);
        int count = 0;
        FakeEvaluator evaluator(1, 1, [&] { count++; });
        session.run({evaluator, observer, [&] { return evaluator.now; }, [&] { return count == stop_at; }, &model},
                    fake_hash);
    };
    session("whole", -1);
    const int lessons = model.lessons;
    CHECK(lessons >= 2);
    for (int i = 0; i < 30; i++) session("parts", 13);
    session("parts", -1);
    CHECK(model.lessons == 2 * lessons);
    const std::string journal = text_of(folder.path() / "parts.journal");
    CHECK((journal == text_of(folder.path() / "whole.journal")));
    CHECK(journal.find("\"origin\":\"auto\",\"outcome\":\"ok\",\"schedule\":\"Adams2019 random_dropout_seed=") !=
          std::string::npos);
    CHECK(journal.find("weights=32\"") != std::string::npos);
}
