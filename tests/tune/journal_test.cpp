#include "generators/tune/journal.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "generators/compiler/temporary_folder.h"
#include "models/error.h"
#include "tests/tune/fakes.h"

using namespace senetc;
using namespace senetc::tune;
using namespace senetc::test;
namespace fs = std::filesystem;

namespace {

JournalHeader some_header() {
    JournalHeader header;
    header.senetc = "0.1.0", header.network = "net, 10 classes, 8x8", header.network_hash = "0123";
    header.target = "x86-64", header.cpu = "znver4", header.machine = "AMD", header.variants = {"avx512", "avx2"};
    header.threads = 2, header.batch = 3, header.cold = true, header.strategy = "search", header.seed = 7;
    header.window = 4, header.only = {"conv"}, header.autoschedulers = {"Adams2019"}, header.limits = {1200, 30};
    header.peaks = {140.5, 90, 12};
    for (const StageTask& task : small_network())
        header.stages.push_back(
            {task.stage, task.variant, task.first_use, task.uses, task.space[0], "fedcba9876543210", {task.space[1]}});
    return header;
}

JournalRecord some_record(int n) {
    JournalRecord record{n, 1, small_network()[1].space[size_t(n)], 4, "random", {}, 12.25};
    record.measurement = {Outcome::wrong, "said \"no\"\n", {1.5, 2.5}, {3.5, 4.5}, 0.75, 2.125, true};
    return record;
}

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

// The sentence of the Error that `body` throws; "" when it throws none.
template <class Body>
std::string sentence(const Body& body) {
    try {
        body();
        return "";
    } catch (const Error& error) {
        return error.what();
    }
}

class Folder {
  public:
    fs::path file(const std::string& name) const { return folder_.path() / name; }

  private:
    TemporaryFolder folder_;
};

// A journal with a header and `records` records.
fs::path make_journal(const Folder& folder, int records) {
    const fs::path path = folder.file("a.journal");
    Journal journal(path);
    journal.append(line_of(some_header()));
    for (int n = 0; n < records; n++) journal.append(line_of(some_record(n)));
    return path;
}

}  // namespace

TEST_CASE("what is appended is read again, field by field") {
    const Folder folder;
    const fs::path path = make_journal(folder, 2);
    {
        Journal journal(path);
        journal.append(line_of(JournalEvent{"limits", 2, {60, 5}, 0}));
        journal.append(line_of(JournalEvent{"weights", 2, {}, 4711}));
    }
    const JournalContents read = read_journal(path);
    CHECK(read.header == some_header());
    REQUIRE(read.records.size() == 2);
    const JournalRecord expected = some_record(1), &record = read.records[1];
    CHECK(record.n == 1);
    CHECK(record.stage == 1);
    CHECK(record.schedule == expected.schedule);
    CHECK(record.effort == 4);
    CHECK(record.origin == "random");
    CHECK(record.at == 12.25);
    const Measurement& m = record.measurement;
    CHECK(m.outcome == Outcome::wrong);
    CHECK(m.message == "said \"no\"\n");
    CHECK(m.candidate.warm == 1.5);
    CHECK(m.candidate.cold == 2.5);
    CHECK(m.incumbent.warm == 3.5);
    CHECK(m.incumbent.cold == 4.5);
    CHECK(m.error == 0.75);
    CHECK(m.seconds == 2.125);
    CHECK(m.stopped_early);
    REQUIRE(read.events.size() == 2);
    CHECK(read.events[0].limits == Limits{60, 5});
    CHECK(read.events[1].weights == 4711);
}

