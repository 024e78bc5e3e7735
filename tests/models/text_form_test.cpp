#include "models/graph/ops.h"
#include "models/graph/parse.h"
#include "models/graph/print.h"
#include "models/passes/passes.h"
#include "models/zoo/zoo.h"
#include "support.h"

using namespace senetc;

namespace {

// Every operation once, with every attribute away from its default.
const char* const kEveryOp = R"(graph every_op
  %input = input : f32[4,9,7]
  %a = conv %input weight=@a.weight bias=@a.bias out=6 kernel=3x5 stride=2 pad=2 act=sigmoid stage=stem : f32[6,6,4]
  %b = conv %a %a weight=@b.weight out=6 kernel=1x1 groups=6 act=relu : f32[6,6,4]
  %c = batch_norm %b weight=@c.weight bias=@c.bias mean=@c.mean variance=@c.variance epsilon=0.001 act=relu : f32[6,6,4]
  %d = activation %c act=sigmoid : f32[6,6,4]
  %e = add %c %d : f32[6,6,4]
  %f = max_pool %e kernel=3 stride=2 pad=1 : f32[6,3,2]
  %g = global_avg_pool %f : f32[6]
  %h = linear %g weight=@h.weight bias=@h.bias out=6 act=relu : f32[6]
  %i = excite %h w1=@i.w1 b1=@i.b1 w2=@i.w2 b2=@i.b2 hidden=2 out=6 : f32[6]
  %j = scale %f %i : f32[6,3,2]
  %k = scale_add %f %i %j act=relu sums=1 : f32[6,3,2]
  %l = add_activation %j %k act=relu sums=1 stage=last : f32[6,3,2]
  %m = window_means %l kernel=3 pad=1 : f32[54]
  %n = excite %m w1=@n.w1 b1=@n.b1 w2=@n.w2 b2=@n.b2 hidden=2 out=6 : f32[6]
  %o = conv %l %n %l weight=@o.weight bias=@o.bias out=6 kernel=1x1 gate=output act=relu sums=1 : f32[6,3,2]
  %p = conv %o %n weight=@p.weight bias=@p.bias out=6 kernel=1x1 groups=6 gate=input act=relu sums=1 : f32[6,3,2]
  %q = scale %n %n : f32[6]
  return %p
)";

}  // namespace

TEST_CASE("every operation prints as it was parsed") {
    Graph graph = parse_graph(kEveryOp, "every_op.graph");
    CHECK(print(graph) == kEveryOp);
    std::vector<bool> seen(kOps.size(), false);
    for (const Node& node : graph.nodes) seen[node.op.index()] = true;
    for (size_t i = 0; i < kOps.size(); i++) CHECK_MESSAGE(seen[i], kOps[i].name << " is missing in this test's text");
}

TEST_CASE("a node's note is printed as a comment, which parses to nothing") {
    Graph graph = parse_graph("graph g\n%x = input : f32[4]\n%y = add %x %x\nreturn %y\n", "g");
    graph.nodes[1].note = "kept: 3 bytes < 4";
    CHECK(print(graph, graph.nodes[1]) == "%y = add %x %x : f32[4]  # kept: 3 bytes < 4");
    CHECK(parse_graph(print(graph), "printed").nodes[1].note == "");
}

TEST_CASE("types may be left out and comments put in") {
    std::string bare = "# a comment\n\ngraph every_op # the name\n";
    std::string text = kEveryOp;
    for (size_t begin = text.find('\n') + 1, end; (end = text.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
        std::string line = text.substr(begin, end - begin);
        bool is_input = line.find("= input") != std::string::npos;
        bare += (is_input ? line : line.substr(0, line.find(" : "))) + "\t# note\r\n";
    }
    CHECK(bare.find("f32[6]") == std::string::npos);
    CHECK(print(parse_graph(bare, "bare.graph")) == kEveryOp);
}

TEST_CASE("the text of every network parses to a graph with the same text, after every pass too") {
    for (const Network& network : networks()) {
        for (bool plain : {false, true}) {
            NetworkOptions options;
            options.plain = plain;
            Graph graph = network.build(network, options);
            CHECK(print(parse_graph(print(graph), "printed")) == print(graph));
            run_passes(graph, [&](const Pass& pass, const Graph& result) {
                CAPTURE(std::string(pass.name));
                CHECK(print(parse_graph(print(result), "printed")) == print(without_notes(result)));
            });
        }
    }
}

TEST_CASE("a graph file reads as its text") {
    TemporaryFile file("read.graph", kEveryOp);
    CHECK(print(read_graph(file.path())) == kEveryOp);
}
