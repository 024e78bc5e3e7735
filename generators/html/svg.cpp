#include "generators/html/svg.h"

#include <fmt/format.h>

namespace senetc::html {

std::string escaped(const std::string& text) {
    std::string safe;
    for (char c : text) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

std::string svg_box(const Box& box, const std::string& style_class, const std::string& tip) {
    return fmt::format(
        "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{}</title></rect>\n",
        style_class, box.x, box.y, box.width, box.height, escaped(tip));
}

std::string svg_text(double x, double y, const std::string& anchor, const std::string& text) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor, escaped(text));
}

std::string svg_line(double x1, double y1, double x2, double y2, const std::string& style_class) {
    return fmt::format("<line{} x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                       style_class.empty() ? "" : fmt::format(" class=\"{}\"", style_class), x1, y1, x2, y2);
}

std::string svg_dot(double x, double y, double radius, const std::string& style_class, const std::string& tip) {
    return fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"><title>{}</title></circle>\n",
                       style_class, x, y, radius, escaped(tip));
}

std::string svg_path(const std::vector<std::pair<double, double>>& points, const std::string& style_class) {
    std::string text;
    for (const auto& [x, y] : points) text += fmt::format("{}{:.1f} {:.1f}", text.empty() ? "M" : " L", x, y);
    return fmt::format("<path class=\"{}\" d=\"{}\"/>\n", style_class, text);
}

}  // namespace senetc::html
