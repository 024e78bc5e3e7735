#include "models/graph/print.h"

#include <fmt/format.h>

#include "models/graph/ops.h"
#include "models/graph/types.h"

namespace senetc {
namespace {

struct Printer {
    std::string text;

    void constant(const char* key, const std::string& name, Presence) {
        if (!name.empty()) text += fmt::format(" {}=@{}", key, name);
    }
    void integer(const char* key, int value, Range, int absent) {
        if (value != absent) text += fmt::format(" {}={}", key, value);
    }
    void extent(const char* key, int height, int width, Range) { text += fmt::format(" {}={}x{}", key, height, width); }
    void positive(const char* key, double value) { text += fmt::format(" {}={}", key, value); }
    template <class Enum>
    void choice(const char* key, Enum value) {
        if (value != Enum{}) text += fmt::format(" {}={}", key, to_string(value));
    }
    void flag(const char* key, bool value) {
        if (value) text += fmt::format(" {}=1", key);
    }
};

}  // namespace

std::string print(const Graph& graph, const Node& node) {
    Printer printer{fmt::format("%{} = {}", node.name, op_name(node.op))};
    for (ValueId input : node.inputs) printer.text += " %" + graph.nodes.at(input).name;
    visit_fields(node.op, printer);
    if (!node.stage.empty()) printer.text += " stage=" + node.stage;
    if (node.type.known()) printer.text += " : " + to_string(node.type);
    if (!node.note.empty()) printer.text += "  # " + node.note;
    return printer.text;
}

std::string print(const Graph& graph) {
    std::string text = fmt::format("graph {}\n", graph.name);
    for (const Node& node : graph.nodes) text += "  " + print(graph, node) + "\n";
    if (graph.output >= 0) text += "  return %" + graph.nodes.at(graph.output).name + "\n";
    return text;
}

}  // namespace senetc
