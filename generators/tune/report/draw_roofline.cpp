#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "generators/html/svg.h"
#include "generators/tune/report/drawings.h"
#include "generators/tune/report/scale.h"
#include "generators/tune/units.h"

namespace senetc::tune::report {
namespace {

using namespace senetc::html;

constexpr double kLeft = 76, kRight = kDrawingWidth - 12, kTop = 14, kBottom = 400;

// What one stage does for each byte, and how fast.
struct Dot {
    const StageRecord* stage;
    double intensity, hand, tuned;  // FLOP/byte; GFLOP/s
};

std::vector<Dot> dots(const Record& record, const std::string& variant) {
    std::vector<Dot> all;
    for (const StageRecord* stage : stages_of(record, variant)) {
        if (stage->trials.empty() || stage->hand_us == 0 || flops(stage->stage) == 0) continue;
        const double bytes = double(moved_bytes(stage->stage, stage->hand));
        all.push_back({stage, double(flops(stage->stage)) / bytes, gflops(stage->stage, stage->hand_us, record.images),
                       gflops(stage->stage, stage->tuned_us(), record.images)});
    }
    return all;
}

class Roofline {
  public:
    Roofline(const Record& record, std::vector<Dot> dots)
        : peak_(record.fma_peak()),
          dots_(std::move(dots)),
          x_(Spacing::logarithmic, least([](const Dot& dot) { return dot.intensity; }) / 1.5,
             most([](const Dot& dot) { return dot.intensity; }) * 1.5, kLeft, kRight),
          y_(Spacing::logarithmic, least([](const Dot& dot) { return dot.hand; }) / 1.5,
             std::max(peak_, most([](const Dot& dot) { return dot.tuned; })) * 1.5, kBottom, kTop) {}

    std::string svg(const Record& record) {
        std::string text = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\">\n", kDrawingWidth, kBottom + 40);
        for (const double tick : y_.ticks())
            text +=
                svg_line(kLeft, y_(tick), kRight, y_(tick)) + svg_text(kLeft - 6, y_(tick) + 4, "end", number(tick));
        for (const double tick : x_.ticks())
            text +=
                svg_line(x_(tick), kTop, x_(tick), kBottom) + svg_text(x_(tick), kBottom + 16, "middle", number(tick));
        text += svg_text(8, kTop + 4, "start", "GFLOP/s") + svg_text(kRight, kBottom + 34, "end", "FLOP/byte");
        text += roof(record.peaks.memory_gbps, "memory") + roof(record.peaks.l2_gbps, "second-level cache");
        text += svg_path({{kLeft, y_(peak_)}, {kRight, y_(peak_)}}, "roof");
        text += svg_text(kLeft + 6, y_(peak_) - 6, "start",
                         fmt::format("FMA peak {} GFLOP/s ({})", number(peak_), record.peaks_of));
        for (const Dot& dot : dots_) text += draw(dot);
        return text + "</svg>\n";
    }

  private:
    template <typename Value>
    double least(Value value) const {
        double result = 1e300;
        for (const Dot& dot : dots_) result = std::min(result, value(dot));
        return result;
    }
    template <typename Value>
    double most(Value value) const {
        double result = 0;
        for (const Dot& dot : dots_) result = std::max(result, value(dot));
        return result;
    }

    // The slope below the FMA peak: so many GB/s feed so many FLOPs. Drawn within the axes, its name beside its middle.
    std::string roof(double gbps, const std::string& name) const {
        if (gbps <= 0) return "";
        std::vector<std::pair<double, double>> line;
        constexpr int parts = 200;
        for (int i = 0; i <= parts; ++i) {
            const double intensity = first() * std::pow(last() / first(), double(i) / parts);
            if (intensity * gbps <= peak_ && intensity * gbps >= lowest())
                line.emplace_back(x_(intensity), y_(intensity * gbps));
        }
        if (line.size() < 2) return "";
        const auto& [x, y] = line[line.size() / 2];
        return svg_path(line, "roof") + svg_text(x - 6, y - 6, "end", fmt::format("{} {} GB/s", name, number(gbps)));
    }

    std::string draw(const Dot& dot) const {
        const std::string tip =
            fmt::format("{}, {} uses: {}\n{:.1f} GFLOP/s by hand, {:.1f} tuned, {:.1f} FLOP/byte", dot.stage->first_use,
                        dot.stage->uses, describe(dot.stage->stage), dot.hand, dot.tuned, dot.intensity);
        const Trial* chosen = dot.stage->chosen();
        const std::string colour = chosen ? colour_class(chosen->schedule) : "by_hand";
        return svg_path({{x_(dot.intensity), y_(dot.hand)}, {x_(dot.intensity), y_(dot.tuned)}}, "gain") +
               svg_dot(x_(dot.intensity), y_(dot.hand), 3, "by_hand", tip) +
               svg_dot(x_(dot.intensity), y_(dot.tuned), 4, colour, tip);
    }

    double first() const {
        return least([](const Dot& dot) { return dot.intensity; }) / 1.5;
    }
    double last() const {
        return most([](const Dot& dot) { return dot.intensity; }) * 1.5;
    }
    double lowest() const {
        return least([](const Dot& dot) { return dot.hand; }) / 1.5;
    }

    double peak_;
    std::vector<Dot> dots_;
    Scale x_, y_;
};

}  // namespace

std::string draw_roofline(const Record& record, const std::string& variant) {
    const std::vector<Dot> all = dots(record, variant);
    return all.empty() || record.fma_peak() <= 0 ? "" : Roofline(record, all).svg(record);
}

}  // namespace senetc::tune::report
