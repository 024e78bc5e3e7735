// senetc tune as a user runs it, on a network with few and small kernels.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "generators/tune/journal.h"
#include "schedules/tuned/table.h"
#include "tests/programs/programs.h"

using namespace senetc;
using namespace senetc::test;
using tune::JournalContents;
using tune::JournalRecord;
using tune::read_journal;
namespace fs = std::filesystem;

namespace {

const std::string kTiny = SENETC_SOURCE "/tests/faults/tiny.graph";

std::string tune_tiny(const fs::path& folder, const std::string& flags) {
    return fmt::format("cd {} && {{senetc}} tune {} --variants avx2 --check-seconds 0 {}", folder.string(), kTiny,
                       flags);
}

size_t records_of(const fs::path& journal) {
    return fs::exists(journal) && fs::file_size(journal) > 0 ? read_journal(journal).records.size() : 0;
}

// senetc tune in the background, in a process of its own.
class Background {
  public:
    Background(const fs::path& folder, const std::string& flags) {
        const std::string command =
            fmt::format("cd {} && exec {} tune {} --variants avx2 --check-seconds 0 {} > out 2> err", folder.string(),
                        SENETC_PROGRAM, kTiny, flags);
        pid_ = fork();
        if (pid_ == 0) {
            execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
            _exit(127);
        }
    }
    ~Background() {
        if (pid_ > 0) end(SIGKILL);
    }
    pid_t pid() const { return pid_; }
    int end(int signal) {
        kill(pid_, signal);
        int status = 0;
        waitpid(pid_, &status, 0);
        pid_ = -1;
        return status;
    }

