#include "generators/inspect/drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "generators/html/svg.h"
#include "generators/inspect/arena_map.h"
#include "generators/inspect/step_kind.h"
#include "generators/inspect/text_forms.h"

namespace senetc::inspect {
namespace {

using html::Box, html::svg_box, html::svg_line, html::svg_text;

constexpr double kLeft = 76, kRight = 12, kWidth = 1180;
constexpr double kStages = 30, kFlops = 150, kBytes = 90, kGap = 34, kArena = 380, kNumbers = 22;
constexpr double kReadable = 6.2;  // width of a letter
constexpr double kLowest = 13;     // height of a box that a name fits into

double round_up(double value) {
    const double power = std::pow(10, std::floor(std::log10(std::max(value, 1.0))));
    for (const double step : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0})
        if (value <= step * power) return step * power;
    return value;
}

std::string number(double value) {
    return value < 100 ? fmt::format("{:.4g}", value) : fmt::format("{:.0f}", value);
}

// The name, or its last part, or nothing: what fits into a box.
std::string label(const std::string& name, const Box& box) {
    const auto fits = [&](const std::string& text) { return box.width >= kReadable * double(text.size()); };
    if (box.height < kLowest) return "";
    if (fits(name)) return name;
    const std::string last = name.substr(name.rfind('.') + 1);
    return fits(last) ? last : "";
}

class Drawing {
  public:
    explicit Drawing(const PlanVariant& variant) : variant_(variant) {
        steps_.push_back(&variant.ingest[0]);
        for (const PlanStep& step : variant.steps) steps_.push_back(&step);
        column_ = (kWidth - kLeft - kRight) / double(steps_.size());
    }

    std::string svg() {
        const double flops_base = kStages + kFlops, bytes_base = flops_base + kGap + kBytes;
        const double arena_top = bytes_base + kGap, arena_base = arena_top + kArena;
        svg_ = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\">\n", kWidth, arena_base + kNumbers);
        draw_stages(arena_base);
        draw_bars(flops_base, kFlops, "MFLOP", 1e6, [](const PlanStep& step) { return double(step.flops); });
        draw_bars(bytes_base, kBytes, "kB moved", 1e3, [](const PlanStep& step) { return double(step.bytes); });
        draw_arena(arena_top);
        draw_numbers(arena_base);
        return svg_ + "</svg>\n";
    }

  private:
    double x_of(int step) const { return kLeft + column_ * step; }

    // A rule wherever the network names a value: there a stage ends. Names that would overlap are left out.
    void draw_stages(double bottom) {
        double free_from = kLeft;
        for (size_t i = 0; i < steps_.size(); ++i) {
            const std::string& stage = steps_[i]->stage;
            if (stage.empty()) continue;
            const double x = x_of(int(i) + 1), begin = x - kReadable * double(stage.size());
            svg_ += svg_line(x, kStages - 8, x, bottom);
            if (begin < free_from) continue;
            svg_ += svg_text(x - 3, kStages - 12, "end", stage);
            free_from = x + 8;
        }
    }

    // An axis from 0 to a round number, with rules at its quarters.
    void draw_axis(double base, double height, const std::string& unit, double top, double scale) {
        for (const double part : {0.0, 0.5, 1.0}) {
            svg_ += svg_line(kLeft, base - part * height, kWidth - kRight, base - part * height);
            svg_ += svg_text(kLeft - 6, base - part * height + 4, "end", number(part * top / scale));
        }
        svg_ += svg_text(8, base - height - 12, "start", unit);
    }

    template <typename Measure>
    void draw_bars(double base, double height, const std::string& unit, double scale, Measure measure) {
        double largest = 0;
        for (const PlanStep* step : steps_) largest = std::max(largest, measure(*step));
        const double top = round_up(largest / scale) * scale;
        draw_axis(base, height, unit, top, scale);
        for (size_t i = 0; i < steps_.size(); ++i) {
            const double tall = height * measure(*steps_[i]) / top;
            svg_ += svg_box({x_of(int(i)) + 0.1 * column_, base - tall, 0.8 * column_, tall}, kind_of(*steps_[i]).id,
                            step_tip(i));
        }
    }

    std::string step_tip(size_t i) const {
        const PlanStep& step = *steps_[i];
        return fmt::format("{} {}, {}\n{:.3f} MFLOP, {} moved\n{}\n{} ({})", i, step.name, shape_text(step),
                           double(step.flops) / 1e6, bytes_text(step.bytes), step.kernel, step.schedule,
                           step.schedule_source);
    }

    void draw_arena(double top) {
        const double bytes = double(std::max<uint64_t>(variant_.arena_bytes, 1));
        draw_axis(top + kArena, kArena, "arena, kB", bytes, 1e3);
        for (const ArenaValue& value : arena_map(variant_)) {
            const Box box{x_of(value.first) + 0.5, top + kArena - kArena * double(value.offset + value.bytes) / bytes,
                          column_ * (value.last - value.first + 1) - 1, kArena * double(value.bytes) / bytes};
            const std::string tip = fmt::format("{}\n{} at {}, steps {} to {}", value.name, bytes_text(value.bytes),
                                                value.offset, value.first, value.last);
            svg_ += svg_box(box, std::string("value ") + kind_of(*steps_[size_t(value.first)]).id, tip);
            svg_ += svg_text(box.x + box.width / 2, box.y + box.height / 2 + 4, "middle", label(value.name, box));
        }
    }

    void draw_numbers(double base) {
        const int every = std::max(1, int(std::ceil(24 / column_ / 5)) * 5);
        for (int i = 0; i < int(steps_.size()); i += every)
            svg_ += svg_text(x_of(i) + column_ / 2, base + 16, "middle", std::to_string(i));
        svg_ += svg_text(8, base + 16, "start", "step");
    }

    const PlanVariant& variant_;
    std::vector<const PlanStep*> steps_;
    double column_;
    std::string svg_;
};

}  // namespace

std::string draw_plan(const PlanVariant& variant) {
    return Drawing(variant).svg();
}

}  // namespace senetc::inspect
