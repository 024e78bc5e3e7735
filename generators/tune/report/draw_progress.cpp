#include <fmt/format.h>

#include <algorithm>

#include "generators/html/svg.h"
#include "generators/tune/report/drawings.h"
#include "generators/tune/report/scale.h"
#include "generators/tune/units.h"

namespace senetc::tune::report {
namespace {

using namespace senetc::html;

constexpr double kLeft = 76, kRight = kDrawingWidth - 110, kTop = 14, kBottom = 264;

// A staircase: an estimate holds until the next trial that improves it.
std::vector<std::pair<double, double>> staircase(const std::vector<Point>& points, const Scale& x, const Scale& y) {
    std::vector<std::pair<double, double>> corners;
    for (size_t i = 0; i < points.size(); ++i) {
        if (i > 0) corners.emplace_back(x(points[i].at), y(points[i - 1].us));
        corners.emplace_back(x(points[i].at), y(points[i].us));
    }
    return corners;
}

}  // namespace

std::string draw_progress(const Record& record) {
    double least = 1e300, most = 0, end = 1;
    for (const std::string& variant : record.variants()) {
        const std::vector<Point> points = progress(record, variant);
        least = std::min(least, points.back().us);
        most = std::max(most, points.front().us);
        end = std::max(end, points.back().at);
    }
    if (most == 0) return "";
    const double margin = std::max(0.1 * (most - least), 0.002 * most);
    const Scale x(Spacing::linear, 0, end, kLeft, kRight);
    const Scale y(Spacing::linear, (least - margin) * 1e-3, (most + margin) * 1e-3, kBottom, kTop);
    const Scale y_us(Spacing::linear, least - margin, most + margin, kBottom, kTop);
    std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\">\n", kDrawingWidth, kBottom + 24);
    for (const double tick : y.ticks())
        svg += svg_line(kLeft, y(tick), kRight, y(tick)) + svg_text(kLeft - 6, y(tick) + 4, "end", number(tick));
    svg += svg_text(8, kTop + 4, "start", "ms");
    for (const double tick : x.ticks()) svg += svg_text(x(tick), kBottom + 18, "middle", clock_text(tick));
    for (const std::string& variant : record.variants()) {
        const std::vector<Point> points = progress(record, variant);
        if (points.front().us == 0) continue;
        svg += svg_path(staircase(points, x, y_us), "estimate");
        for (size_t i = 1; i + 1 < points.size(); ++i)
            svg += svg_dot(x(points[i].at), y_us(points[i].us), 2.5, "estimate",
                           fmt::format("{}: {:.3f} ms", clock_text(points[i].at), points[i].us * 1e-3));
        svg += svg_text(kRight + 6, y_us(points.back().us) + 4, "start",
                        fmt::format("{} {:.3f} ms", variant, points.back().us * 1e-3));
    }
    return svg + "</svg>\n";
}

}  // namespace senetc::tune::report
