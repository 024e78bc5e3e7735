#include "generators/tune/network_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "generators/compiler/targets.h"
#include "generators/tune/units.h"
#include "models/error.h"
#include "models/passes/passes.h"
#include "models/weights/formula.h"
#include "schedules/schedules.h"

namespace senetc::tune {
namespace {

// What an entry is worth in the network.
struct Effect {
    double hand_us = 0, tuned_us = 0;
    double gain() const { return hand_us - tuned_us; }
};

// Of its steps and of those that read their sums, each once.
std::vector<Effect> effects(const NetworkTimes& times, size_t entries) {
    std::vector<std::set<int>> steps(entries);
    for (size_t i = 0; i < times.steps.size(); ++i) {
        const StepTimes& step = times.steps[i];
        if (step.entry < 0) continue;
        steps[size_t(step.entry)].insert(int(i));
        steps[size_t(step.entry)].insert(step.sums_readers.begin(), step.sums_readers.end());
    }
    std::vector<Effect> all(entries);
    for (size_t e = 0; e < entries; ++e) {
        for (const int i : steps[e]) {
            all[e].hand_us += times.steps[size_t(i)].hand_us;
            all[e].tuned_us += times.steps[size_t(i)].tuned_us;
        }
    }
    return all;
}

std::string reason_text(const Effect& effect) {
    return fmt::format("its steps take {:.1f} us instead of {:.1f} us in the network", effect.tuned_us, effect.hand_us);
}

// Drops the entries that `harms` says, with the reason that it gives.
template <typename Reason>
void drop(VariantCheck& check, const std::vector<Effect>& effects, Reason reason) {
    std::vector<TableEntry> kept;
    for (size_t e = 0; e < check.kept.size(); ++e) {
        const std::string why = reason(effects[e]);
        if (why.empty())
            kept.push_back(check.kept[e]);
        else
            check.dropped.push_back({check.kept[e], why});
    }
    check.kept = std::move(kept);
}

// The whole is no faster, though no entry seems to harm: the weaker half goes, the only one if there is one.
void drop_weaker_half(VariantCheck& check, const std::vector<Effect>& effects) {
    std::vector<double> gains;
    for (const Effect& effect : effects) gains.push_back(effect.gain());
    std::sort(gains.begin(), gains.end());
    const double limit = gains[(gains.size() - 1) / 2];
    const NetworkTimes& times = check.times;
    const std::string whole = fmt::format("which takes {:.3f} of hand's time as a whole ({:.3f} to {:.3f})",
                                          times.ratio, times.interval.low, times.interval.high);
    drop(check, effects, [&](const Effect& effect) {
        return effect.gain() > limit ? std::string()
                                     : fmt::format("it gains only {:.1f} us in the network, {}", effect.gain(), whole);
    });
}

bool same_as_hand(const TableEntry& entry) {
    return entry.schedule == choose_schedule(entry.stage, entry.variant);
}

}  // namespace

VariantCheck check_variant(const ScheduleTable& table, const std::string& variant, const TimeNetwork& time) {
    VariantCheck check;
    check.variant = variant;
    check.kept = table.entries;
    for (bool in_doubt = false; !check.kept.empty();) {
        ScheduleTable tried = table;
        tried.entries = check.kept;
        check.times = time(tried);
        const std::vector<Effect> all = effects(check.times, check.kept.size());
        const size_t before = check.kept.size();
        drop(check, all, [](const Effect& effect) { return effect.gain() > 0 ? "" : reason_text(effect); });
        check.measured = check.kept.size() == before && check.times.interval.high < 1;
        if (check.measured) break;
        if (check.kept.size() == before && in_doubt) drop_weaker_half(check, all);
        in_doubt = check.kept.size() == before;
    }
    return check;
}

namespace {

// Entries that some step of the network takes. The others can't be judged by it, and equal ones can't harm.
std::vector<TableEntry> entries_in_use(const ScheduleTable& table, const Graph& graph, const std::string& variant) {
    std::set<Stage> stages;
    for (const LoweredStep& step : lower(graph, choose_from(tuned_source(table, "table"), variant)).steps)
        stages.insert(step.stage);
    std::vector<TableEntry> used;
    for (const TableEntry& entry : table.entries)
        if (entry.variant == variant && stages.contains(entry.stage) && !same_as_hand(entry)) used.push_back(entry);
    return used;
}

bool is_dropped(const CheckReport& report, const TableEntry& entry) {
    for (const VariantCheck& check : report.variants)
        for (const DroppedEntry& dropped : check.dropped)
            if (dropped.entry.variant == entry.variant && dropped.entry.stage == entry.stage) return true;
    return false;
}

}  // namespace

CheckReport check_network(const ScheduleTable& table, const LoadedNetwork& network, const KernelCache& cache,
                          const NetworkTiming& timing, const std::function<void(const std::string&)>& note) {
    CheckReport report;
    const Graph graph = run_passes(bind_formula_weights(network.graph));
    std::set<std::string> variants;
    for (const TableEntry& entry : table.entries) variants.insert(entry.variant);
    for (const std::string& variant : variants) {
        ScheduleTable used = table;
        used.entries = entries_in_use(table, graph, variant);
        if (used.entries.empty()) {
            report.variants.push_back({variant, false, {}, {}, {}});
            continue;
        }
        NetworkTimer timer(network, variant, cache, timing);
        report.variants.push_back(
            check_variant(used, variant, [&](const ScheduleTable& tried) { return timer.time(tried); }));
        for (const DroppedEntry& dropped : report.variants.back().dropped)
            if (note) note(fmt::format("dropped {} {}: {}", variant, to_string(dropped.entry.stage), dropped.reason));
    }
    report.table = table;
    std::erase_if(report.table.entries, [&](const TableEntry& entry) { return is_dropped(report, entry); });
    return report;
}

std::string sentence(const VariantCheck& check) {
    if (!check.measured && check.dropped.empty())
        return fmt::format("{}: the table has no schedule for this network other than hand's", check.variant);
    if (!check.measured)
        return fmt::format("{}: no schedule of the table makes this network faster: hand's stay", check.variant);
    const auto faster = [](double ratio) { return 100 * (1 - ratio); };
    const NetworkTimes& times = check.times;
    return fmt::format(
        "{}: the network takes {:.3f} ms instead of {:.3f} ms: {:.1f} % less ({:.1f} to {:.1f} % with 95 % confidence, "
        "medians of {} pairs of turns)",
        check.variant, times.tuned_us * 1e-3, times.hand_us * 1e-3, faster(times.ratio), faster(times.interval.high),
        faster(times.interval.low), times.pairs);
}

std::string step_table(const VariantCheck& check) {
    if (!check.measured) return "";
    size_t width = 4;
    for (const StepTimes& step : check.times.steps) width = std::max(width, step.name.size());
    std::string text = fmt::format("{:{}}  {:>9}  {:>9}  {:>8}\n", "step", width, "hand us", "tuned us", "change");
    for (const StepTimes& step : check.times.steps)
        text += fmt::format("{:{}}  {:>9.1f}  {:>9.1f}  {:>8}  {}\n", step.name, width, step.hand_us, step.tuned_us,
                            change_text(step.hand_us, step.tuned_us), step.entry >= 0 ? "tuned" : "");
    return text;
}

}  // namespace senetc::tune
