#include "generators/verify/report.h"

#include <fmt/format.h>

#include <algorithm>

namespace senetc::verifier {
namespace {

constexpr size_t kWorst = 5;

std::string row(const Comparison& c, double tolerance) {
    return fmt::format("  {:<32} {:>12.4g} {:>10.1e} {:>10.1e}{}\n", c.name, c.largest, c.error, c.relative(),
                       c.relative() > tolerance ? "  beyond" : "");
}

bool is_worse(const Comparison& a, const Comparison& b) {
    return a.relative() > b.relative();
}

}  // namespace

std::string report(const Findings& findings, double tolerance, bool every_step) {
    std::vector<Comparison> steps = findings.steps;
    if (!every_step) {
        std::stable_sort(steps.begin(), steps.end(), is_worse);
        steps.resize(std::min(steps.size(), kWorst));
    }
    std::string text =
        fmt::format("\n{}\n  {:<32} {:>12} {:>10} {:>10}\n", findings.heading, "", "largest", "error", "relative");
    text += row(findings.logits, tolerance);
    if (steps.size() < findings.steps.size()) text += fmt::format("  of {} steps the worst:\n", findings.steps.size());
    for (const Comparison& step : steps) text += row(step, tolerance);
    if (!findings.expected.empty()) text += "  against the expected outputs:\n";
    for (const Comparison& output : findings.expected) text += row(output, tolerance);
    return text;
}

std::string fault(const Findings& findings, double tolerance) {
    const auto beyond = [&](const Comparison& c) { return !(c.relative() <= tolerance); };
    const auto first = std::find_if(findings.steps.begin(), findings.steps.end(), beyond);
    if (first != findings.steps.end()) {
        const auto worst = std::min_element(findings.steps.begin(), findings.steps.end(), is_worse);
        return fmt::format(
            "{}: the step {} is the first beyond {:.0e}, off by {:.1e} of its largest value; the worst is "
            "{}, by {:.1e}",
            findings.heading, first->name, tolerance, first->relative(), worst->name, worst->relative());
    }
    if (beyond(findings.logits))
        return fmt::format("{}: every step is right, but the logits are off by {:.1e} of the largest: {}",
                           findings.heading, findings.logits.relative(),
                           beyond(findings.passes)
                               ? "the passes changed the network"
                               : "the network makes roundings grow, which float32 can't be without");
    const auto other = std::find_if(findings.expected.begin(), findings.expected.end(), beyond);
    if (other == findings.expected.end()) return "";
    return fmt::format(
        "{}: it computes what its network says, but the expected '{}' differ by {:.1e} of the largest: "
        "the other framework ran another network, other weights or another input",
        findings.heading, other->name, other->relative());
}

}  // namespace senetc::verifier
