// inspect: how a network's kernels are cut into tasks, and how evenly that loads threads. All computed, nothing run.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "generators/compiler/command_options.h"
#include "generators/compiler/commands.h"
#include "generators/compiler/inspect_stage.h"
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
    double share;  // of the network's work
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
        const double amount = work(step.stage, step.schedule);
        known->share += amount;
        total += amount;
    }
    for (Row& row : rows) row.share /= total;
    return rows;
}

// Of a convolution: "direct", or Winograd's F(m x m, 3 x 3) as "F(4x4)".
std::string algorithm(const LoweredStep& step) {
    if (step.stage.generator != "conv") return "";
    const int m = winograd_tile(step.schedule);
    return m == 0 ? "direct" : fmt::format("F({0}x{0})", m);
}

constexpr double kUneven = 1.15;    // imbalance that wants a reason
constexpr double kMatters = 0.005;  // share of the work from which on it does

class InspectCommand {
  public:
    explicit InspectCommand(CLI::App& app) {
        CLI::App& command = *app.add_subcommand(
            "inspect", "Show a network's kernels: algorithm, schedule, and how evenly their tasks load threads");
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
            "One line for each distinct kernel, under the name of the first step that calls it. work is its share of "
            "the\n"
            "network's flops; kernels bound by memory count 4 for each byte they move. F(m x m) is Winograd's "
            "algorithm.\n\n"
            "Tasks are a kernel's equal parts, cut along images, bands of rows, or blocks of output channels; threads\n"
            "take them one by one. Imbalance is the work of the busiest thread over the mean: 1.00 is even, 2.00\n"
            "leaves half of the threads' time unused. Where it is above 1.15 and the kernel has more than 0.5 % of "
            "the\n"
            "work, a line below the table says why. 'speed-up at most' is the network's work on one thread over the\n"
            "sum of its kernels' busiest threads' work.");
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
        fmt::print("{:58} imbalance by threads\n", "");
        fmt::print("{:<24} {:>4} {:>7} {:<9} {:>5} {:<6}", "first step", "uses", "work", "algorithm", "tasks", "along");
        for (int threads : threads_) fmt::print(" {:>5}", threads);
        fmt::print("  kernel by schedule\n");
        for (const Row& row : rows) {
            fmt::print("{:<24} {:>4} {:>6.2f}% {:<9} {:>5} {:<6}", row.step->name, row.uses, 100 * row.share,
                       algorithm(*row.step), row.loop.tasks, row.loop.axis);
            for (int threads : threads_) fmt::print(" {:>5.2f}", imbalance(row.loop.tasks, threads));
            fmt::print("  {} by {}\n", to_string(row.step->stage), to_string(row.step->schedule));
        }
        fmt::print("{:<60}", "speed-up at most");
        for (int threads : threads_) fmt::print(" {:>5.2f}", speed_up(rows, threads));
        fmt::print("\n");
        print_reasons(rows);
        fmt::print("\n");
    }

    void print_reasons(const std::vector<Row>& rows) const {
        bool any = false;
        for (const Row& row : rows) {
            const bool uneven = std::any_of(threads_.begin(), threads_.end(),
                                            [&](int threads) { return imbalance(row.loop.tasks, threads) > kUneven; });
            if (!uneven || row.share < kMatters) continue;
            if (!any) fmt::print("\nabove {} because\n", kUneven);
            any = true;
            fmt::print("{:<24} {}\n", row.step->name, explain_tasks(row.step->stage, row.step->schedule, row.loop));
        }
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
