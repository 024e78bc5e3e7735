// What the tests of passes look at.
#pragma once

#include "models/graph/parse.h"
#include "models/graph/print.h"
#include "models/graph/verify.h"
#include "models/reference/evaluate.h"
#include "support.h"

namespace senetc {

// What users can see: the output, as "", and the value of every stage.
using Visible = std::map<std::string, std::vector<double>>;

inline Visible visible(const Graph& graph, const std::vector<double>& input) {
    auto values = evaluate(graph, input);
    Visible result = {{"", values[graph.output]}};
    for (size_t id = 0; id < graph.nodes.size(); id++)
        if (!graph.nodes[id].stage.empty()) result[graph.nodes[id].stage] = values[id];
    return result;
}

// The graph of `text` after `pass`, on random weights. Its output, and every stage that it keeps, is as before.
inline Graph after_pass(Graph (*pass)(Graph), const std::string& text) {
    std::mt19937 random(29);
    Graph graph = bind_random(parse_graph("graph g\n" + text, "test"), random), result = pass(graph);
    REQUIRE_NOTHROW(verify(result));
    auto input = random_input(graph, random);
    const Visible before = visible(graph, input);
    for (const auto& [stage, values] : visible(result, input)) CHECK(relative_error(before.at(stage), values) <= 1e-13);
    return result;
}

// A node's text without its type and note; "" when there is no node of this name.
inline std::string line(const Graph& graph, const std::string& name) {
    for (const Node& node : graph.nodes)
        if (node.name == name) return print(graph, node).substr(0, print(graph, node).find(" : "));
    return "";
}

// Whether the pass leaves the graph's text as it is, but for notes.
inline bool stays(Graph (*pass)(Graph), const std::string& text) {
    Graph before = parse_graph("graph g\n" + text, "test");
    return print(without_notes(after_pass(pass, text))) == print(before);
}

}  // namespace senetc
