// The few elements of SVG and HTML that drawings are made of. Lengths are pixels.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace senetc::html {

std::string escaped(const std::string& text);  // for HTML, attributes included

struct Box {
    double x, y, width, height;
};

// `tip` is what shows when the mouse rests on it.
std::string svg_box(const Box& box, const std::string& style_class, const std::string& tip);
// anchor: "start", "middle", "end"
std::string svg_text(double x, double y, const std::string& anchor, const std::string& text);
// `style_class` "": as all lines of the page are.
std::string svg_line(double x1, double y1, double x2, double y2, const std::string& style_class = "");
std::string svg_dot(double x, double y, double radius, const std::string& style_class, const std::string& tip);
// Straight lines from point to point.
std::string svg_path(const std::vector<std::pair<double, double>>& points, const std::string& style_class);

}  // namespace senetc::html
