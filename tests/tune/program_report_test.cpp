// senetc tune report and senetc tune check as users meet them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "generators/tune/journal.h"
#include "tests/programs/programs.h"

using namespace senetc;
using namespace senetc::test;
using namespace senetc::tune;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// A run of one stage that found something 10 % faster, and was killed while it wrote its next line.
std::string write_journal(const TemporaryFolder& folder) {
    JournalHeader header;
    header.senetc = "0.1.0";
    header.network = "toy";
    header.target = "x86-64";
    header.variants = {"avx2"};
    header.strategy = "search";
    const Schedule hand{"direct", {{"parallel", 0}, {"tile_k", 1}}}, other{"direct", {{"parallel", 0}, {"tile_k", 2}}};
    header.stages = {
        {parse_stage("dense act=none in=64 logits=1 out=10"), "avx2", "fc", 2, hand, "0123456789abcdef", {}}};
    JournalRecord record;
    record.schedule = other;
    record.origin = "random";
    record.at = 7;
    record.measurement.candidate.warm = 9;
    record.measurement.incumbent.warm = 10;
    const std::string path = folder.path() / "toy.journal";
    std::ofstream(path) << line_of(header) << "\n" << line_of(record) << "\n" << line_of(record).substr(0, 40);
    return path;
}

}  // namespace

TEST_CASE("a report is a table on standard output, or files; of a run that is still written, too") {
    const TemporaryFolder folder;
    const std::string journal = write_journal(folder), page = folder.path() / "r.html", table = folder.path() / "r.md";
    const test::Outcome printed = run("{senetc} tune report " + journal);
    CHECK_MESSAGE(printed.status == 0, printed.errors);
    CHECK(has(printed.output, "| fc | dense, 64 to 10 channels | 2 | 10.0 |  | 9.0 | -10.0 % |"));
    const test::Outcome written =
        run(fmt::format("{{senetc}} tune report {} --html {} --markdown {}", journal, page, table));
    CHECK(written.output == page + "\n" + table + "\n");
    CHECK(read_text(table) == printed.output);
    CHECK(read_text(page).starts_with("<!DOCTYPE html>"));
}

TEST_CASE("what can't be reported or checked costs one sentence") {
    const TemporaryFolder folder;
    const std::string journal = write_journal(folder), text = folder.path() / "text", arm = folder.path() / "arm.table";
    std::ofstream(text) << "no journal\n";
    std::ofstream(arm) << "senetc-schedules 1\ntarget arm-64\ncpu cortex-a76\nmachine a board\nthreads 1\n";
    const std::pair<std::string, const char*> cases[] = {
        {"report", "journal is required"},
        {"report nowhere.journal", "does not exist"},
        {"report " + text, "text:1: no line of a journal"},
        {"report " + journal + " --html /proc/nowhere/r.html", "--html /proc/nowhere/r.html: it can't be written"},
        {"check nowhere.table se_resnet20_cifar", "does not exist"},
        {"check " + text + " se_resnet20_cifar", "text:1"},
        {"check " + arm + " se_resnet20_cifar", "--runner"},
    };
    for (const auto& [arguments, sentence] : cases) {
        const test::Outcome outcome = run("{senetc} tune " + arguments);
        INFO(arguments, " -> ", outcome.errors);
        CHECK(outcome.status == 2);
        CHECK(outcome.output.empty());
        CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
        CHECK(has(outcome.errors, sentence));
    }
}

TEST_CASE("a table without entries has nothing to check") {
    const TemporaryFolder folder;
    const std::string table = folder.path() / "empty.table";
    std::ofstream(table) << "senetc-schedules 1\ntarget x86-64\ncpu znver4\nmachine a server\nthreads 1\n";
    const test::Outcome outcome = run("{senetc} tune check " + table + " se_resnet20_cifar");
    CHECK_MESSAGE(outcome.status == 0, outcome.errors);
    CHECK(outcome.output == table + " has no entries\n");
}
