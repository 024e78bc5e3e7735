#include <fmt/format.h>

#include <algorithm>

#include "generators/html/svg.h"
#include "generators/tune/report/drawings.h"
#include "generators/tune/report/scale.h"
#include "generators/tune/units.h"

namespace senetc::tune::report {
namespace {

using namespace senetc::html;

constexpr double kLeft = 210, kRight = kDrawingWidth - 90, kRow = 30, kTop = 8;

std::string bar(const Scale& x, double top, double us, const std::string& style_class, const std::string& what) {
    if (us <= 0) return "";
    return svg_box({kLeft, top, x(us * 1e-3) - kLeft, 8}, style_class, fmt::format("{}: {:.1f} us", what, us));
}

}  // namespace

std::string draw_bars(const Record& record, const std::string& variant) {
    const std::vector<const StageRecord*> stages = stages_of(record, variant);
    double most = 0;
    for (const StageRecord* stage : stages)
        most = std::max({most, stage->uses * stage->hand_us, stage->uses * stage->tuned_us()});
    if (most == 0) return "";
    // An autoscheduler's bar may be far longer than the rest: it ends at the axis.
    const Scale x(Spacing::linear, 0, 1.25 * most * 1e-3, kLeft, kRight);
    const double bottom = kTop + kRow * double(stages.size());
    std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\">\n", kDrawingWidth, bottom + 22);
    for (const double tick : x.ticks())
        svg +=
            svg_line(x(tick), kTop, x(tick), bottom) + svg_text(x(tick), bottom + 16, "middle", number(tick) + " ms");
    for (size_t i = 0; i < stages.size(); ++i) {
        const StageRecord& stage = *stages[i];
        const double top = kTop + kRow * double(i);
        svg += svg_text(kLeft - 10, top + 17, "end", fmt::format("{} x {}", stage.uses, stage.first_use));
        svg += bar(x, top + 1, stage.uses * stage.hand_us, "by_hand", "hand");
        if (const Trial* by_machine = stage.best_autoscheduled())
            svg += bar(x, top + 10, stage.uses * stage.us(by_machine), colour_class(by_machine->schedule),
                       by_machine->schedule.algorithm);
        const Trial* chosen = stage.chosen();
        svg += bar(x, top + 19, stage.uses * stage.tuned_us(), chosen ? colour_class(chosen->schedule) : "by_hand",
                   "tuned");
        if (chosen) svg += svg_text(kRight + 8, top + 26, "start", change_text(stage.hand_us, stage.tuned_us()));
    }
    return svg + "</svg>\n";
}

}  // namespace senetc::tune::report
