// Where schedules come from, as senetc's users say it: --schedule, --schedule-stage, --fallback, --cpu.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>

#include "generators/compiler/algorithm_hash.h"
#include "generators/inspect/library.h"
#include "models/error.h"
#include "schedules/hand/choose.h"
#include "schedules/tuned/table.h"
#include "tests/programs/programs.h"

using namespace senetc;
using namespace senetc::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* kStep = "layer2.1.conv1";  // hand's rules say Winograd, and layer2.2.conv1 is the same stage
constexpr const char* kVariant = "avx2";

const PlanStep& step_of(const inspect::Library& library, const std::string& name) {
    for (const PlanStep& step : library.plan.variants[0].steps)
        if (step.name == name) return step;
    throw std::logic_error("no step " + name);
}

// The direct convolution for kStep's stage.
ScheduleTable table() {
    static const Stage stage = [] {
        const inspect::Library library = inspect::read_library(trained_library());
        return parse_stage(step_of(library, kStep).kernel);
    }();
    const Schedule direct = choose_direct_conv(stage, find_variant(kVariant));
    ScheduleTable table;
    table.target = "x86-64", table.cpu = "sapphirerapids", table.machine = "a test";
    table.entries.push_back({kVariant, algorithm_hash(stage, direct, kVariant), stage, direct, 10, 12, 0});
    return table;
}

// A folder with tables: mine.table, which is right, and others, each wrong in its own way.
class Tables {
  public:
    Tables() {
        write_table(path("mine.table"), table());
        ScheduleTable other = table();
        other.entries[0].algorithm_hash = "0123456789abcdef";
        write_table(path("stale.table"), other);
        std::ofstream(path("corrupt.table")) << read_text(path("mine.table")) << "avx2 | 01\n";
        other = table();
        other.entries.push_back(other.entries[0]);
        other.entries[1].schedule.params["tile_x"] = 1;
        write_table(path("conflict.table"), other);
        other = table();
        other.target = "arm-64", other.cpu = "neoverse-n1", other.entries.clear();
        write_table(path("foreign.table"), other);
    }
    std::string path(const std::string& name) const { return folder_.path() / name; }

    Outcome build(const std::string& flags, const std::string& output = "dist") const {
        const bool has_variants = flags.find("--variants") != std::string::npos;
        return run(fmt::format("{{senetc}} build se_resnet20_cifar --weights {} -o {} {} {}", kTrainedWeights,
                               path(output), flags, has_variants ? "" : fmt::format("--variants {}", kVariant)));
    }
    std::string library(const std::string& output = "dist") const {
        return path(output) + "/x86-64/libse_resnet20_cifar.so";
    }

  private:
    TemporaryFolder folder_;
};

void check_right(const std::string& library) {
    const Outcome verified = run(fmt::format("{{senetc}} verify {} --weights {}", library, kTrainedWeights));
    CHECK_MESSAGE(verified.status == 0, verified.output, verified.errors);
}

