// What comes back of a run, read as a measurement or as the reason why there is none.
#include <doctest/doctest.h>

#include "generators/measure/run_output.h"

using namespace senetc;
using tune::Measurement;
using tune::Outcome;

namespace {

const std::string kOk =
    R"({"senetc_measurement":1,"status":"ok","message":"","error":0.25,"rounds":37,"stopped_early":true,)"
    R"("candidate":{"warm_us":12.5,"cold_us":20},"incumbent":{"warm_us":10,"cold_us":15}})";

Measurement read(const std::string& out, int status = 0, const std::string& err = "") {
    measure::RunOutput output;
    output.status = status;
    output.here = false;
    output.out = out;
    output.err = err;
    return measure::read_measurement(output);
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("one line of JSON is a measurement, whatever a board's shell prints around it") {
    for (const std::string& out : {kOk, kOk + "\n", "Welcome to the board\r\n{not json}\n" + kOk + "\r\nbye\n"}) {
        const Measurement m = read(out);
        INFO(m.message);
        REQUIRE(m.outcome == Outcome::ok);
        CHECK(m.candidate.warm == 12.5);
        CHECK(m.candidate.cold == 20);
        CHECK(m.incumbent.warm == 10);
        CHECK(m.incumbent.cold == 15);
        CHECK(m.error == 0.25);
        CHECK(m.stopped_early);
    }
}

TEST_CASE("without flushed caches there are warm times alone") {
    const Measurement m = read(replaced(replaced(kOk, ",\"cold_us\":20", ""), ",\"cold_us\":15", ""));
    REQUIRE(m.outcome == Outcome::ok);
    CHECK(m.candidate.cold == 0);
}

TEST_CASE("every status has its outcome, with the program's sentence") {
    const auto line = [](const std::string& status) {
        return R"({"senetc_measurement":1,"status":")" + status + R"(","message":"why"})";
    };
    const std::pair<const char*, Outcome> outcomes[] = {
        {"wrong", Outcome::wrong}, {"crash", Outcome::crash}, {"timeout", Outcome::timeout}, {"failed", Outcome::lost}};
    for (const auto& [status, outcome] : outcomes) {
        CHECK(read(line(status)).outcome == outcome);
        CHECK(read(line(status)).message == "why");
    }
    CHECK(read(line("splendid")).outcome == Outcome::lost);
}

TEST_CASE("a line that is nearly a measurement is none") {
    for (const auto& [what, by] : std::initializer_list<std::pair<const char*, const char*>>{
             {"\"warm_us\":12.5", "\"warm_us\":-1"},
             {"\"warm_us\":12.5", "\"warm_us\":0"},
             {"\"warm_us\":12.5", "\"warm_us\":\"12.5\""},
             {"\"warm_us\":12.5", "\"warm_us\":1e999"},
             {"\"warm_us\":12.5,", ""},
             {"\"cold_us\":20", "\"cold_us\":null"},
             {"\"error\":0.25,", ""},
             {"\"stopped_early\":true", "\"stopped_early\":1"},
             {"\"incumbent\":{\"warm_us\":10,\"cold_us\":15}", "\"incumbent\":[]"},
             {"\"status\":\"ok\",", ""},
             {"measurement\":1", "measurement\":2"},
             {"measurement\":1", "measurement\":\"1\""}}) {
        INFO(what, " -> ", by);
        const Measurement m = read(replaced(kOk, what, by));
        CHECK(m.outcome == Outcome::lost);
        CHECK_FALSE(m.message.empty());
    }
}

TEST_CASE("two measurements of one run are none, nor is a torn one, nor silence") {
    CHECK(read(kOk + "\n" + kOk).message == "2 measurements came back of one run");
    const Measurement torn = read(kOk.substr(0, 60));
    CHECK(torn.outcome == Outcome::lost);
    CHECK(torn.message.find("it said '{\"senetc_measurement\":1") != std::string::npos);
    const Measurement silence = read("");
    CHECK(silence.outcome == Outcome::lost);
    CHECK(silence.message == "the runner's command ended with status 0 and printed no measurement; it said nothing");
}

TEST_CASE("a command's own words are quoted, on one line and without control characters") {
    const Measurement m = read("", 255 << 8, "\nssh: connect to host board: No route\x1b[0m\nmore\n");
    CHECK(m.outcome == Outcome::lost);
    CHECK(m.message ==
          "the runner's command ended with status 255 and printed no measurement; it said 'ssh: connect to host board: "
          "No "
          "route?[0m'");
}

TEST_CASE("bytes of any kind are read without harm") {
    std::string bytes;
    for (int i = 0; i < 5000; ++i) bytes += static_cast<char>(i * 37 + i / 256);
    CHECK(read(bytes).outcome == Outcome::lost);
    CHECK(read(std::string(60000, '[')).outcome == Outcome::lost);
    CHECK(read(R"({"senetc_measurement":1,"status":"ok","x":")"
               "\xff\xfe"
               R"("})")
              .outcome == Outcome::lost);
    CHECK(read(bytes + "\n" + kOk).outcome == Outcome::ok);
}