TEST_CASE("wherever a killed run cut the file, the whole lines before that are there, and the next line fits") {
    const Folder folder;
    const std::string whole = text_of(make_journal(folder, 3));
    const size_t header_end = whole.find('\n') + 1;
    for (size_t length = 0; length < whole.size(); length += length < header_end ? 97 : 7) {
        const fs::path path = folder.file("cut.journal");
        write(path, whole.substr(0, length));
        const size_t lines = size_t(std::count(whole.begin(), whole.begin() + std::ptrdiff_t(length), '\n'));
        {
            Journal journal(path);
            CHECK(journal.contents().empty == (lines == 0));
            CHECK(journal.contents().records.size() == (lines == 0 ? 0 : lines - 1));
            CHECK((journal.dropped_bytes() > 0) == (length > 0 && whole[length - 1] != '\n'));
            journal.append(lines == 0 ? line_of(some_header()) : line_of(some_record(9)));
        }
        CHECK(Journal(path).contents().records.size() == lines);
    }
}

TEST_CASE("every other damage is an error that names file and line, and changes nothing") {
    const Folder folder;
    const std::string whole = text_of(make_journal(folder, 2));
    const size_t second = whole.find('\n') + 1, third = whole.find('\n', second) + 1;
    const std::string header = whole.substr(0, second), line = whole.substr(second, third - second);
    const auto with = [&](std::string text, const std::string& from, const std::string& to) {
        return text.replace(text.find(from), from.size(), to);
    };
    struct Damage {
        std::string text, place, words;
    };
    const Damage damages[] = {
        {"hello\n" + whole, ":1:", "no line of a journal"},
        {line, ":1:", "senetc_journal"},
        {with(whole, "\"senetc_journal\":1", "\"senetc_journal\":2"), ":1:", "version 2"},
        {with(whole, "\"window\"", "\"wind\""), ":1:", "window"},
        {header + "\n" + line, ":2:", "no line of a journal"},
        {header + line.substr(0, line.size() / 2) + "\n" + line, ":2:", "no line of a journal"},
        {header + with(line, "\"n\":0", "\"n\":\"zero\""), ":2:", "number"},
        {header + with(line, "\"outcome\":\"wrong\"", "\"outcome\":\"odd\""), ":2:", "odd"},
        {header + with(line, "\"stage\":1", "\"stage\":3"), ":2:", "stage 3 of 3"},
        {header + line + line, ":3:", "twice"},
        {header + std::string(64, '\0') + "\n", ":2:", "no line of a journal"},
        {header + "{\"event\":\"party\",\"after\":1}\n", ":2:", "party"},
    };
    for (const Damage& damage : damages) {
        const fs::path path = folder.file("damaged.journal");
        write(path, damage.text);
        const std::string why = sentence([&] { Journal journal(path); });
        INFO(why);
        CHECK(why.find("damaged.journal" + damage.place) != std::string::npos);
        CHECK(why.find(damage.words) != std::string::npos);
        CHECK(why.find("--journal") != std::string::npos);
        CHECK(text_of(path) == damage.text);
        CHECK(sentence([&] { read_journal(path); }).find(damage.place) != std::string::npos);
    }
}

TEST_CASE("a second tuner is told which process has the journal") {
    const Folder folder;
    const fs::path path = make_journal(folder, 1);
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    const pid_t holder = fork();
    if (holder == 0) {
        Journal journal(path);
        [[maybe_unused]] const ssize_t said = ::write(ready[1], "r", 1);
        pause();
        _exit(0);
    }
    char letter;
    REQUIRE(read(ready[0], &letter, 1) == 1);
    const std::string why = sentence([&] { Journal journal(path); });
    CHECK(why.find("another senetc tune") != std::string::npos);
    CHECK(why.find(fmt::format("process {},", holder)) != std::string::npos);
    CHECK(read_journal(path).records.size() == 1);  // looking is allowed
    kill(holder, SIGKILL);
    waitpid(holder, nullptr, 0);
    close(ready[0]), close(ready[1]);
    CHECK(sentence([&] { Journal journal(path); }) == "");
}