void check_says(const Outcome& outcome, int status, const std::string& part) {
    INFO(outcome.output, outcome.errors);
    CHECK(outcome.status == status);
    CHECK((outcome.output + outcome.errors).find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("a table's schedules are used for its stages; build, inspect and info say so, and the results are right") {
    const Tables tables;
    check_says(tables.build("--schedule tuned:" + tables.path("mine.table")), 0,
               "schedules: 24 hand, 1 tuned:mine.table\n");
    const inspect::Library library = inspect::read_library(tables.library());
    CHECK(step_of(library, kStep).schedule == to_string(table().entries[0].schedule));
    CHECK(step_of(library, kStep).schedule_source == "tuned:mine.table");
    CHECK(step_of(library, "conv1").schedule_source == "hand");
    check_says(run("{senetc} inspect " + tables.library()), 0, "schedules    avx2: 24 hand, 1 tuned:mine.table");
    check_says(run("{senetc} inspect " + tables.library()), 0, " (tuned:mine.table)\n");
    check_says(run("{senet} info " + tables.library()), 0, "41 steps, schedules: 24 hand, 1 tuned:mine.table");
    check_says(run("{senet} info " + tables.library()), 0, " --schedule tuned:mine.table\n");
    check_says(run("{senetc} inspect se_resnet20_cifar --variants avx2 --schedule tuned:" + tables.path("mine.table")),
               0, "schedules: 22 hand, 1 tuned:mine.table");
    check_right(tables.library());
}

TEST_CASE("one step may have a source of its own, though others share its stage") {
    const Tables tables;
    const std::string of_step = fmt::format("--schedule-stage {}=tuned:{}", kStep, tables.path("mine.table"));
    check_says(tables.build(of_step), 0, "schedules: 26 hand, 1 tuned:mine.table\n");
    const inspect::Library library = inspect::read_library(tables.library());
    CHECK(step_of(library, kStep).schedule_source == "tuned:mine.table");
    CHECK(step_of(library, "layer2.2.conv1").schedule_source == "hand");
    CHECK(step_of(library, "layer2.2.conv1").kernel == step_of(library, kStep).kernel);
    CHECK(step_of(library, "layer2.2.conv1").entry != step_of(library, kStep).entry);
    check_right(tables.library());

    const std::string others =
        fmt::format("--schedule tuned:{} --schedule-stage {}=hand", tables.path("mine.table"), kStep);
    REQUIRE(tables.build(others, "others").status == 0);
    CHECK(step_of(inspect::read_library(tables.library("others")), kStep).schedule_source == "hand");
    CHECK(step_of(inspect::read_library(tables.library("others")), "layer2.2.conv1").schedule_source ==
          "tuned:mine.table");
}

TEST_CASE("a source that can't be used costs one sentence, and nothing is left") {
    const Tables tables;
    struct Bad {
        std::string flags, sentence;
    };
    const std::string tuned = "--schedule tuned:" + tables.path("");
    for (const Bad& bad : {
             Bad{tuned + "none.table", "none.table: can't be read: No such file"},
             {tuned + "corrupt.table", "corrupt.table:9: an entry has six fields"},
             {tuned + "conflict.table", "conflict.table:9: it conflicts with line 8"},
             {tuned + "foreign.table", "its schedules are for arm-64, and the target is x86-64"},
             {tuned + "mine.table --cpu znver4", "measured on sapphirerapids, and --cpu says znver4"},
             {tuned + "stale.table", "stale.table:8: the entry of avx2 for 'conv act=relu"},
             {tuned + "stale.table", "is stale: it was measured for the algorithm 0123456789abcdef"},
             {"--schedule mine", "--schedule mine: there is no such source; write hand, auto:NAME"},
             {"--schedule auto:Adams", "--schedule auto:Adams: "},
             {"--schedule-stage conv1", "write STEP=SOURCE"},
             {"--schedule-stage layer2.1.conv=hand", "did you mean one of layer2.1.conv1, layer2.1.conv2"},
             {"--schedule-stage nonsense_step=hand", "its steps are input, conv1, layer1.0.conv1"},
             {"--schedule-stage conv1=hand --schedule-stage conv1=hand", "the step conv1 is given twice"},
             {"--cpu z80", "LLVM knows no such CPU of x86-64; any name of LLVM's will do"},
             {"--cpu cortex-a76", "LLVM knows no such CPU of x86-64"},
             {"--cpu znver4 --target x86-64,arm-64 --variants avx2,neon", "a CPU is of one target"},
             {"--cpu native --target arm-64 --variants neon", "this machine is none of arm-64's"},
         }) {
        INFO(bad.flags);
        check_says(tables.build(bad.flags), 2, bad.sentence);
        CHECK(!fs::exists(tables.path("dist")));
    }
}

TEST_CASE("with --fallback a stale entry is named in a note, and its stage gets hand's schedule") {
    const Tables tables;
    const Outcome built = tables.build("--fallback --schedule tuned:" + tables.path("stale.table"));
    check_says(built, 0, "schedules: 26 hand\n");
    CHECK(built.errors.find("stale.table:8: the entry of avx2 for 'conv") != std::string::npos);
    check_right(tables.library());
}

TEST_CASE("a step whose schedule can't be compiled is named; with --fallback it gets hand's") {
    const Tables tables;
    const std::string fails = "--schedule-stage layer1.0.conv1=auto:Adams2019,weights=5";  // a file that isn't there
    check_says(tables.build(fails), 2, "layer1.0.conv1 (avx2, 'conv act=relu");
    check_says(tables.build(fails), 2, "can't be compiled by auto:Adams2019");
    CHECK(!fs::exists(tables.path("dist")));
    const Outcome built = tables.build(fails + " --fallback");
    check_says(built, 0, "schedules: 26 hand\n");
    CHECK(built.errors.find("note: layer1.0.conv1 (avx2, 'conv act=relu") != std::string::npos);
    CHECK(built.errors.find("it gets hand's schedule") != std::string::npos);
    check_right(tables.library());
}

TEST_CASE("a CPU that senetc has no table for gets hand's schedules, and the library says which CPU it is for") {
    const Tables tables;
    check_says(tables.build("--cpu haswell"), 0, "schedules: 26 hand\n");
    check_says(run("{senet} info " + tables.library()), 0, " --cpu haswell\n");
    check_says(tables.build("--cpu native"), 0, "schedules: ");
}
