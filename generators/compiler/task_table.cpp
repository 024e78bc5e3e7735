#include "generators/compiler/task_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "generators/compiler/inspect_stage.h"
#include "generators/compiler/step_schedules.h"
#include "schedules/parallel_loop.h"

namespace senetc {
namespace {

constexpr double kUneven = 1.15;    // imbalance that wants a reason
constexpr double kMatters = 0.005;  // share of the work from which on it does

// Steps that share a stage, in the order of first use.
struct Row {
    const TaskStep* step;
    int uses;
    ParallelLoop loop;
    double share;  // of the network's work
};

std::vector<Row> rows_of(const std::vector<TaskStep>& steps, int images) {
    std::vector<Row> rows;
    double total = 0;
    for (const TaskStep& step : steps) {
        auto same = [&](const Row& row) {
            return row.step->stage == step.stage && row.step->schedule == step.schedule;
        };
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

bool is_known(const Row& row) {
    return row.loop.tasks != 0;
}

// Of a convolution: "direct", or Winograd's F(m x m, 3 x 3) as "F(4x4)".
std::string algorithm(const TaskStep& step) {
    if (is_autoscheduled(step.schedule)) return "auto";
    if (step.stage.generator != "conv") return "";
    const int m = winograd_tile(step.schedule);
    return m == 0 ? "direct" : fmt::format("F({0}x{0})", m);
}

// "-" where an autoscheduler hides the tasks.
std::string imbalance_text(const Row& row, int threads) {
    return is_known(row) ? fmt::format("{:.2f}", imbalance(row.loop.tasks, threads)) : "-";
}

std::string speed_up(const std::vector<Row>& rows, int threads) {
    if (!std::all_of(rows.begin(), rows.end(), is_known)) return "-";
    double time = 0;
    for (const Row& row : rows) time += row.share * imbalance(row.loop.tasks, threads) / threads;
    return fmt::format("{:.2f}", 1 / time);
}

std::string reasons(const std::vector<Row>& rows, const std::vector<int>& threads) {
    std::string text;
    for (const Row& row : rows) {
        if (!is_known(row)) continue;
        const bool uneven =
            std::any_of(threads.begin(), threads.end(), [&](int n) { return imbalance(row.loop.tasks, n) > kUneven; });
        if (!uneven || row.share < kMatters) continue;
        if (text.empty()) text = fmt::format("\nabove {} because\n", kUneven);
        text +=
            fmt::format("{:<24} {}\n", row.step->name, explain_tasks(row.step->stage, row.step->schedule, row.loop));
    }
    return text;
}

}  // namespace

const char* const kTaskTableLegend =
    "One line for each distinct kernel, under the name of the first step that calls it. work is its share of the\n"
    "network's flops; kernels bound by memory count 4 for each byte they move. F(m x m) is Winograd's algorithm.\n\n"
    "Tasks are a kernel's equal parts, cut along images, bands of rows, or blocks of output channels; threads\n"
    "take them one by one. Imbalance is the work of the busiest thread over the mean: 1.00 is even, 2.00\n"
    "leaves half of the threads' time unused. Where it is above 1.15 and the kernel has more than 0.5 % of the\n"
    "work, a line below the table says why. 'speed-up at most' is the network's work on one thread over the\n"
    "sum of its kernels' busiest threads' work. How autoscheduled kernels are cut is not known here.";

std::string task_table(const std::vector<TaskStep>& steps, const std::vector<int>& threads, int images) {
    const std::vector<Row> rows = rows_of(steps, images);
    std::string text = fmt::format("{:59} imbalance by threads\n", "");
    text += fmt::format("{:<24} {:>4} {:>7} {:<9} {:>5} {:<7}", "first step", "uses", "work", "algorithm", "tasks",
                        "along");
    for (int n : threads) text += fmt::format(" {:>5}", n);
    text += "  kernel by schedule\n";
    for (const Row& row : rows) {
        text += fmt::format("{:<24} {:>4} {:>6.2f}% {:<9} {:>5} {:<7}", row.step->name, row.uses, 100 * row.share,
                            algorithm(*row.step), is_known(row) ? std::to_string(row.loop.tasks) : "-", row.loop.axis);
        for (int n : threads) text += fmt::format(" {:>5}", imbalance_text(row, n));
        text += fmt::format("  {} by {} ({})\n", to_string(row.step->stage), to_string(row.step->schedule),
                            row.step->source);
    }
    text += fmt::format("{:<61}", "speed-up at most");
    for (int n : threads) text += fmt::format(" {:>5}", speed_up(rows, n));
    std::map<std::string, int> sources;
    for (const Row& row : rows) ++sources[row.step->source];
    return text + fmt::format("\nschedules: {}\n", sources_text(sources)) + reasons(rows, threads);
}

}  // namespace senetc
