// inspect: how a network's kernels are cut into tasks, and how evenly that loads threads. All computed, nothing run.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "generators/compiler/command_options.h"
#include "generators/compiler/commands.h"
#include "generators/compiler/lower.h"
#include "models/error.h"
#include "models/passes/passes.h"
#include "models/weights/formula.h"
#include "schedules/parallel_loop.h"
#include "schedules/schedules.h"

namespace senetc {
namespace {

// Steps that share a stage, in the order of first use.
struct Row {
    const LoweredStep* step;
    int uses;
    ParallelLoop loop;
    double share;  // of the network's multiplications and additions
};

std::vector<Row> rows_of(const Lowered& lowered, int images) {
    std::vector<Row> rows;
    double total = 0;
    for (const LoweredStep& step : lowered.steps) {
        auto same = [&](const Row& row) { return row.step->stage == step.stage; };
        auto known = std::find_if(rows.begin(), rows.end(), same);
        if (known == rows.end()) {
            rows.push_back({&step, 0, parallel_loop(step.stage, step.schedule, images), 0});
            known = rows.end() - 1;
        }
        ++known->uses;
        known->share += double(flops(step.stage));
        total += double(flops(step.stage));
    }
    for (Row& row : rows) row.share /= total;
    return rows;
}

// "direct", or "F(4x4)".
std::string algorithm(const Schedule& schedule) {
    const auto m = schedule.params.find("winograd");
    return m == schedule.params.end() ? "direct" : fmt::format("F({0}x{0})", m->second);
}

class InspectCommand {
  public:
    explicit InspectCommand(CLI::App& app) {
        CLI::App& command = *app.add_subcommand(
            "inspect", "Show a network's stages: algorithm, schedule, and how evenly their tasks load threads");
        network_.add_to(command);
        variants_.add_to(command);
        command.add_option("--threads", threads_, "Numbers of threads, e.g. 2,4,8,16")
            ->delimiter(',')
            ->capture_default_str()
            ->check(CLI::Range(1, 1024));
        command.add_option("--batch", images_, "Images computed at once")
            ->capture_default_str()
            ->check(CLI::Range(1, 65536));
        command.footer(
            "Tasks of a stage are equal and handed out one by one. The columns are the work of the busiest thread "
            "over\n"
            "the mean: 1.00 is even, 2.00 leaves half of the threads' time unused. The last line is the most that the\n"
            "network can gain by threads: its time on one, over the sum of its busiest threads' times.");
        command.callback([this] { run(); });
    }

  private:
    void run() {
        const LoadedNetwork network = load_network(network_.request());
        const Graph graph = run_passes(bind_formula_weights(network.graph));
        for (const std::string& variant : variants_.variants()) {
            const Lowered lowered = lower(graph, [&](const Stage& stage) { return choose_schedule(stage, variant); });
            fmt::print("{}, variant {}, batch {}\n\n", network.description, variant, images_);
            print(rows_of(lowered, images_));
        }
    }

    void print(const std::vector<Row>& rows) const {
        fmt::print("{:<24} {:>4} {:>7} {:<8} {:>6} {:<6}", "first use", "uses", "work", "by", "tasks", "along");
        for (int threads : threads_) fmt::print(" {:>5}", fmt::format("x{}", threads));
        fmt::print("  stage by schedule\n");
        for (const Row& row : rows) {
            fmt::print("{:<24} {:>4} {:>6.2f}% {:<8} {:>6} {:<6}", row.step->name, row.uses, 100 * row.share,
                       algorithm(row.step->schedule), row.loop.tasks, row.loop.axis);
            for (int threads : threads_) fmt::print(" {:>5.2f}", imbalance(row.loop.tasks, threads));
            fmt::print("  {} by {}\n", to_string(row.step->stage), to_string(row.step->schedule));
        }
        fmt::print("{:<60}", "the network at most");
        for (int threads : threads_) fmt::print(" {:>5.2f}", speed_up(rows, threads));
        fmt::print("\n\n");
    }

    static double speed_up(const std::vector<Row>& rows, int threads) {
        double time = 0;
        for (const Row& row : rows) time += row.share * imbalance(row.loop.tasks, threads) / threads;
        return 1 / time;
    }

    NetworkFlags network_;
    VariantFlags variants_;
    std::vector<int> threads_ = {2, 4, 8, 16};
    int images_ = 1;
};

}  // namespace

void add_inspect_command(CLI::App& app) {
    static std::unique_ptr<InspectCommand> command;  // outlives parsing
    command = std::make_unique<InspectCommand>(app);
}

}  // namespace senetc
