// One pass on one small graph, given as text.
#pragma once

#include "models/graph/parse.h"
#include "models/graph/print.h"
#include "models/graph/verify.h"
#include "models/reference/evaluate.h"
#include "support.h"

namespace senetc {

// The graph of `text` after `pass`, on random weights. Its output, and every stage that it keeps, is as before.
inline Graph after_pass(Graph (*pass)(Graph), const std::string& text) {
    std::mt19937 random(29);
    Graph graph = bind_random(parse_graph("graph g\n" + text, "test"), random), result = pass(graph);
    REQUIRE_NOTHROW(verify(result));
    auto input = random_input(graph, random);
    auto before = evaluate(graph, input), after = evaluate(result, input);
    CHECK(relative_error(before[graph.output], after[result.output]) <= 1e-13);
    for (size_t id = 0; id < result.nodes.size(); id++)
        for (size_t old = 0; old < graph.nodes.size(); old++)
            if (!result.nodes[id].stage.empty() && result.nodes[id].stage == graph.nodes[old].stage)
                CHECK(relative_error(before[old], after[id]) <= 1e-13);
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
