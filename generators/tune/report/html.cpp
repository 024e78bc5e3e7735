#include <fmt/format.h>

#include <set>

#include "generators/html/page.h"
#include "generators/html/svg.h"
#include "generators/tune/report/drawings.h"
#include "generators/tune/report/report.h"
#include "generators/tune/report/rows.h"

namespace senetc::tune::report {
namespace {

using senetc::html::escaped;

constexpr const char* kStyle = R"(
svg path { fill: none; } svg path.estimate { stroke: #3b6fb6; stroke-width: 1.5; } svg circle.estimate { fill: #3b6fb6; }
svg path.roof { stroke: #999; stroke-width: 1.5; } svg path.gain { stroke: #bbb; }
svg line.hand { stroke: #555; } svg circle.trial { fill-opacity: 0.35; } svg circle.best { stroke: #000; }
svg circle:hover { stroke: #000; fill-opacity: 1; } p.note { color: #555; max-width: 75ch; }
)";

std::string colour_rules() {
    std::string text;
    const auto rule = [&](const std::string& name, const std::string& colour) {
        text += fmt::format("rect.{0}, circle.{0} {{ fill: {1}; }} i.{0} {{ background: {1}; }}\n", name, colour);
    };
    rule("by_hand", "#8a8a8a");
    rule("other", "#444");
    for (const Colour& colour : colours()) rule(colour.algorithm, colour.colour);
    return text;
}

// Of the algorithms that there are.
std::string colour_legend(const Record& record) {
    std::set<std::string> present;
    for (const StageRecord& stage : record.stages)
        for (const Trial& trial : stage.trials)
            if (trial.ratio > 0) present.insert(colour_class(trial.schedule));
    std::string text = "<p class=\"legend\"><span><i class=\"by_hand\"></i>hand</span>";
    for (const std::string& name : present) text += fmt::format("<span><i class=\"{0}\"></i>{0}</span>", name);
    return text + "</p>\n";
}

std::string facts_list(const Record& record) {
    std::string text = "<dl>\n";
    for (const Fact& fact : facts(record))
        text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", fact.what, escaped(fact.value));
    return text + "</dl>\n";
}

std::string table_row(const char* element, const std::vector<std::string>& cells) {
    std::string text = "<tr>";
    for (size_t i = 0; i < cells.size(); ++i)
        text +=
            fmt::format("<{0}{1}>{2}</{0}>", element, columns()[i].is_number ? " class=\"n\"" : "", escaped(cells[i]));
    return text + "</tr>\n";
}

std::string table(const Record& record, const std::string& variant) {
    std::vector<std::string> titles;
    for (const Column& column : columns()) titles.push_back(column.title);
    std::string text = "<table>\n" + table_row("th", titles);
    for (const StageRecord* stage : stages_of(record, variant)) text += table_row("td", cells(record, *stage));
    return text + table_row("td", total_cells(record, variant)) + "</table>\n";
}

std::string section(const std::string& title, const std::string& note, const std::string& drawing) {
    if (drawing.empty()) return "";
    return fmt::format("<h3>{}</h3>\n<p class=\"note\">{}</p>\n{}", title, note, drawing);
}

std::string variant_part(const Record& record, const std::string& variant) {
    return fmt::format("<h2>{}</h2>\n<p>{}</p>\n{}", escaped(variant), escaped(summary(record, variant)),
                       colour_legend(record)) +
           section("Time in the network",
                   "A stage's time as often as the network uses it: by hand, by the best autoscheduler where one was "
                   "tried, tuned.",
                   draw_bars(record, variant)) +
           section(
               "Candidates",
               "Every candidate's time by the hand schedule's in the same run; the ringed one is the best. What was "
               "clearly slower was stopped early; what took more than four times as long lies on the edge.",
               draw_candidates(record, variant)) +
           section(
               "Roofline",
               "A grey dot is a stage by hand, the other one tuned; a slope is what one thread reads, each argument "
               "once. Multiply-adds are those of a direct evaluation: Winograd may lie above the peak. Stages "
               "whose arguments lie in a first-level cache may lie above a slope.",
               draw_roofline(record, variant)) +
           section("Stages", legend(), table(record, variant));
}

}  // namespace

std::string html(const Record& record) {
    std::string text = fmt::format("<h1>Tuning {}</h1>\n{}", escaped(record.network), facts_list(record));
    text += section("Progress", "The network's time, estimated from its stages alone, over the time of tuning.",
                    draw_progress(record));
    for (const std::string& variant : record.variants()) text += variant_part(record, variant);
    return senetc::html::page("Tuning " + record.network, kStyle + colour_rules(), text);
}

}  // namespace senetc::tune::report
