// Runs elsewhere: the user's command gets the program's path, and whatever becomes of it has its outcome.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>

#include "generators/measure/runner.h"
#include "tests/measure/bench.h"

using namespace senetc;
using namespace senetc::test;
using tune::Measurement;
using tune::Outcome;

namespace {

const char* const kLine =
    R"({"senetc_measurement":1,"status":"ok","message":"","error":0,"rounds":3,"stopped_early":false,)"
    R"("candidate":{"warm_us":1},"incumbent":{"warm_us":2}})";

struct Run {
    Measurement measurement;
    double seconds;
};

Run run(const std::string& command, const std::string& program, int seconds = 20, int64_t memory = int64_t{1} << 32) {
    measure::Runner runner(command, seconds, memory);
    const auto begin = measure::Runner::Clock::now();
    runner.start(program);
    std::optional<measure::RunOutput> output;
    while (!(output = runner.poll())) {
        std::vector<pollfd> polled;
        runner.add_to(polled);
        ::poll(polled.data(), polled.size(), 20);
    }
    CHECK_FALSE(runner.busy());
    return {measure::read_measurement(*output),
            std::chrono::duration<double>(measure::Runner::Clock::now() - begin).count()};
}

// A process that has ended may stay as a name until somebody waits for it.
bool runs(pid_t process) {
    std::ifstream file(fmt::format("/proc/{}/stat", process));
    std::string number, name, state;
    return file >> number >> name >> state && state != "Z";
}

}  // namespace

TEST_CASE("the program's path is the command's last word, whatever characters are in it") {
    const TemporaryFolder folder;
    const std::string program =
        script(folder.path() / "a program's $(name) \"quoted\"", std::string("echo '") + kLine + "'");
    for (const char* command : {"", "sh", "env A=1 sh", "time -p sh"}) {
        INFO(command);
        const Measurement m = run(command, program).measurement;
        INFO(m.message);
        CHECK(m.outcome == Outcome::ok);
        CHECK(m.incumbent.warm == 2);
    }
}

TEST_CASE("lost: no such command, no such board, no such program") {
    const TemporaryFolder folder;
    const std::string program = script(folder.path() / "p", "exit 0");
    const Measurement command = run("no-such-command-anywhere", program).measurement;
    CHECK(command.outcome == Outcome::lost);
    CHECK(command.message.find("status 127") != std::string::npos);
    CHECK(command.message.find("no-such-command-anywhere") != std::string::npos);
    const Measurement board = run("echo 'Connection refused' >&2; exit 255;", program).measurement;
    CHECK(board.outcome == Outcome::lost);
    CHECK(board.message.find("Connection refused") != std::string::npos);
    const Measurement missing = run("", folder.path() / "missing").measurement;
    CHECK(missing.outcome == Outcome::lost);
    CHECK(missing.message.find("No such file") != std::string::npos);
}

TEST_CASE("a program for another machine is lost, and the system's reason is quoted") {
    const TemporaryFolder folder;
    const std::string program = script(folder.path() / "p", "");
    std::ofstream(program) << "\x7f"
                           << "ELF of some other machine";
    const Measurement m = run("", program).measurement;
    CHECK(m.outcome == Outcome::lost);
    CHECK(m.message.find("Exec format error") != std::string::npos);
}

TEST_CASE("a signal that ends the program here is a crash; what ends a command says nothing of the program") {
    const TemporaryFolder folder;
    const std::string program = script(folder.path() / "p", "kill -SEGV $$");
    const Measurement here = run("", program).measurement;
    CHECK(here.outcome == Outcome::crash);
    CHECK(here.message.find("signal 11") != std::string::npos);
    CHECK(run("sh", program).measurement.outcome == Outcome::lost);
}

TEST_CASE("a hang ends at the limit, with every process that the command started") {
    const TemporaryFolder folder;
    const std::string program =
        script(folder.path() / "p", "sleep 1000 & echo $! > " + (folder.path() / "child").string() + "; wait");
    for (const char* command : {"", "sh"}) {
        const Run hung = run(command, program, 1);
        const bool here = command == std::string();
        CHECK(hung.measurement.outcome == (here ? Outcome::timeout : Outcome::lost));
        CHECK(hung.measurement.message.find("took longer than 1 s") != std::string::npos);
        CHECK(hung.seconds < 5);
        pid_t child = 0;
        std::ifstream(folder.path() / "child") >> child;
        REQUIRE(child > 0);
        for (int i = 0; i < 100 && runs(child); ++i) usleep(10000);
        CHECK_FALSE(runs(child));
    }
}

TEST_CASE("a process left behind with the output open doesn't keep anybody waiting") {
    const TemporaryFolder folder;
    const std::string program = script(folder.path() / "p", std::string("sleep 1000 & echo '") + kLine + "'");
    const Run left = run("", program);
    CHECK(left.measurement.outcome == Outcome::ok);
    CHECK(left.seconds < 5);
}

TEST_CASE("whoever prints without end is ended") {
    const TemporaryFolder folder;
    const Run endless = run("", script(folder.path() / "p", "yes garbage"));
    CHECK(endless.measurement.outcome == Outcome::lost);
    CHECK(endless.measurement.message == "more than 64 KB came back; it said 'garbage'");
    CHECK(endless.seconds < 5);
}

TEST_CASE("a runner that goes ends what it runs") {
    const TemporaryFolder folder;
    const std::string mark = folder.path() / "mark";
    {
        measure::Runner runner("", 20, int64_t{1} << 32);
        runner.start(script(folder.path() / "p", "sleep 1; touch " + mark));
    }
    usleep(1300000);
    CHECK_FALSE(std::filesystem::exists(mark));
}
