#include "generators/tune/report/rows.h"

#include <fmt/format.h>

#include "generators/tune/report/report.h"
#include "generators/tune/report/scale.h"
#include "generators/tune/units.h"

namespace senetc::tune::report {
namespace {

std::string us_text(double us) {
    return us > 0 ? fmt::format("{:.1f}", us) : "";
}

std::string peaks_text(const Record& record) {
    if (record.fma_peak() <= 0) return "not measured";
    const std::string threads = record.threads > 1 ? fmt::format(" ({} threads)", record.threads) : "";
    return fmt::format(
        "FMA {} GFLOP/s with {}'s registers{}; one thread reads {} GB/s from its second-level cache, {} GB/s from "
        "memory",
        number(record.fma_peak()), record.peaks_of, threads, number(record.peaks.l2_gbps),
        number(record.peaks.memory_gbps));
}

}  // namespace

std::vector<Fact> facts(const Record& record) {
    std::map<Outcome, int> outcomes;
    int trials = 0;
    for (const StageRecord& stage : record.stages) {
        trials += int(stage.trials.size());
        for (const Trial& trial : stage.trials) ++outcomes[trial.measurement.outcome];
    }
    return {{"machine", fmt::format("{} ({}, {})", record.machine, record.target, record.cpu)},
            {"timed with", fmt::format("{} thread{}, {} image{} a call, parameters {}", record.threads,
                                       record.threads == 1 ? "" : "s", record.images, record.images == 1 ? "" : "s",
                                       record.cold ? "out of the core's caches (cold)" : "in the caches (warm)")},
            {"peaks", peaks_text(record)},
            {"tuned for", clock_text(record.elapsed)},
            {"candidates", fmt::format("{}{}", trials, trials ? ": " + failures_text(outcomes) : "")}};
}

const std::vector<Column>& columns() {
    static const std::vector<Column> table = {
        {"stage", false},  {"what", false},    {"uses", true},           {"hand us", true},
        {"auto us", true}, {"tuned us", true}, {"change", true},         {"of peak", true},
        {"tried", true},   {"failed", false},  {"best schedule", false},
    };
    return table;
}

std::vector<std::string> cells(const Record& record, const StageRecord& stage) {
    const Trial* chosen = stage.chosen();
    const double rate = gflops(stage.stage, stage.tuned_us(), record.images);
    return {stage.first_use,
            describe(stage.stage),
            std::to_string(stage.uses),
            us_text(stage.hand_us),
            us_text(stage.us(stage.best_autoscheduled())),
            us_text(stage.tuned_us()),
            chosen ? change_text(stage.hand_us, stage.tuned_us()) : "",
            rate > 0 && record.fma_peak() > 0 ? fmt::format("{:.0f} %", 100 * rate / record.fma_peak()) : "",
            std::to_string(stage.trials.size()),
            failures_text(stage.failures()),
            chosen                 ? to_string(chosen->schedule)
            : stage.trials.empty() ? ""
                                   : "hand"};
}

std::vector<std::string> total_cells(const Record& record, const std::string& variant) {
    const Estimate sum = estimate(record, variant);
    int uses = 0, trials = 0;
    for (const StageRecord& stage : record.stages) {
        if (stage.variant != variant) continue;
        uses += stage.uses;
        trials += int(stage.trials.size());
    }
    return {"all, as often as used",
            "",
            std::to_string(uses),
            us_text(sum.hand_us),
            "",
            us_text(sum.tuned_us),
            change_text(sum.hand_us, sum.tuned_us),
            "",
            std::to_string(trials),
            "",
            ""};
}

std::string legend() {
    return "Times are of one call, each stage alone; hand and candidate were measured in one run, interleaved, and the "
           "least of each counts. Share of peak counts the "
           "multiply-adds of a direct evaluation, so Winograd's may exceed 100 %. auto: the best that one of Halide's "
           "autoschedulers made, where one was tried. An estimate from stages alone is no measurement of the network: "
           "senetc tune check times that as a whole.";
}

std::string summary(const Record& record, const std::string& variant) {
    const Estimate sum = estimate(record, variant);
    if (sum.measured == 0) return fmt::format("{}: none of {} stages was measured yet.", variant, sum.stages);
    return fmt::format("{}: {:.3f} ms by hand, {:.3f} ms tuned, {}, estimated from {} of {} stages, each alone.",
                       variant, sum.hand_us * 1e-3, sum.tuned_us * 1e-3, change_text(sum.hand_us, sum.tuned_us),
                       sum.measured, sum.stages);
}

}  // namespace senetc::tune::report
