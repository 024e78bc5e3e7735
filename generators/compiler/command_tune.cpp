#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <memory>

#include "generators/compiler/algorithm_hash.h"
#include "generators/compiler/command_options.h"
#include "generators/compiler/commands.h"
#include "generators/compiler/hash.h"
#include "generators/compiler/parse_duration.h"
#include "generators/compiler/targets.h"
#include "generators/inspect/cpus.h"
#include "generators/tune/live_view.h"
#include "generators/tune/machine_evaluator.h"
#include "generators/tune/network_check.h"
#include "generators/tune/session.h"
#include "generators/tune/stop_signals.h"
#include "generators/tune/tuning_stages.h"
#include "models/error.h"
#include "models/graph/print.h"
#include "models/passes/passes.h"
#include "models/weights/formula.h"
#include "runtime/measure/fma_peak.h"

namespace senetc {

using namespace senetc::tune;

namespace {

constexpr double kUsualBudget = 20 * 60;  // seconds
constexpr int kAhead = 2;                 // candidates that are compiled while others are measured
constexpr int64_t kUnknownL2 = 1 << 20;   // bytes, of another machine

// Every path that isn't named begins with it: "se_resnet50-x86-64.journal".
std::string default_path(const LoadedNetwork& network, const std::string& target, const char* ending) {
    return fmt::format("{}-{}{}", network.graph.name, target, ending);
}

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// What a table says of a schedule, in short.
std::string short_form(const Schedule& schedule) {
    const int m = winograd_tile(schedule);
    return m == 0 ? schedule.algorithm : fmt::format("F({0}x{0})", m);
}

class TuneCommand {
  public:
    explicit TuneCommand(CLI::App& app) {
        CLI::App& command = *app.add_subcommand(
            "tune",
            "Find the fastest schedule of every distinct stage of a network by measuring, and write a table of "
            "them for senetc build --schedule tuned:FILE");
        network_.add_to(command);
        command.get_option("network")->required(false);
        targets_.add_to(command);
        add_limits(command);
        add_measuring(command);
        add_files(command);
        add_tune_check_command(command);
        add_tune_report_command(command);
        command.callback([this, &command] {
            if (command.get_subcommands().empty()) run();
        });
    }

  private:
    void add_limits(CLI::App& command) {
        command.add_option("--budget", budget_, "Time to spend, e.g. 90s, 20m or 2h; 20m unless --trials is given");
        command.add_option("--trials", trials_, "Candidates to measure at most, besides hand's own and the finalists")
            ->check(CLI::Range(1, 100'000'000));
        command.add_option("--stages", only_, "Only stages whose text, or a step's name, contains one of these")
            ->delimiter(',');
        command
            .add_option("--strategy", strategy_,
                        "search, or exhaustive: every schedule of the space; best with --stages")
            ->check(CLI::IsMember({"search", "exhaustive"}))
            ->capture_default_str();
        command.add_option("--autoschedulers", autoschedulers_, "Halide's, to try for every stage, too: Adams2019")
            ->delimiter(',');
        command.add_option("--seed", seed_, "Of the random draws")->capture_default_str();
        command.add_option("--seed-from", seed_from_, "A journal whose best schedules are tried first; again for more");
    }

    void add_measuring(CLI::App& command) {
        command.add_option("--threads", threads_, "Threads of every call that is timed")
            ->check(CLI::Range(1, 1024))
            ->capture_default_str();
        command.add_option("--batch", batch_, "Images of every call that is timed")
            ->check(CLI::Range(1, 1024))
            ->capture_default_str();
        command.add_option(
            "--runner", runners_,
            "A command that runs a program, its last word, on the machine to tune for, e.g. 'ssh board'; "
            "again for more such machines");
        command.add_option("--cpu", cpu_, "The CPU to tune for, by LLVM's name; this machine's, unless --runner");
        command
            .add_option("--check-seconds", check_seconds_,
                        "How long to time the whole network, tuned against hand, before each decision; 0: not at all")
            ->check(CLI::Range(0.0, 3600.0))
            ->capture_default_str();
        cache_.add_to(command);
    }

    void add_files(CLI::App& command) {
        command.add_option("--journal", journal_,
                           "What was measured; a run goes on with it. <network>-<target>.journal");
        command.add_option("--output,-o", output_, "The table. <network>-<target>.table");
        command.add_flag("--dry-run", dry_run_,
                         "Show the stages, the sizes of their spaces and the plan; measure nothing");
    }

