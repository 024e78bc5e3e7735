#include "models/graph/parse.h"
#include "models/graph/print.h"
#include "models/passes/passes.h"
#include "models/reference/evaluate.h"
#include "support.h"

using namespace senetc;

namespace {

const std::string kNorm =
    "batch_norm %conv weight=@bn.weight bias=@bn.bias mean=@bn.running_mean variance=@bn.running_var";

std::string network(const std::string& conv, const std::string& rest) {
    return "graph g\n%x = input : f32[4,5,3]\n%conv = " + conv + "\n" + rest + "\n";
}

// Runs the pass on random weights and checks that the output stays.
Graph folded(const std::string& text) {
    std::mt19937 random(11);
    Graph graph = bind_random(parse_graph(text, "test"), random);
    auto input = random_input(graph, random);
    Graph result = fold_batch_norm(graph);
    CHECK(relative_error(evaluate(graph, input)[graph.output], evaluate(result, input)[result.output]) <= 1e-14);
    return result;
}

const std::string kConv = "conv %x weight=@conv.weight out=6 kernel=3x3 pad=1";

}  // namespace

TEST_CASE("a batch norm after a convolution folds into it, under the convolution's name") {
    Graph result = folded(network(kConv, "%bn = " + kNorm + " epsilon=0.01\nreturn %bn"));
    REQUIRE(result.nodes.size() == 2);
    CHECK(print(result, result.nodes[1]) ==
          "%conv = conv %x weight=@conv.weight.folded bias=@conv.bias.folded out=6 kernel=3x3 pad=1 : f32[6,5,3]");
}

TEST_CASE("folding keeps the convolution's own bias") {
    folded(network(kConv + " bias=@conv.bias", "%bn = " + kNorm + " epsilon=0.01\nreturn %bn"));
}

TEST_CASE("folding keeps the batch norm's activation and stage, and works on depthwise convolutions") {
    Graph result = folded(network("conv %x weight=@conv.weight out=4 kernel=3x3 stride=2 pad=1 groups=4",
                                  "%bn = " + kNorm + " epsilon=0.01 act=relu stage=stem\nreturn %bn"));
    REQUIRE(result.nodes.size() == 2);
    CHECK(result.nodes[1].stage == "stem");
    CHECK(std::get<ConvOp>(result.nodes[1].op).activation == Activation::relu);
}

TEST_CASE("two batch norms in a row fold into one convolution") {
    Graph result = folded(network(kConv, "%bn = " + kNorm +
                                             " epsilon=0.01\n%bn2 = batch_norm %bn weight=@b.weight bias=@b.bias "
                                             "mean=@b.running_mean variance=@b.running_var epsilon=0.1\nreturn %bn2"));
    CHECK(result.nodes.size() == 2);
}

TEST_CASE("a convolution's weight that another convolution shares stays as it was") {
    Graph result = folded(network(kConv, "%bn = " + kNorm + " epsilon=0.01\n%b = conv %x weight=@conv.weight out=6 " +
                                             "kernel=3x3 pad=1\n%sum = add %bn %b\nreturn %sum"));
    CHECK(count_ops(result, "batch_norm") == 0);
}

TEST_CASE("a batch norm stays when something else sees the convolution's value") {
    for (const std::string& text : {
             network(kConv, "%bn = " + kNorm + " epsilon=0.01\n%sum = add %conv %bn\nreturn %sum"),
             network(kConv + " stage=seen", "%bn = " + kNorm + " epsilon=0.01\nreturn %bn"),
             network(kConv, "%bn = " + kNorm + " epsilon=0.01\nreturn %conv"),
         }) {
        CHECK(count_ops(folded(text), "batch_norm") == 1);
    }
}

TEST_CASE("a batch norm stays after anything but a plain convolution") {
    CHECK(count_ops(folded(network(kConv + " act=relu", "%bn = " + kNorm + " epsilon=0.01\nreturn %bn")),
                    "batch_norm") == 1);
    CHECK(count_ops(folded(network("conv %x %x weight=@conv.weight out=4 kernel=1x1",
                                   "%bn = " + kNorm + " epsilon=0.01\nreturn %bn")),
                    "batch_norm") == 1);
    CHECK(count_ops(
              folded(network("max_pool %x kernel=3 stride=2 pad=1", "%bn = " + kNorm + " epsilon=0.01\nreturn %bn")),
              "batch_norm") == 1);
}

TEST_CASE("a batch norm stays after a convolution with a gate") {
    Graph result = folded(
        "graph g\n%x = input : f32[4,5,3]\n%g = global_avg_pool %x\n%conv = conv %x %g "
        "weight=@conv.weight out=4 kernel=1x1 gate=output\n%bn = " +
        kNorm + " epsilon=0.01\nreturn %bn\n");
    CHECK(count_ops(result, "batch_norm") == 1);
}

TEST_CASE("without constants the names alone are rewritten") {
    Graph result = fold_batch_norm(parse_graph(network(kConv, "%bn = " + kNorm + " epsilon=0.01\nreturn %bn"), "test"));
    CHECK(result.constants.empty());
    CHECK(std::get<ConvOp>(result.nodes[1].op).bias_name == "conv.bias.folded");
}
