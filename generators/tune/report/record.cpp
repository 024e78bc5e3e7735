#include "generators/tune/report/record.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace senetc::tune::report {
namespace {

template <typename Accept>
const Trial* least(const std::vector<Trial>& trials, Accept accept) {
    const Trial* best = nullptr;
    for (const Trial& trial : trials)
        if (trial.ratio > 0 && !trial.is_final && !trial.measurement.stopped_early && accept(trial) &&
            (best == nullptr || trial.ratio < best->ratio))
            best = &trial;
    return best;
}

std::string value_of(const Stage& stage, const std::string& param) {
    const auto found = stage.params.find(param);
    return found == stage.params.end() ? "" : found->second;
}

}  // namespace

const Trial* StageRecord::best() const {
    return least(trials, [this](const Trial& trial) { return trial.schedule != hand; });
}

const Trial* StageRecord::best_autoscheduled() const {
    return least(trials, [](const Trial& trial) { return is_autoscheduled(trial.schedule); });
}

// The finals are those of generators/tune/playoff.h: the best few once, then the best of them again beside hand, both
// times below hand's by more than noise.
const Trial* StageRecord::chosen() const {
    double noise = 0.01;
    std::map<Schedule, std::vector<const Trial*>> finals;
    for (const Trial& trial : trials) {
        if (trial.ratio > 0 && trial.schedule == hand) noise = std::max(noise, std::abs(trial.ratio - 1));
        if (trial.ratio > 0 && trial.is_final && trial.schedule != hand) finals[trial.schedule].push_back(&trial);
    }
    const Trial* winner = nullptr;
    for (const auto& [schedule, rounds] : finals) {
        const auto by_ratio = [](const Trial* a, const Trial* b) { return a->ratio < b->ratio; };
        const Trial* slower = *std::max_element(rounds.begin(), rounds.end(), by_ratio);
        if (rounds.size() > 1) return slower->ratio < 1 - noise ? slower : nullptr;
        if (slower->ratio < 1 - noise && (winner == nullptr || slower->ratio < winner->ratio)) winner = slower;
    }
    if (!finals.empty()) return winner;
    return best() && best()->ratio < 1 ? best() : nullptr;
}

std::map<Outcome, int> StageRecord::failures() const {
    std::map<Outcome, int> counts;
    for (const Trial& trial : trials)
        if (trial.measurement.outcome != Outcome::ok) ++counts[trial.measurement.outcome];
    return counts;
}

std::vector<std::string> Record::variants() const {
    std::vector<std::string> names;
    for (const StageRecord& stage : stages)
        if (!std::count(names.begin(), names.end(), stage.variant)) names.push_back(stage.variant);
    std::sort(names.begin(), names.end());
    return names;
}

Estimate estimate(const Record& record, const std::string& variant) {
    Estimate sum;
    for (const StageRecord& stage : record.stages) {
        if (stage.variant != variant) continue;
        sum.hand_us += stage.uses * stage.hand_us;
        sum.tuned_us += stage.uses * stage.tuned_us();
        ++sum.stages;
        sum.measured += stage.hand_us > 0;
    }
    return sum;
}

std::vector<Point> progress(const Record& record, const std::string& variant) {
    struct Gain {
        double at, us;
    };
    std::vector<Gain> gains;
    for (const StageRecord& stage : record.stages) {
        if (stage.variant != variant) continue;
        double least = 1;
        for (const Trial& trial : stage.trials) {
            const bool counts = !trial.is_final && !trial.measurement.stopped_early && trial.schedule != stage.hand;
            if (!counts || trial.ratio <= 0 || trial.ratio >= least) continue;
            gains.push_back({trial.at, stage.uses * stage.hand_us * (least - trial.ratio)});
            least = trial.ratio;
        }
    }
    std::stable_sort(gains.begin(), gains.end(), [](const Gain& a, const Gain& b) { return a.at < b.at; });
    std::vector<Point> points = {{0, estimate(record, variant).hand_us}};
    for (const Gain& gain : gains) points.push_back({gain.at, points.back().us - gain.us});
    points.push_back({std::max(record.elapsed, points.back().at), points.back().us});
    return points;
}

std::string failures_text(const std::map<Outcome, int>& failures) {
    std::vector<std::string> parts;
    for (const auto& [outcome, count] : failures) parts.push_back(fmt::format("{} {}", count, to_string(outcome)));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string describe(const Stage& stage) {
    const auto value = [&](const char* param) { return value_of(stage, param); };
    std::string text = stage.generator;
    if (!value("kernel_h").empty()) text += fmt::format(" {}x{}", value("kernel_h"), value("kernel_w"));
    if (!value("kernel").empty()) text += fmt::format(" {0}x{0}", value("kernel"));
    if (!value("stride").empty() && value("stride") != "1") text += fmt::format(" stride {}", value("stride"));
    for (const auto& [in, out] : {std::pair("ci", "co"), std::pair("in", "out")})
        if (!value(in).empty()) text += fmt::format(", {} to {} channels", value(in), value(out));
    if (!value("ch").empty()) text += fmt::format(", {} channels", value("ch"));
    if (!value("in_h").empty()) text += fmt::format(", {}x{}", value("in_h"), value("in_w"));
    return text;
}

}  // namespace senetc::tune::report