    void run() {
        if (network_.source().empty())
            throw Error("tune wants a network by name (senetc list), or a .graph file; senetc tune --help shows more");
        const LoadedNetwork network = load_network(network_.request());
        const ChosenTarget target = one_target();
        const Graph graph = run_passes(bind_formula_weights(network.graph));
        const std::vector<StageTask> stages =
            tuning_stages(graph, {target.variants, only_, autoschedulers_, {threads_, batch_}});
        if (dry_run_) return show_plan(stages);
        if (strategy_ == "exhaustive" && only_.empty())
            throw Error(
                "--strategy exhaustive measures whole spaces: name the stages with --stages, or all with --stages =");
        SessionRequest request{header(network, graph, target, stages),
                               stages,
                               journal_path(network, target),
                               {seed_from_.begin(), seed_from_.end()},
                               output_path(network, target)};
        const std::string output = request.output;
        const int64_t bytes = weight_bytes(graph, target.variants.front());
        const SessionReport report = measure(find_target(target.name), std::move(request), bytes);
        if (report.end == TunerEnd::finished && check_seconds_ > 0) check(network, report.table, output);
    }

    SessionReport measure(const TargetInfo& target, SessionRequest request, int64_t network_bytes) {
        const std::string journal = request.journal.string(), output = request.output;
        const StopSignals signals;
        LiveView view({request.asked.peaks.fma_gflops * threads_, batch_, 0.1, {}, {}});
        Session session(std::move(request), view);
        MachineOptions options;
        options.runners = runners_;
        options.threads = threads_, options.images = batch_, options.cold = session.header().cold;
        options.network_bytes = uint64_t(network_bytes);
        options.weights_folder = std::filesystem::absolute(journal).parent_path();
        AdamsModel adams(cache_.open(), options.weights_folder);
        MachineEvaluator evaluator(target, cache_.open(), options);
        const SessionReport report =
            session.run({evaluator, view, seconds_now, StopSignals::came, &adams}, algorithm_hash);
        show_result(session.header(), report);
        const bool interrupted = report.end == TunerEnd::interrupted;
        fmt::print("{}: {} entries{}\n", output, report.table.entries.size(),
                   interrupted ? fmt::format(" so far; the same command goes on from {}", journal) : "");
        return report;
    }

    // The last word is the whole network's: entries that don't help there are dropped.
    void check(const LoadedNetwork& network, const ScheduleTable& table, const std::string& output) {
        NetworkTiming timing;
        timing.threads = threads_, timing.images = batch_, timing.seconds = check_seconds_;
        if (!runners_.empty()) timing.runner = runners_.front();
        const auto note = [](const std::string& sentence) { fmt::print(stderr, "{}\n", sentence); };
        const CheckReport report = check_network(table, network, cache_.open(), timing, note);
        write_table(output, report.table);
        if (report.variants.empty()) fmt::print("no stage has a schedule that is faster than hand's beyond noise\n");
        if (report.table.entries.size() < table.entries.size())
            fmt::print("{}: {} entries, without those that don't help in the network\n", output,
                       report.table.entries.size());
        for (const VariantCheck& variant : report.variants) fmt::print("{}\n", sentence(variant));
    }

    ChosenTarget one_target() const {
        const std::vector<ChosenTarget> chosen = targets_.chosen_cpus("tune measures kernels on CPUs");
        if (chosen.size() != 1) throw Error("--target: a run tunes for one target; run senetc tune once for each");
        const std::string& home = target_of(find_variant(chosen[0].variants[0])).name;
        if (home != chosen[0].name)
            throw Error(fmt::format("--target {}: tune {}, whose table is also for the CPUs of {}", chosen[0].name,
                                    home, chosen[0].name));
        const TargetInfo* here = native_target();
        if (runners_.empty() && !dry_run_ && (here == nullptr || here->name != chosen[0].name))
            throw Error(
                fmt::format("--target {}: this machine runs none of its kernels; say with --runner how a program "
                            "gets to one that does",
                            chosen[0].name));
        return chosen[0];
    }

    std::string cpu(const TargetInfo& target) const {
        if (!cpu_.empty() && !inspect::is_cpu(target.triple, cpu_))
            throw Error(fmt::format("--cpu {}: LLVM knows no such CPU of {}", cpu_, target.name));
        if (!cpu_.empty()) return cpu_;
        if (runners_.empty()) return inspect::host_cpu();
        throw Error("--runner: say with --cpu which CPU the runners have, by LLVM's name: a table is for one CPU");
    }

