#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "generators/html/svg.h"
#include "generators/tune/report/drawings.h"
#include "generators/tune/report/scale.h"

namespace senetc::tune::report {
namespace {

using namespace senetc::html;

constexpr double kLeft = 210, kRight = kDrawingWidth - 250, kRow = 24, kTop = 26;
constexpr double kSlowest = 4;  // times the hand schedule's; what is slower lies on the edge

std::string tip(const StageRecord& stage, const Trial& trial) {
    return fmt::format("{:.1f} us, {:+.1f} %{}\n{}", stage.us(&trial), 100 * (trial.ratio - 1),
                       trial.measurement.stopped_early ? ", stopped early" : "", to_string(trial.schedule));
}

// A little up or down, so that equal times don't hide each other.
double jitter(size_t i) {
    return (double(i * 7 % 11) / 10 - 0.5) * 0.5 * kRow;
}

std::string draw_trials(const StageRecord& stage, const Scale& x, double y) {
    std::string svg;
    const Trial* best = stage.best();
    for (size_t i = 0; i < stage.trials.size(); ++i) {
        const Trial& trial = stage.trials[i];
        if (trial.ratio > 0 && &trial != best)
            svg +=
                svg_dot(x(trial.ratio), y + jitter(i), 2.5, "trial " + colour_class(trial.schedule), tip(stage, trial));
    }
    if (best)
        svg += svg_dot(x(best->ratio), y, 5, "best " + colour_class(best->schedule), "best: " + tip(stage, *best));
    return svg;
}

std::string summary(const StageRecord& stage) {
    const Trial* best = stage.best();
    const std::string failures = failures_text(stage.failures());
    return fmt::format("{}{} tried{}{}", best ? fmt::format("{:+.1f} %, ", 100 * (best->ratio - 1)) : "",
                       stage.trials.size(), failures.empty() ? "" : ": ", failures);
}

double fastest(const std::vector<const StageRecord*>& stages) {
    double ratio = 0.8;
    for (const StageRecord* stage : stages)
        if (const Trial* best = stage->best()) ratio = std::min(ratio, 0.95 * best->ratio);
    return ratio;
}

}  // namespace

std::string draw_candidates(const Record& record, const std::string& variant) {
    const std::vector<const StageRecord*> stages = stages_of(record, variant);
    const Scale x(Spacing::logarithmic, fastest(stages), kSlowest, kLeft, kRight);
    const double bottom = kTop + kRow * double(stages.size());
    std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\">\n", kDrawingWidth, bottom + 22);
    for (const double ratio : {0.25, 0.5, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 3.0, kSlowest}) {
        if (ratio < fastest(stages)) continue;
        svg += svg_line(x(ratio), kTop, x(ratio), bottom, ratio == 1 ? "hand" : "");
        svg += svg_text(x(ratio), bottom + 16, "middle", ratio == 1 ? "hand" : fmt::format("{}x", number(ratio)));
    }
    for (size_t i = 0; i < stages.size(); ++i) {
        const double y = kTop + kRow * (double(i) + 0.5);
        svg += svg_text(kLeft - 10, y + 4, "end", fmt::format("{} x {}", stages[i]->uses, stages[i]->first_use));
        svg += draw_trials(*stages[i], x, y) + svg_text(kRight + 10, y + 4, "start", summary(*stages[i]));
    }
    return svg + "</svg>\n";
}

}  // namespace senetc::tune::report