  private:
    pid_t pid_;
};

// Waits until a journal has so many records.
void wait_for(const fs::path& journal, size_t records) {
    for (int i = 0; i < 1200 && records_of(journal) < records; i++) usleep(50'000);
    REQUIRE(records_of(journal) >= records);
}

}  // namespace

TEST_CASE("a run measures hand, searches, and writes a table that builds take") {
    const TemporaryFolder folder;
    const Outcome tuned = run(tune_tiny(folder.path(), "--trials 6 --journal j --output t.table"));
    CHECK_MESSAGE(tuned.status == 0, tuned.errors);
    CHECK(tuned.output.find("t.table: ") != std::string::npos);
    const JournalContents journal = read_journal(folder.path() / "j");
    CHECK(journal.header.network.find("tiny") != std::string::npos);
    CHECK(journal.header.variants == std::vector<std::string>{"avx2"});
    size_t searched = 0;
    for (const JournalRecord& record : journal.records) {
        INFO(to_string(record.schedule), " ", record.measurement.message);
        CHECK(record.measurement.outcome == tune::Outcome::ok);
        searched += record.origin != "hand" && record.origin != "final";
    }
    CHECK(searched == 6);
    const ScheduleTable table = read_table((folder.path() / "t.table").string());
    CHECK(table.target == "x86-64");
    CHECK(table.cpu == journal.header.cpu);
    const Outcome weights =
        run(fmt::format("{{senetc}} weights {} -o {}/w.safetensors", kTiny, folder.path().string()));
    if (weights.status == 0) {
        const Outcome built =
            run(fmt::format("cd {} && {{senetc}} build {} --weights w.safetensors --variants avx2 "
                            "--schedule tuned:t.table -o dist",
                            folder.path().string(), kTiny));
        CHECK_MESSAGE(built.status == 0, built.errors);
    }
}

TEST_CASE("a dry run shows stages, spaces and the plan, and writes nothing") {
    const TemporaryFolder folder;
    const Outcome shown = run(tune_tiny(folder.path(), "--dry-run --budget 90s"));
    CHECK(shown.status == 0);
    CHECK(shown.output.find("conv act=relu ci=3 co=16") != std::string::npos);
    CHECK(shown.output.find("90s of search") != std::string::npos);
    CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("an exhaustive run of one stage measures its whole space") {
    const TemporaryFolder folder;
    const Outcome tuned = run(tune_tiny(folder.path(), "--strategy exhaustive --stages ingest_f32 --journal j -o t"));
    CHECK_MESSAGE(tuned.status == 0, tuned.errors);
    const JournalContents journal = read_journal(folder.path() / "j");
    REQUIRE(journal.header.stages.size() == 1);
    const Outcome plan = run(tune_tiny(folder.path(), "--strategy exhaustive --stages ingest_f32 --dry-run"));
    size_t measured = 0;
    for (const JournalRecord& record : journal.records) measured += record.origin != "final";
    CHECK(plan.output.find(fmt::format("1 stages with {} schedules", measured)) != std::string::npos);
}

TEST_CASE("Ctrl-C and SIGTERM write the table so far and say how to go on; going on does not begin again") {
    for (const int signal : {SIGINT, SIGTERM}) {
        const TemporaryFolder folder;
        const fs::path journal = folder.path() / "j";
        {
            Background tuner(folder.path(), "--trials 1000 --journal j -o t");
            wait_for(journal, 4);
            const int status = tuner.end(signal);
            CHECK(WIFEXITED(status));
            CHECK(WEXITSTATUS(status) == 0);
        }
        CHECK(read_text(folder.path() / "out").find("so far; the same command goes on from j") != std::string::npos);
        CHECK_NOTHROW(read_table((folder.path() / "t").string()));
        const size_t before = records_of(journal);
        const Outcome more = run(tune_tiny(folder.path(), "--trials 3 --journal j -o t"));
        CHECK_MESSAGE(more.status == 0, more.errors);
        CHECK(more.errors.find(fmt::format("goes on after {} candidates", before)) != std::string::npos);
        CHECK(records_of(journal) > before);
    }
}

TEST_CASE("killed, the same command goes on") {
    const TemporaryFolder folder;
    const fs::path journal = folder.path() / "j";
    for (size_t kills = 1; kills <= 2; kills++) {
        Background tuner(folder.path(), "--trials 4 --journal j -o t");
        wait_for(journal, 3 * kills);
        CHECK(WIFSIGNALED(tuner.end(SIGKILL)));
    }
    const Outcome last = run(tune_tiny(folder.path(), "--trials 4 --journal j -o t"));
    CHECK_MESSAGE(last.status == 0, last.errors);
    CHECK_NOTHROW(read_table((folder.path() / "t").string()));
}

TEST_CASE("two tuners can't share a journal: the second is told whose it is") {
    const TemporaryFolder folder;
    Background first(folder.path(), "--trials 1000 --journal j -o t");
    wait_for(folder.path() / "j", 1);
    const Outcome second = run(tune_tiny(folder.path(), "--trials 1000 --journal j -o u"));
    CHECK(second.status == 2);
    CHECK(second.errors.find(fmt::format("process {},", first.pid())) != std::string::npos);
    CHECK(!fs::exists(folder.path() / "u"));
}

TEST_CASE("a runner is a command that gets the program's path; two of them measure side by side") {
    const TemporaryFolder folder;
    const std::string script = folder.path() / "board";
    std::ofstream(script) << "#!/bin/sh\necho \"$1\" >> " << folder.path().string() << "/log.$1\nshift\nexec \"$@\"\n";
    fs::permissions(script, fs::perms::owner_all);
    const Outcome tuned = run(
        tune_tiny(folder.path(),
                  fmt::format("--trials 4 --journal j -o t --cpu haswell --runner '{0} a' --runner '{0} b'", script)));
    CHECK_MESSAGE(tuned.status == 0, tuned.errors);
    CHECK(fs::exists(folder.path() / "log.a"));
    CHECK(fs::exists(folder.path() / "log.b"));
    CHECK(read_table((folder.path() / "t").string()).cpu == "haswell");
    for (const JournalRecord& record : read_journal(folder.path() / "j").records)
        CHECK(record.measurement.outcome == tune::Outcome::ok);
}

TEST_CASE("what can't be tuned costs one sentence that says what to do, and leaves nothing") {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "text") << "hello\n";
    struct Bad {
        const char *flags, *words;
    };
    const Bad cases[] = {
        {"--budget soon", "--budget 'soon' is not a time"},
        {"--budget 10", "--budget 20m"},
        {"--trials 0", "--trials"},
        {"--stages nothing", "senetc inspect shows them"},
        {"--strategy random", "--strategy"},
        {"--strategy exhaustive", "--stages"},
        {"--runner true", "--cpu"},
        {"--target arm-64", "--variants"},
        {"--autoschedulers Adams2020", "Adams2019"},
        {"--journal text", "text:1:"},
        {"--journal /proc/nowhere/j", "--journal"},
        {"--seed-from text --trials 1", "text:1:"},
        {"-o text --trials 1", "text:1:"},
        {"-o foreign --trials 1", "write to another file with --output"},
        {"--cpu pentium9 --trials 1", "pentium9"},
    };
    ScheduleTable foreign{"x86-64", "znver1", "another", 1, {}, ""};
    write_table((folder.path() / "foreign").string(), foreign);
    for (const Bad& bad : cases) {
        const Outcome outcome =
            run(tune_tiny(folder.path(), fmt::format("{}{}", strstr(bad.flags, "-o ") ? "" : "-o t ", bad.flags)));
        INFO(bad.flags, " -> ", outcome.errors);
        CHECK(outcome.status == 2);
        CHECK(outcome.output.empty());
        CHECK(outcome.errors.starts_with("senetc: "));
        CHECK(outcome.errors.find(bad.words) != std::string::npos);
        CHECK(!fs::exists(folder.path() / "t"));
    }
    CHECK(run("{senetc} tune").errors.find("tune wants a network") != std::string::npos);
}
