// The passes on whole networks, at small inputs.
#include "models/graph/print.h"
#include "models/passes/passes.h"
#include "models/reference/evaluate.h"
#include "models/weights/formula.h"
#include "models/zoo/zoo.h"
#include "support.h"

using namespace senetc;

namespace {

Graph built(const std::string& name, int height, int width, bool plain = false) {
    const Network& network = find_network(name);
    NetworkOptions options;
    options.height = height, options.width = width, options.classes = 7, options.plain = plain;
    return network.build(network, options);
}

}  // namespace

TEST_CASE("the passes leave logits and stages of every network as they were, at odd and non-square inputs") {
    std::mt19937 random(3);
    for (const char* name : {"se_resnet18", "se_resnet50", "se_resnet20_cifar", "se_mobilenet_v1"}) {
        for (bool plain : {false, true}) {
            CAPTURE(std::string(name));
            CAPTURE(plain);
            Graph graph = bind_formula_weights(built(name, 23, 34, plain));
            Graph result = run_passes(graph);
            auto input = random_input(graph, random);
            auto before = evaluate(graph, input), after = evaluate(result, input);
            CHECK(relative_error(before[graph.output], after[result.output]) <= 1e-12);
            int stages = 0;
            for (size_t id = 0; id < graph.nodes.size(); id++) {
                if (graph.nodes[id].stage.empty()) continue;
                auto same = [&](const Node& node) { return node.stage == graph.nodes[id].stage; };
                auto found = std::find_if(result.nodes.begin(), result.nodes.end(), same);
                REQUIRE(found != result.nodes.end());
                CHECK(relative_error(before[id], after[found - result.nodes.begin()]) <= 1e-12);
                stages++;
            }
            CHECK(stages >= 3);
        }
    }
}

TEST_CASE("an SE basic block becomes two convolutions, a pool, an excitation and one scale_add") {
    Graph graph = run_passes(built("se_resnet20_cifar", 32, 32));
    size_t begin = id_of(graph, "layer1.0.conv1");
    std::vector<std::string> ops;
    for (size_t id = begin; id < begin + 5; id++) ops.push_back(op_name(graph.nodes[id].op));
    CHECK(ops == std::vector<std::string>{"conv", "conv", "global_avg_pool", "excite", "scale_add"});
    CHECK(graph.nodes[begin + 4].inputs.size() == 3);
    CHECK(std::get<ScaleAddOp>(graph.nodes[begin + 4].op).activation == Activation::relu);
    for (const char* gone : {"batch_norm", "activation", "add_activation"}) CHECK(count_ops(graph, gone) == 0);
}

TEST_CASE("a plain network becomes convolutions with their residuals inside, one pool and the classifier") {
    Graph graph = run_passes(built("se_resnet50", 64, 64, true));
    CHECK(graph.name == "resnet50");
    CHECK(count_ops(graph, "conv") == 53);
    CHECK(graph.nodes.size() == 53 + 4);  // input, maxpool, pool, fc
    auto fused = [](const Node& node) { return std::holds_alternative<ConvOp>(node.op) && node.inputs.size() == 2; };
    CHECK(std::count_if(graph.nodes.begin(), graph.nodes.end(), fused) == 16);
}

TEST_CASE("networks run at one pixel") {
    std::mt19937 random(3);
    for (const Network& network : networks()) {
        NetworkOptions options;
        options.height = options.width = 1, options.classes = 2;
        Graph graph = network.build(network, options);
        CHECK(graph.nodes[graph.output].type == Type{2, 0, 0});
    }
}
