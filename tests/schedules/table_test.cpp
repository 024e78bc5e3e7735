// Tables of tuned schedules as text: what is written is read, and what can't be right is refused by file and line.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "generators/compiler/temporary_folder.h"
#include "models/error.h"
#include "schedules/tuned/shipped.h"
#include "schedules/tuned/table.h"
#include "tests/schedules/example.h"

using namespace senetc;
using namespace senetc::test;
namespace fs = std::filesystem;

namespace {

// The text of example_table, whose entry is line 8.
const std::string& text() {
    static const std::string printed = print(example_table());
    return printed;
}

std::string entry_line() {
    return text().substr(text().find("avx512 |"));
}

std::string error_of(const std::string& table) {
    try {
        parse_table(table, "a.table");
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

void check_equal(const ScheduleTable& a, const ScheduleTable& b) {
    CHECK(a.target == b.target);
    CHECK(a.cpu == b.cpu);
    CHECK(a.machine == b.machine);
    CHECK(a.threads == b.threads);
    REQUIRE(a.entries.size() == b.entries.size());
    for (size_t i = 0; i < a.entries.size(); ++i) {
        const TableEntry &x = a.entries[i], &y = b.entries[i];
        CHECK(x.variant == y.variant);
        CHECK(x.algorithm_hash == y.algorithm_hash);
        CHECK(x.stage == y.stage);
        CHECK(x.schedule == y.schedule);
        CHECK(x.us == y.us);
        CHECK(x.hand_us == y.hand_us);
    }
}

}  // namespace

TEST_CASE("what is printed is parsed to the same, and entries know their lines") {
    ScheduleTable table = example_table();
    table.threads = 4;
    table.entries.push_back(table.entries[0]);
    table.entries[1].variant = "avx2";
    table.entries[1].schedule = example_winograd();
    const ScheduleTable read = parse_table(print(table), "a.table");
    check_equal(read, table);
    CHECK(read.file == "a.table");
    CHECK(read.entries[0].line == 8);
    CHECK(read.entries[1].line == 9);
}

TEST_CASE("a table without entries is one, as are comments, empty lines and the ends of lines of other systems") {
    CHECK(parse_table(text().substr(0, text().find("avx512 |")), "a.table").entries.empty());
    std::string other = "# mine\n\n" + text() + "  \t\n# end";
    for (size_t at = 0; (at = other.find('\n', at)) != std::string::npos; at += 2) other.replace(at, 1, "\r\n");
    check_equal(parse_table(other, "a.table"), example_table());
}

TEST_CASE("what is written is read, by a new file or over an old one") {
    const TemporaryFolder folder;
    const std::string path = folder.path() / "a.table";
    for (const int threads : {1, 2}) {
        ScheduleTable table = example_table();
        table.threads = threads;
        write_table(path, table);
        check_equal(read_table(path), table);
    }
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("files that are none are refused: missing, folders, empty, binary, huge") {
    const TemporaryFolder folder;
    const std::string file = folder.path() / "a.table";
    const auto error = [&](const std::string& path) {
        try {
            read_table(path);
        } catch (const Error& problem) {
            return std::string(problem.what());
        }
        return std::string("no error");
    };
    const auto says = [&](const std::string& path, const char* part) {
        const std::string sentence = error(path);
        CHECK_MESSAGE(sentence.starts_with(path), sentence);
        CHECK_MESSAGE(sentence.find(part) != std::string::npos, sentence);
    };
    says(folder.path() / "none.table", "can't be read: No such file");
    says(folder.path(), "this is a folder");
    std::ofstream(file).close();
    says(file, "it is empty");
    std::ofstream(file) << "\x7f" << std::string("ELF\x02\0\0\0", 7);
    says(file, ":1: it has bytes that are no text");
    fs::resize_file(file, uintmax_t{1} << 40);
    says(file, "MB are no table");
    CHECK_THROWS_WITH_AS(write_table(folder.path() / "none" / "a.table", example_table()),
                         doctest::Contains("is the folder there"), Error);
}

TEST_CASE("a wrong header is refused with its line and a way out") {
    struct Case {
        const char *part, *by, *sentence;
    };
    for (const Case& c : {
             Case{"senetc-schedules 1", "senetc-schedules 2", "a.table:1: it is a table of version '2'"},
             {"senetc-schedules 1", "senetc-schedules", "a.table:1: it is a table of version ''"},
             {"senetc-schedules 1", "{\"entries\": []}", "a.table:1: it doesn't begin with 'senetc-schedules 1'"},
             {"target x86-64", "target riscv",
              "a.table:2: there is no target 'riscv'; the targets are x86-64, x86-64-cuda, arm-64"},
             {"target x86-64", "# none", "a line 'target ...' is missing"},
             {"cpu sapphirerapids", "# none", "a line 'cpu ...' is missing"},
             {"cpu sapphirerapids", "cpu", "a.table:3: 'cpu' has no value"},
             {"cpu sapphirerapids", "cpus two", "a.table:3: 'cpus' is neither target, cpu"},
             {"cpu sapphirerapids", "target x86-64", "a.table:3: 'target' is given twice"},
             {"threads 1", "threads none", "a.table:5: 'none' is not a whole number"},
             {"threads 1", "threads 0", "a.table:5: threads must be at least 1"},
         }) {
        const std::string sentence = error_of(replaced(text(), c.part, c.by));
        CHECK_MESSAGE(sentence.find(c.sentence) != std::string::npos, sentence);
    }
    CHECK(error_of("senetc-schedules 1\n") == "a.table:1: before the entries a line 'target ...' is missing; add it");
}

TEST_CASE("schedules for GPUs are refused as entries of a CPU's") {
    const std::string gpu = "direct block=2 block_k=1 by_rows=1 tile_c=4 tile_k=2 tile_x=7 tile_y=1";
    for (const std::string& schedule : {gpu, std::string("Anderson2021 parallelism=132")}) {
        const std::string sentence = error_of(replaced(text(), to_string(example_direct()), schedule));
        CHECK_MESSAGE(sentence.starts_with("a.table:8: "), sentence);
        CHECK_MESSAGE(sentence.find("for GPUs alone; mend the line") != std::string::npos, sentence);
    }
}

TEST_CASE("a wrong entry is refused with its line and a way out") {
    struct Case {
        const char *part, *by, *sentence;
    };
    for (const Case& c : {
             Case{"avx512 |", "neon |", "x86-64 has no variant 'neon'; it has avx512, avx2"},
             {"avx512 |", "",
              "an entry has six fields between '|' (variant, hash, stage, schedule, two times), and "
              "this has 5"},
             {"avx512 |", "avx512 | |", "and this has 7"},
             {"| conv act", "| con act", "no generator is called 'con'; there are batch_norm, conv,"},
             {"ci=32", "ci=0", "ci=0 is outside 1 to"},
             {"ci=32", "ci=thirty", "'thirty' is not a whole number"},
             {"ci=32 ", "", "'ci' is missing"},
             {"ci=32 ", "ci=32 cin=32 ", "conv has no parameter 'cin'"},
             {"act=relu", "act=swish", "act=swish is none of none, relu, sigmoid"},
             {"| direct axis", "| | axis", "and this has 7"},
             {"| direct axis", "| strassen axis", "no algorithm is called 'strassen'"},
             {"tile_x=7", "tile_x=15", "tile_x=15 is outside 1 to 14"},
             {"tile_x=7 ", "", "'tile_x' is missing"},
             {"tile_x=7 ", "tile_x=7 tile_z=1 ", "direct of conv has no number 'tile_z'"},
             {"tile_x=7 ", "tile_x=7 tile_x=7 ", "'tile_x' is given twice"},
             {"20.500", "fast", "'fast' is no time in microseconds"},
             {"20.500", "-1", "'-1' is no time in microseconds"},
             {"24.125", "inf", "'inf' is no time in microseconds"},
         }) {
        const std::string sentence = error_of(replaced(text(), entry_line(), replaced(entry_line(), c.part, c.by)));
        CHECK_MESSAGE(sentence.starts_with("a.table:8: "), sentence);
        CHECK_MESSAGE(sentence.find(c.sentence) != std::string::npos, sentence);
        CHECK_MESSAGE(sentence.ends_with("; mend the line or take it out"), sentence);
    }
    const std::string hash = example_table().entries[0].algorithm_hash;
    CHECK(error_of(replaced(text(), hash, hash.substr(1))).find("is no hash of 16") != std::string::npos);
    CHECK(error_of(text() + "threads 2\n").find("a.table:9: 'threads' must stand before all entries") !=
          std::string::npos);
}

TEST_CASE("a table for the target that has CPUs and GPUs has entries for CPUs alone") {
    const std::string both = replaced(text(), "target x86-64\n", "target x86-64-cuda\n");
    CHECK(parse_table(both, "a.table").entries.size() == 1);
    CHECK(
        error_of(replaced(both, "avx512 |", "cuda |")).find("'cuda' is for GPUs, which tables have no schedules for") !=
        std::string::npos);
}

TEST_CASE("the same entry twice is taken once; another schedule for the same stage and variant conflicts") {
    CHECK(parse_table(text() + entry_line(), "a.table").entries.size() == 1);
    const std::string other = replaced(entry_line(), "tile_x=7", "tile_x=14");
    CHECK(
        error_of(text() + other) ==
        "a.table:9: it conflicts with line 8, which has another schedule or hash for the same variant and stage; keep "
        "the faster one; mend the line or take it out");
    CHECK(parse_table(text() + replaced(other, "avx512", "avx2"), "a.table").entries.size() == 2);
}

TEST_CASE("a table cut anywhere, or with any byte changed, is read or refused with a sentence that names it") {
    for (size_t length = 0; length < text().size(); ++length) {
        const std::string sentence = error_of(text().substr(0, length));
        CHECK_MESSAGE((sentence == "no error" || sentence.starts_with("a.table:")), sentence);
    }
    for (size_t at = 0; at < text().size(); ++at) {
        std::string changed = text();
        changed[at] = char(changed[at] ^ (1 + at % 127));
        const std::string sentence = error_of(changed);
        CHECK_MESSAGE((sentence == "no error" || sentence.starts_with("a.table:")), sentence);
    }
}

TEST_CASE("the tables that senetc has can be read, one for a CPU, and need no files of their own") {
    for (const ScheduleTable& table : shipped_tables()) {
        INFO(table.file);
        CHECK(shipped_table(table.target, table.cpu) == &table);
        CHECK(table.file == fmt::format("{}-{}.table", table.target, table.cpu));
        for (const TableEntry& entry : table.entries) CHECK(entry.schedule.params.count("weights") == 0);
    }
    CHECK(shipped_table("x86-64", "no_such_cpu") == nullptr);
}
