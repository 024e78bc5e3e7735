#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "generators/compiler/targets.h"
#include "generators/html/page.h"
#include "generators/html/svg.h"
#include "generators/inspect/analysis.h"
#include "generators/inspect/drawing.h"
#include "generators/inspect/inspect.h"
#include "generators/inspect/kernel_uses.h"
#include "generators/inspect/step_kind.h"
#include "generators/inspect/text_forms.h"

namespace senetc::inspect {
namespace {

using html::escaped;

constexpr const char* kStyle = "svg rect.value { fill-opacity: 0.45; stroke: #fff; }\n";

std::string colours() {
    std::string text;
    for (const StepKind& kind : step_kinds())
        text += fmt::format("rect.{0} {{ fill: {1}; }} i.{0} {{ background: {1}; }}\n", kind.id, kind.colour);
    return text;
}

// Of the kinds of steps that there are.
std::string legend(const PlanVariant& variant) {
    std::string text = "<p class=\"legend\">";
    std::set<std::string> present = {kind_of(variant.ingest[0]).id};
    for (const PlanStep& step : variant.steps) present.insert(kind_of(step).id);
    for (const StepKind& kind : step_kinds()) {
        if (!present.contains(kind.id)) continue;
        text += fmt::format("<span><i class=\"{}\"></i>{}</span>", kind.id, kind.name);
    }
    return text + "</p>\n";
}

std::string facts(const Library& library) {
    std::string text = "<dl>\n";
    const auto fact = [&](const char* what, const std::string& value) {
        text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", what, escaped(value));
    };
    fact("made by", library.plan.producer + " " + library.plan.flags);
    fact("build id", library.build_id);
    fact("target", library.target);
    fact("weights", fmt::format("{}, hash {}", bytes_text(library.weights_bytes), library.weights_hash));
    return text + "</dl>\n";
}

std::string numbers(std::initializer_list<std::string> cells) {
    std::string text;
    for (const std::string& cell : cells) text += fmt::format("<td class=\"n\">{}</td>", cell);
    return text;
}

std::string step_rows(const PlanVariant& variant) {
    std::string text =
        "<details><summary>Steps</summary><table>\n<tr><th class=\"n\">step</th><th>name</th><th "
        "class=\"n\">output</th>"
        "<th class=\"n\">MFLOP</th><th class=\"n\">moves</th><th class=\"n\">FLOP/B</th><th>kernel</th><th>stage</th>"
        "</tr>\n";
    for (size_t i = 0; i < variant.steps.size(); ++i) {
        const PlanStep& step = variant.steps[i];
        text += fmt::format(
            "<tr>{}<td>{}</td>{}<td class=\"k\">{}</td><td>{}</td></tr>\n", numbers({std::to_string(i + 1)}),
            escaped(step.name),
            numbers({shape_text(step), fmt::format("{:.3f}", double(step.flops) / 1e6), bytes_text(step.bytes),
                     fmt::format("{:.1f}", double(step.flops) / double(std::max<uint64_t>(step.bytes, 1)))}),
            short_name(step.entry), escaped(step.stage));
    }
    return text + "</table></details>\n";
}

std::string kernel_rows(const Library& library, const PlanVariant& variant) {
    const Machine machine(find_target(library.target).triple, "");
    std::string text =
        "<details open><summary>Kernels</summary><table>\n<tr><th>kernel</th><th class=\"n\">steps</th><th class=\"n\">"
        "work</th><th class=\"n\">code</th><th class=\"n\" title=\"multiply-adds of the instructions of the inner "
        "loop\">"
        "inner loop</th><th class=\"n\" title=\"the inner loop's stores to the stack and loads from it\">spills</th>"
        "<th>source</th><th>stage by schedule</th></tr>\n";
    for (const KernelUse& use : kernel_uses(variant)) {
        const Kernel& kernel = library.kernels.at(use.name);
        const Analysis analysis = analyse(kernel, machine);
        text += fmt::format(
            "<tr><td class=\"k\">{}</td>{}<td>{}</td><td class=\"k\">{} <b>by</b> {}</td></tr>\n", short_name(use.name),
            numbers({std::to_string(use.steps.size()), fmt::format("{:.2f} %", share(use.flops, total_flops(variant))),
                     bytes_text(kernel.bytes()), analysis.loop ? density_text(*analysis.loop) : "",
                     analysis.loop ? spills_text(*analysis.loop) : ""}),
            escaped(sources_of(use)), escaped(use.steps[0]->kernel), escaped(use.steps[0]->schedule));
    }
    return text + "</table></details>\n";
}

}  // namespace

std::string html(const Library& library, const std::vector<std::string>& variants) {
    const Plan& plan = library.plan;
    std::string text =
        fmt::format("<h1>{}</h1>\n<p>{}</p>\n{}", escaped(plan.name), escaped(plan.description), facts(library));
    for (const PlanVariant* variant : find_variants(library, variants)) {
        text += fmt::format("<h2>{}: {} steps, {:.1f} MFLOP an image, arena {} an image</h2>\n{}",
                            escaped(variant->name), variant->steps.size(), double(total_flops(*variant)) / 1e6,
                            bytes_text(variant->arena_bytes), legend(*variant));
        text += fmt::format("<p>schedules: {}</p>\n", escaped(sources_text(*variant)));
        text += draw_plan(*variant) + kernel_rows(library, *variant) + step_rows(*variant);
    }
    return html::page(plan.name, kStyle + colours(), text);
}

}  // namespace senetc::inspect