    // Parameters come from memory where a run reads more of them than L2 holds.
    bool cold(const Graph& graph, const ChosenTarget& target) const {
        const long l2 = runners_.empty() ? sysconf(_SC_LEVEL2_CACHE_SIZE) : 0;
        return weight_bytes(graph, target.variants.front()) > (l2 > 0 ? l2 : kUnknownL2);
    }

    JournalHeader header(const LoadedNetwork& network, const Graph& graph, const ChosenTarget& target,
                         const std::vector<StageTask>& stages) const {
        JournalHeader header;
        header.senetc = SENETC_VERSION;
        header.network = network.description, header.network_hash = hash_hex(print(graph));
        header.target = target.name, header.variants = target.variants, header.cpu = cpu(find_target(target.name));
        header.machine = runners_.empty() ? cpu_model_name() : "a runner's";
        header.threads = threads_, header.batch = batch_, header.cold = cold(graph, target);
        header.strategy = strategy_, header.seed = seed_;
        header.window = kAhead + 2 * int(std::max<size_t>(1, runners_.size()));
        header.only = only_, header.autoschedulers = autoschedulers_;
        header.limits = {!budget_.empty() ? parse_duration("--budget", budget_)
                         : trials_ > 0    ? 0
                                          : kUsualBudget,
                         trials_};
        if (runners_.empty()) header.peaks = measure_peaks(target.variants.front());
        header.stages = journal_stages(stages, algorithm_hash);
        return header;
    }

    std::string journal_path(const LoadedNetwork& network, const ChosenTarget& target) const {
        return !journal_.empty() ? journal_ : default_path(network, target.name, ".journal");
    }
    std::string output_path(const LoadedNetwork& network, const ChosenTarget& target) const {
        return !output_.empty() ? output_ : default_path(network, target.name, ".table");
    }

    void show_plan(const std::vector<StageTask>& stages) const {
        fmt::print("{:<24} {:>4} {:<8} {:>6}  {:<10} {}\n", "first use", "uses", "variant", "space", "hand", "stage");
        size_t total = 0;
        for (const StageTask& task : stages) {
            fmt::print("{:<24} {:>4} {:<8} {:>6}  {:<10} {}\n", task.first_use, task.uses, task.variant,
                       task.space.size(), short_form(task.space.front()), to_string(task.stage));
            total += task.space.size();
        }
        fmt::print("{} stages with {} schedules in all; {}\n", stages.size(), total, plan_sentence());
    }

    std::string plan_sentence() const {
        if (strategy_ == "exhaustive") return "every one is measured once, and the best few of each stage again";
        std::string limit = !budget_.empty() ? budget_ : trials_ > 0 ? "" : "20m";
        if (trials_ > 0) limit += fmt::format("{}{} trials", limit.empty() ? "" : " or ", trials_);
        return fmt::format(
            "hand's first, then {} of search where the network spends its time, then the best few of "
            "each stage again",
            limit);
    }

    static void show_result(const JournalHeader& header, const SessionReport& report) {
        fmt::print("{:<24} {:>4} {:<8} {:>10} {:>10} {:>7}  {}\n", "first use", "uses", "variant", "hand us", "best us",
                   "gain", "schedule");
        for (size_t i = 0; i < header.stages.size(); i++) {
            const JournalStage& stage = header.stages[i];
            const Decision& d = report.decisions[i];
            if (!d.better) continue;
            fmt::print("{:<24} {:>4} {:<8} {:>10.2f} {:>10.2f} {:>6.1f}%  {}\n", stage.first_use, stage.uses,
                       stage.variant, d.hand_us, d.us, 100 * (1 - d.us / d.hand_us), to_string(d.schedule));
        }
    }

    NetworkFlags network_;
    TargetFlags targets_;
    CacheFlags cache_;
    std::string budget_, strategy_ = "search", cpu_, journal_, output_;
    std::vector<std::string> only_, autoschedulers_, seed_from_, runners_;
    int trials_ = 0, threads_ = 1, batch_ = 1;
    double check_seconds_ = 10;
    unsigned seed_ = 0;
    bool dry_run_ = false;
};

}  // namespace

void add_tune_command(CLI::App& app) {
    static std::unique_ptr<TuneCommand> command;  // outlives parsing
    command = std::make_unique<TuneCommand>(app);
}

}  // namespace senetc
