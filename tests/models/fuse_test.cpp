// fuse_residual and fuse_activation.
#include "models/graph/parse.h"
#include "models/graph/print.h"
#include "models/passes/passes.h"
#include "models/reference/evaluate.h"
#include "support.h"

using namespace senetc;

namespace {

// Values to build on: the input %x, a convolution %a of it, a gate %g.
const std::string kHead =
    "graph g\n%x = input : f32[4,5,3]\n%a = conv %x weight=@a.weight out=4 kernel=3x3 pad=1\n%g = global_avg_pool %x\n";

std::vector<std::string> fused(Graph (*pass)(Graph), const std::string& body) {
    std::mt19937 random(23);
    Graph graph = bind_random(parse_graph(kHead + body, "test"), random);
    auto input = random_input(graph, random);
    Graph result = pass(graph);
    CHECK(relative_error(evaluate(graph, input)[graph.output], evaluate(result, input)[result.output]) <= 1e-15);
    std::vector<std::string> lines;  // without types
    for (const Node& node : result.nodes)
        lines.push_back(print(result, node).substr(0, print(result, node).find(" : ")));
    return lines;
}

bool has(const std::vector<std::string>& lines, const std::string& line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
}

}  // namespace

TEST_CASE("a residual is added in the convolution before it, whichever side it stands on") {
    for (const char* add : {"%y = add %a %x stage=sum\nreturn %y", "%y = add %x %a stage=sum\nreturn %y"})
        CHECK(has(fused(fuse_residual, add), "%a = conv %x %x weight=@a.weight out=4 kernel=3x3 pad=1 stage=sum"));
}

TEST_CASE("of two convolutions the later one takes the other as its residual") {
    auto lines = fused(fuse_residual, "%b = conv %x weight=@b.weight out=4 kernel=1x1\n%y = add %b %a\nreturn %y");
    CHECK(lines.back() == "%b = conv %x %a weight=@b.weight out=4 kernel=1x1");
}

TEST_CASE("a convolution waits for a residual that is computed after it") {
    auto lines = fused(fuse_residual, "%r = activation %x act=relu\n%y = add %a %r\nreturn %y");
    CHECK(lines.back() == "%a = conv %x %r weight=@a.weight out=4 kernel=3x3 pad=1");
}

TEST_CASE("a scale takes the residual even when the residual is a later convolution") {
    auto lines = fused(fuse_residual,
                       "%s = scale %a %g\n%d = conv %x weight=@d.weight out=4 kernel=1x1\n%y = add %s %d\nreturn %y");
    CHECK(lines.back() == "%s = scale_add %a %g %d");
}

TEST_CASE("a convolution with a gate takes the residual behind its gate, before a later convolution without") {
    const std::string gated = "%c = conv %x %g weight=@c.weight out=4 kernel=3x3 pad=1 gate=output\n";
    auto lines = fused(fuse_residual, gated + "%y = add %x %c\nreturn %y");
    CHECK(lines.back() == "%c = conv %x %g %x weight=@c.weight out=4 kernel=3x3 pad=1 gate=output");
    lines = fused(fuse_residual, gated + "%d = conv %x weight=@d.weight out=4 kernel=1x1\n%y = add %c %d\nreturn %y");
    CHECK(lines.back() == "%c = conv %x %g %d weight=@c.weight out=4 kernel=3x3 pad=1 gate=output");
    lines = fused(fuse_activation,
                  "%c = conv %x %g %x weight=@c.weight out=4 kernel=1x1 gate=output\n"
                  "%y = activation %c act=relu\nreturn %y");
    CHECK(lines.back() == "%c = conv %x %g %x weight=@c.weight out=4 kernel=1x1 gate=output act=relu");
}

TEST_CASE("a lone scale becomes scale_add and a lone add add_activation") {
    CHECK(has(fused(fuse_residual, "%s = scale %x %g\nreturn %s"), "%s = scale_add %x %g"));
    CHECK(has(fused(fuse_residual, "%s = add %x %x\nreturn %s"), "%s = add_activation %x %x"));
}

TEST_CASE("an addition stays by itself when something else sees its operands") {
    CHECK(
        has(fused(fuse_residual, "%y = add %a %x\n%z = add_activation %y %a\nreturn %z"), "%y = add_activation %a %x"));
    CHECK(has(fused(fuse_residual, "%y = add %a %a\nreturn %y"), "%y = add_activation %a %a"));
    CHECK(has(
        fused(fuse_residual, "%c = conv %x weight=@c.weight out=4 kernel=1x1 stage=seen\n%y = add %c %x\nreturn %y"),
        "%y = add_activation %c %x"));
    CHECK(
        has(fused(fuse_residual, "%c = conv %x weight=@c.weight out=4 kernel=1x1 act=relu\n%y = add %c %x\nreturn %y"),
            "%y = add_activation %c %x"));
}

TEST_CASE("a convolution takes one residual only") {
    auto lines = fused(fuse_residual, "%y = add %a %x\n%z = add %y %x\nreturn %z");
    CHECK(lines.back() == "%z = add_activation %a %x");
}

TEST_CASE("a depthwise convolution takes no residual") {
    auto lines = fused(fuse_residual,
                       "%d = conv %x weight=@d.weight out=4 kernel=3x3 pad=1 groups=4\n%y = add %d %x\nreturn %y");
    CHECK(lines.back() == "%y = add_activation %d %x");
}

TEST_CASE("every operation with an activation takes the one after it, with its stage") {
    for (const std::string op : {"conv %x weight=@w out=2 kernel=1x1",
                                 "batch_norm %x weight=@w bias=@b mean=@m variance=@v.running_var epsilon=1",
                                 "linear %g weight=@w out=2", "scale_add %x %g %x", "add_activation %x %x"})
        for (const std::string act : {"relu", "sigmoid"})
            CHECK(has(fused(fuse_activation, "%p = " + op + "\n%y = activation %p act=" + act + " stage=s\nreturn %y"),
                      "%p = " + op + " act=" + act + " stage=s"));
}

TEST_CASE("an activation stays by itself when something else sees its operand") {
    CHECK(has(fused(fuse_activation, "%y = activation %a act=relu stage=s\n%z = add %y %a\nreturn %z"),
              "%y = activation %a act=relu stage=s"));
    CHECK(has(fused(fuse_activation, "%c = add_activation %x %x stage=seen\n%y = activation %c act=relu\nreturn %y"),
              "%y = activation %c act=relu"));
    CHECK(has(fused(fuse_activation, "%y = activation %g act=relu\nreturn %y"), "%y = activation %g act=relu"));
}

TEST_CASE("a second activation isn't merged with the first") {
    auto lines = fused(fuse_activation, "%p = activation %a act=relu\n%y = activation %p act=sigmoid\nreturn %y");
    CHECK(lines.back() == "%y = activation %a act=sigmoid");
    CHECK(has(lines, "%a = conv %x weight=@a.weight out=4 kernel=3x3 pad=1 act=relu"));
}

TEST_CASE("dead nodes and constants are dropped, the input never") {
    Graph graph = parse_graph(kHead + "%y = conv %x weight=@y.weight out=1 kernel=1x1\nreturn %y", "test");
    std::mt19937 random(1);
    Graph result = drop_dead_code(bind_random(graph, random));
    CHECK(result.nodes.size() == 2);
    CHECK(result.nodes[0].name == "x");
    CHECK(result.constants.size() == 1);
    CHECK(result.constants.contains("y.weight"));
    graph.output = 0;
    CHECK(drop_dead_code(graph).nodes.size() == 1);
}
