#include "models/graph/parse.h"
#include "models/graph/print.h"
#include "models/passes/passes.h"
#include "models/reference/evaluate.h"
#include "support.h"

using namespace senetc;

namespace {

struct Block {
    std::string between = "act=relu", gate = "act=sigmoid", biases[2], stages[2], rest;
    int out = 6;
};

Graph recognised(const Block& b) {
    std::string fc2 = "fc2.weight" + (b.biases[1].empty() ? "" : " bias=@" + b.biases[1]);
    std::string text =
        "graph g\n%x = input : f32[6,3,2]\n%pool = global_avg_pool %x\n%fc1 = linear %pool weight=@fc1.weight out=2" +
        (b.biases[0].empty() ? "" : " bias=@" + b.biases[0]) + b.stages[0] + "\n%relu = activation %fc1 " + b.between +
        "\n%fc2 = linear %relu weight=@" + fc2 + " out=" + std::to_string(b.out) + "\n%gate = activation %fc2 " +
        b.gate + b.stages[1] + "\n" + (b.rest.empty() ? "%y = scale %x %gate\nreturn %y" : b.rest);
    std::mt19937 random(5);
    Graph graph = bind_random(parse_graph(text, "test"), random);
    auto input = random_input(graph, random);
    Graph result = recognise_se(graph);
    CHECK(relative_error(evaluate(graph, input)[graph.output], evaluate(result, input)[result.output]) <= 1e-15);
    return result;
}

}  // namespace

TEST_CASE("linear, relu, linear, sigmoid on a pooled map is an excitation, under the gate's name and stage") {
    Block block;
    block.stages[1] = " stage=gates";
    Graph result = recognised(block);
    CHECK(result.nodes.size() == 4);
    CHECK(print(result, result.nodes[2]) ==
          "%gate = excite %pool w1=@fc1.weight w2=@fc2.weight hidden=2 out=6 stage=gates : f32[6]");
}

TEST_CASE("the linears may have biases, one or both") {
    for (const std::string first : {"", "fc1.bias"}) {
        for (const std::string second : {"", "fc2.bias"}) {
            Block block;
            block.biases[0] = first, block.biases[1] = second;
            Graph result = recognised(block);
            const auto& excite = std::get<ExciteOp>(result.nodes[2].op);
            CHECK(excite.b1_name == first);
            CHECK(excite.b2_name == second);
        }
    }
}

TEST_CASE("what only resembles an excitation stays") {
    Block other_gate, other_between, named, used, narrow;
    other_gate.gate = "act=relu";
    other_between.between = "act=sigmoid";
    named.stages[0] = " stage=hidden";
    used.rest = "%again = add %relu %fc1\nreturn %again";
    narrow.out = 5, narrow.rest = "return %gate";
    for (const Block& block : {other_gate, other_between, named, used, narrow})
        CHECK(count_ops(recognised(block), "excite") == 0);
}

TEST_CASE("an excitation of a vector that isn't pooled stays as it is") {
    std::string text =
        "graph g\n%x = input : f32[6]\n%fc1 = linear %x weight=@a out=2\n%relu = activation %fc1 act=relu\n"
        "%fc2 = linear %relu weight=@b out=6\n%gate = activation %fc2 act=sigmoid\nreturn %gate\n";
    CHECK(count_ops(recognise_se(parse_graph(text, "test")), "excite") == 0);
}
