// Every pass on a thousand random networks, compared with the network before it, in double.
#include "random_graph.h"
#include "models/passes/passes.h"
#include "pass_check.h"

using namespace senetc;

namespace {

constexpr int kGraphs = 1000;

}  // namespace

TEST_CASE("every pass leaves the output and the stages that it keeps as they were, in double") {
    std::mt19937 random(1);
    std::map<std::string, int> changed;
    for (int i = 0; i < kGraphs; i++) {
        Graph graph = random_graph(random);
        CAPTURE(i);
        REQUIRE_NOTHROW(verify(graph));
        auto input = random_input(graph, random);
        auto before = visible(graph, input);
        std::string text = print(graph);
        run_passes(graph, [&](const Pass& pass, const Graph& result) {
            auto after = visible(result, input);
            if (std::string(pass.name) == "drop_dead_code" || std::string(pass.name) == "release_stages")
                std::erase_if(before, [&](const auto& stage) { return !after.contains(stage.first); });
            REQUIRE(after.size() == before.size());
            for (const auto& [stage, values] : before)
                REQUIRE_MESSAGE(relative_error(values, after[stage]) <= 1e-13, std::string(pass.name)
                                                                                   << " " << stage << "\n"
                                                                                   << text << print(result));
            changed[pass.name] += print(result) != text;
            text = print(result);
        });
    }
    for (const Pass& pass : default_passes())
        if (std::string(pass.name) != "infer_shapes")
            CHECK_MESSAGE(changed[pass.name] > kGraphs / 20, std::string(pass.name));
}

TEST_CASE("whichever pass is left out, the output stays as it was, in double") {
    std::mt19937 random(5);
    for (int i = 0; i < kGraphs / 4; i++) {
        Graph graph = random_graph(random);
        auto input = random_input(graph, random);
        const auto before = evaluate(graph, input)[graph.output];
        for (const Pass& pass : default_passes()) {
            Graph result = run_passes(graph, nullptr, {{pass.name}});
            REQUIRE_MESSAGE(relative_error(before, evaluate(result, input)[result.output]) <= 1e-12,
                            std::string(pass.name) << "\n"
                                                   << print(graph) << print(result));
        }
    }
}

TEST_CASE("after all passes only the operations remain that stages are made of") {
    std::mt19937 random(2);
    const std::vector<std::string> lowered = {"input",           "conv",   "batch_norm",  "max_pool",
                                              "global_avg_pool", "excite", "scale_add",   "add_activation",
                                              "activation",      "linear", "window_means"};
    for (int i = 0; i < kGraphs; i++)
        for (const Node& node : run_passes(random_graph(random)).nodes)
            REQUIRE(std::find(lowered.begin(), lowered.end(), op_name(node.op)) != lowered.end());
}

TEST_CASE("passes have nothing left to do the second time") {
    std::mt19937 random(3);
    for (int i = 0; i < kGraphs; i++) {
        Graph once = run_passes(random_graph(random));
        Graph twice = run_passes(once);
        REQUIRE(print(once) == print(twice));
    }
}

TEST_CASE("the text of a random graph parses to a graph with the same text, after every pass too") {
    std::mt19937 random(4);
    for (int i = 0; i < kGraphs; i++)
        run_passes(random_graph(random), [](const Pass&, const Graph& graph) {
            REQUIRE(print(parse_graph(print(graph), "printed")) == print(without_notes(graph)));
        });
}
