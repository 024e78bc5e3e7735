#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "generators/compiler/check_stage.h"
#include "generators/compiler/command_options.h"
#include "generators/compiler/commands.h"
#include "generators/compiler/targets.h"
#include "generators/compiler/temporary_folder.h"
#include "generators/tune/adams_search.h"
#include "generators/tune/machine_evaluator.h"
#include "generators/tune/peaks.h"
#include "generators/tune/units.h"
#include "models/error.h"
#include "schedules/check_schedule.h"
#include "schedules/sources.h"

namespace senetc {

using namespace senetc::tune;

namespace {

constexpr int kEffort = 5;  // times as long as a search measures a candidate

class BenchSchedulesCommand {
  public:
    explicit BenchSchedulesCommand(CLI::App& app) {
        CLI::App& command = *app.add_subcommand(
            "bench-schedules",
            "Time schedules of one stage against hand's on this machine: each by turns with it in one process, one "
            "thread, one image");
        command.add_option("stage", stage_, "A stage's text, as senetc inspect shows it")->required();
        command.add_option("schedule", schedules_, "Schedules' texts, or autoschedulers with their options");
        command.add_option("--variant", variant_, "Instruction set; this machine's best by default");
        command
            .add_option("--adams-draws", draws_,
                        "Draws of Adams2019 to measure, its cost model retrained after every 24, and the best shown")
            ->check(CLI::Range(0, 100000));
        command.add_option("--seed", seed_, "Of these draws");
        cache_.add_to(command);
        command.callback([this] { run(); });
    }

  private:
    void run() {
        const Stage stage = parse_stage(stage_);
        if (!variant_.empty() && find_variant(variant_).on_gpu())
            throw Error(
                fmt::format("--variant {}: bench-schedules times kernels on CPUs, and this is for GPUs", variant_));
        check_stage(stage);
        if (native_target() == nullptr) throw Error("senetc compiles for no machine like this one");
        if (variant_.empty()) variant_ = native_target()->variants.front().name;
        const TargetInfo& target = target_of(find_variant(variant_));
        const TemporaryFolder weights;
        const KernelCache cache = cache_.open();
        MachineOptions options;
        options.weights_folder = weights.path();
        options.give_up = 1e9;  // whole measurements, also of slow schedules
        MachineEvaluator evaluator(target, cache, options);
        peak_ = measure_peaks(variant_).fma_gflops;
        fmt::print("{:>10} {:>7} {:>9} {:>10} {:>9}  {}\n", "us", "% peak", "of hand's", "cold us", "of hand's",
                   "schedule");
        std::vector<Candidate> candidates = {
            {stage, variant_, hand_source()(stage, find_variant(variant_)).schedule, kEffort}};
        for (const std::string& text : schedules_) candidates.push_back({stage, variant_, asked(stage, text), kEffort});
        const std::vector<Measurement> measurements = measure_all(evaluator, candidates);
        for (size_t i = 0; i < candidates.size(); ++i) print(candidates[i], measurements[i]);
        if (draws_ > 0) run_adams(stage, evaluator, cache, weights.path());
    }

    Schedule asked(const Stage& stage, const std::string& text) const {
        const Schedule schedule = parse_schedule(text);
        if (is_autoscheduled(schedule))
            return auto_source(schedule, {variant_})(stage, find_variant(variant_)).schedule;
        check_schedule(stage, schedule);
        check_device(schedule, find_variant(variant_).on_gpu());
        return schedule;
    }

    void run_adams(const Stage& stage, Evaluator& evaluator, const KernelCache& cache,
                   const std::filesystem::path& weights) const {
        const AdamsResult result =
            search_adams(stage, variant_, {.draws = draws_, .seed = seed_}, evaluator, cache, weights);
        std::vector<Candidate> finalists;
        for (const Schedule& schedule : result.finalists) finalists.push_back({stage, variant_, schedule, kEffort});
        const std::vector<Measurement> measurements = measure_all(evaluator, finalists);
        const auto faster = [](const Measurement& a, const Measurement& b) {
            if (a.outcome != Outcome::ok || b.outcome != Outcome::ok)
                return a.outcome == Outcome::ok && b.outcome != a.outcome;
            return a.candidate.warm * b.incumbent.warm < b.candidate.warm * a.incumbent.warm;
        };
        const auto best = std::min_element(measurements.begin(), measurements.end(), faster) - measurements.begin();
        print(finalists[size_t(best)], measurements[size_t(best)]);
        fmt::print("the best of {} different schedules in {} draws of Adams2019, retrained {} times\n", result.measured,
                   draws_, result.retrainings);
    }

    void print(const Candidate& candidate, const Measurement& m) const {
        if (m.outcome != Outcome::ok) {
            fmt::print("{:>10} {:>7} {:>9} {:>10} {:>9}  {}: {}\n", to_string(m.outcome), "", "", "", "",
                       to_string(candidate.schedule), m.message);
            return;
        }
        const double share = peak_ > 0 ? 100 * gflops(candidate.stage, m.candidate.warm, 1) / peak_ : 0;
        fmt::print("{:>10.2f} {:>7.1f} {:>9.3f} {:>10.2f} {:>9.3f}  {}\n", m.candidate.warm, share,
                   m.candidate.warm / m.incumbent.warm, m.candidate.cold, m.candidate.cold / m.incumbent.cold,
                   to_string(candidate.schedule));
    }

    CacheFlags cache_;
    std::string stage_, variant_;
    std::vector<std::string> schedules_;
    int draws_ = 0;
    unsigned seed_ = 0;
    double peak_ = 0;
};

}  // namespace

void add_bench_schedules_command(CLI::App& app) {
    static std::unique_ptr<BenchSchedulesCommand> command;  // outlives parsing
    command = std::make_unique<BenchSchedulesCommand>(app);
}

}  // namespace senetc