TEST_CASE("a full disk is an error, and the journal ends with the line before") {
    const Folder folder;
    const fs::path path = make_journal(folder, 1);
    const std::string before = text_of(path);
    const pid_t child = fork();
    if (child == 0) {  // a file may grow by half a line
        const rlimit limit{before.size() + 100, before.size() + 100};
        setrlimit(RLIMIT_FSIZE, &limit);
        std::signal(SIGXFSZ, SIG_IGN);
        Journal journal(path);
        const std::string why = sentence([&] { journal.append(line_of(some_record(1))); });
        _exit(why.find("can't be written") != std::string::npos && why.find("File too large") != std::string::npos ? 0
                                                                                                                   : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(text_of(path) == before);
}

TEST_CASE("a journal that can't be opened, and one that isn't there, cost one sentence") {
    const Folder folder;
    CHECK(sentence([&] { Journal journal("/proc/nowhere/a.journal"); }).find("can't be written") != std::string::npos);
    CHECK(sentence([&] { Journal journal(folder.file("")); }).find("can't be written") != std::string::npos);
    CHECK(sentence([&] { read_journal(folder.file("none")); }).find("can't be read") != std::string::npos);
    write(folder.file("empty"), "");
    CHECK(sentence([&] { read_journal(folder.file("empty")); }).find("is empty") != std::string::npos);
}

TEST_CASE("a journal of another run is refused with what differs") {
    const JournalHeader written = some_header();
    CHECK(sentence([&] { check_same_run(written, written, "a"); }) == "");
    struct Change {
        std::function<void(JournalHeader&)> make;
        std::string words;
    };
    const Change changes[] = {
        {[](JournalHeader& h) { h.network = "other"; }, "the network was net, 10 classes, 8x8, and now is other"},
        {[](JournalHeader& h) { h.network_hash = "0"; }, "the text of the network"},
        {[](JournalHeader& h) { h.target = "arm-64"; }, "--target was x86-64, and now is arm-64"},
        {[](JournalHeader& h) { h.variants = {"avx2"}; }, "--variants was avx512,avx2, and now is avx2"},
        {[](JournalHeader& h) { h.cpu = "znver3"; }, "the CPU was znver4, and now is znver3"},
        {[](JournalHeader& h) { h.machine = "Intel"; }, "the machine was AMD"},
        {[](JournalHeader& h) { h.threads = 1; }, "--threads was 2, and now is 1"},
        {[](JournalHeader& h) { h.batch = 1; }, "--batch was 3"},
        {[](JournalHeader& h) { h.seed = 8; }, "--seed was 7"},
        {[](JournalHeader& h) { h.strategy = "exhaustive"; }, "--strategy was search"},
        {[](JournalHeader& h) { h.only = {}; }, "--stages was conv"},
        {[](JournalHeader& h) { h.autoschedulers = {}; }, "--autoschedulers was Adams2019"},
        {[](JournalHeader& h) { h.stages.pop_back(); }, "the number of stages was 3, and now is 2"},
        {[](JournalHeader& h) { h.stages[0].stage.params["ci"] = "8"; }, "a stage was conv"},
        {[](JournalHeader& h) { h.stages[0].hand = h.stages[0].seeds[0]; }, "the hand schedule of 16->16"},
        {[](JournalHeader& h) { h.stages[0].algorithm_hash = "0"; }, "the algorithm (its hash) of 16->16"},
    };
    for (const Change& change : changes) {
        JournalHeader asked = written;
        change.make(asked);
        const std::string why = sentence([&] { check_same_run(written, asked, "a.journal"); });
        INFO(why);
        CHECK(why.find("a.journal: this journal is of another run") != std::string::npos);
        CHECK(why.find(change.words) != std::string::npos);
        CHECK(why.find("begin another journal with --journal") != std::string::npos);
    }
    JournalHeader more = written;
    more.limits = {7200, 0}, more.window = 2, more.peaks = {}, more.stages[0].seeds = {};
    CHECK(sentence([&] { check_same_run(written, more, "a"); }) == "");
}
