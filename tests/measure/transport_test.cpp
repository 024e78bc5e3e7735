// The commands of docs/distributed-tuning.md, as they stand there, with stand-ins for ssh, srun and docker that do with
// their arguments what those do.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/measure/bench.h"

using namespace senetc;
using namespace senetc::test;
using tune::Measurement;
using tune::Outcome;

namespace {

// What comes after --runner on indented lines: one word of a shell, quotes and all.
std::vector<std::string> documented_runners() {
    std::ifstream page(SENETC_SOURCE "/docs/distributed-tuning.md");
    std::vector<std::string> runners;
    for (std::string line; std::getline(page, line);) {
        const size_t at = line.find("--runner ");
        if (!line.starts_with("    ") || at == std::string::npos) continue;
        std::string word = line.substr(at + 9);
        if (const size_t more = word.find(" --runner"); more != std::string::npos) word.resize(more);
        runners.push_back(word);
    }
    return runners;
}

// As a shell would read it; in the project's folder.
std::string unquoted(const std::string& word) {
    FILE* shell = popen(fmt::format("printf %s {}", word).c_str(), "r");
    std::string text;
    for (int c; (c = std::fgetc(shell)) != EOF;) text += static_cast<char>(c);
    REQUIRE(pclose(shell) == 0);
    return text;
}

// Puts them before the real ones.
class StandIns {
  public:
    explicit StandIns(const std::string& log) : path_before_(std::getenv("PATH")) {
        setenv("STAND_INS_LOG", log.c_str(), 1);
        setenv("PATH", fmt::format("{}/tests/measure/stand_ins:{}", SENETC_SOURCE, path_before_).c_str(), 1);
    }
    ~StandIns() { setenv("PATH", path_before_.c_str(), 1); }

  private:
    std::string path_before_;
};

bool installed(const std::string& command) {
    return std::system(fmt::format("command -v {} >/dev/null", command).c_str()) == 0;
}

}  // namespace

TEST_CASE("every --runner of the documents measures") {
    const Bench bench;
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(SENETC_SOURCE);
    const StandIns stand_ins(bench.folder() / "log");
    const tune::Candidate candidate = bench.faulty(Fault::none);
    std::map<std::string, int> tried;
    for (const std::string& word : documented_runners()) {
        const std::string command = unquoted(word), first = command.substr(0, command.find(' '));
        // Other machines, and programs that tests don't bring along.
        if (first == "qemu-aarch64" || first == "python3" || first == "parallel") continue;
        INFO(word, " = ", command);
        REQUIRE(installed(first));
        tune::MachineOptions options = quick();
        options.runners = {command};
        const Measurement m = bench.measure(candidate, options);
        INFO(m.message);
        CHECK(m.outcome == Outcome::ok);
        ++tried[first];
    }
    std::filesystem::current_path(before);
    std::filesystem::remove("/tmp/measure");  // the page's copy
    CHECK(tried["docs/runners/ssh_runner"] == 2);
    CHECK(tried["srun"] == 2);
    CHECK(tried["docker"] == 1);
    CHECK(tried["sh"] == 1);
    std::ifstream log(bench.folder() / "log");
    std::ostringstream calls;
    calls << log.rdbuf();
    CHECK(calls.str() == "ssh board\nssh pi@board\ndocker\nsrun\nsrun\n");
}
