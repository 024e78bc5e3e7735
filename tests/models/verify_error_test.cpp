// What verify and type inference refuse, each with a sentence that names the node.
#include "models/graph/verify.h"

#include "models/graph/parse.h"
#include "models/passes/passes.h"
#include "support.h"

using namespace senetc;

namespace {

const std::string kHead = "graph g\n%x = input : f32[4,8,6]\n%v = global_avg_pool %x\n";

// The error of one line after a map %x and a vector %v.
std::string line_error(const std::string& line) {
    std::string error = error_of([&] { parse_graph(kHead + line + "\nreturn %x\n", "g"); });
    REQUIRE(error.starts_with("g:4: "));
    return error.substr(5);
}

// A legal graph to spoil.
Graph legal() {
    std::mt19937 random(1);
    return bind_random(parse_graph(kHead + "%y = linear %v weight=@w bias=@b out=3\nreturn %y\n", "g"), random);
}

std::string verify_error(const Graph& graph) {
    return error_of([&] { verify(graph); });
}

}  // namespace

TEST_CASE("the number and kinds of inputs") {
    CHECK(line_error("%y = add %x") == "%y (add): has 1 inputs where add takes 2");
    CHECK(line_error("%y = scale_add %x %v %x %x") == "%y (scale_add): has 4 inputs where scale_add takes 2 or 3");
    CHECK(line_error("%y = global_avg_pool %v") ==
          "%y (global_avg_pool): input 1 is the vector f32[4] where global_avg_pool takes a map");
    CHECK(line_error("%y = scale %x %x") == "%y (scale): input 2 is the map f32[4,8,6] where scale takes a vector");
}

TEST_CASE("ranges of attributes") {
    CHECK(line_error("%y = conv %x weight=@w out=0 kernel=1x1") == "%y (conv): out=0 must be between 1 and 65536");
    CHECK(line_error("%y = conv %x weight=@w out=1 kernel=1x0") == "%y (conv): kernel=0 must be between 1 and 1024");
    CHECK(line_error("%y = conv %x weight=@w out=1 kernel=1x1 stride=0") ==
          "%y (conv): stride=0 must be between 1 and 1024");
    CHECK(line_error("%y = conv %x weight=@w out=1 kernel=1x1 pad=-1") ==
          "%y (conv): pad=-1 must be between 0 and 1024");
    CHECK(line_error("%y = batch_norm %x weight=@w bias=@b mean=@m variance=@v epsilon=0") ==
          "%y (batch_norm): epsilon=0 must be above 0");
    CHECK(line_error("%y = activation %x") == "%y (activation): act=relu or act=sigmoid is needed");
}

TEST_CASE("shapes that don't fit") {
    CHECK(line_error("%y = conv %x weight=@w out=8 kernel=3x3 groups=4") ==
          "%y (conv): groups=4 must be 1, or equal to the input's 4 and the output's 8 channels");
    CHECK(line_error("%y = conv %x weight=@w out=1 kernel=3x9 pad=1") ==
          "%y (conv): a 3x9 window with pad 1 doesn't fit into f32[4,8,6]: the map would vanish; give a larger input");
    CHECK(line_error("%y = conv %x %x weight=@w out=1 kernel=1x1") ==
          "%y (conv): the residual is f32[4,8,6] where f32[1,8,6] is added");
    CHECK(line_error("%y = max_pool %x kernel=3 pad=2") ==
          "%y (max_pool): pad=2 is more than half of kernel=3: a window could see padding alone");
    CHECK(line_error("%y = add %x %v") == "%y (add): adds f32[4] to f32[4,8,6]: the types must be equal");
    CHECK(error_of([] { parse_graph(kHead + "%f = linear %v weight=@w out=3\n%y = scale %x %f\nreturn %y", "g"); }) ==
          "g:5: %y (scale): the gate is f32[3] where f32[4] is needed");
    CHECK(line_error("%y = conv %x weight=@w out=65536 kernel=1x1 pad=1000") ==
          "%y (conv): the value f32[65536,2008,2006] isn't between 1 and 65536 channels, 65536 a side and 1073741824 "
          "elements");
}

TEST_CASE("a convolution's shortcut: with its map, of the right size, and never depthwise") {
    const std::string conv = "weight=@w out=4 kernel=1x1 shortcut_weight=@s";
    CHECK(line_error("%y = conv %x " + conv) ==
          "%y (conv): shortcut_weight= needs the map that the shortcut reads as last input");
    CHECK(line_error("%y = conv %x %v " + conv) == "%y (conv): the shortcut reads f32[4], not a map");
    CHECK(line_error("%y = conv %x %x " + conv + " shortcut_stride=2") ==
          "%y (conv): the shortcut is f32[4,4,3] where f32[4,8,6] is added");
    CHECK(line_error("%y = conv %x %x groups=4 " + conv) ==
          "%y (conv): a depthwise convolution can't have a shortcut_weight=");
    CHECK(line_error("%y = conv %x %x weight=@w out=4 kernel=1x1 shortcut_stride=2") ==
          "%y (conv): shortcut_bias= and shortcut_stride= need shortcut_weight=");
    CHECK(line_error("%y = conv %x %x weight=@w out=4 kernel=1x1 shortcut_bias=@b") ==
          "%y (conv): shortcut_bias= and shortcut_stride= need shortcut_weight=");
}

TEST_CASE("a convolution's gate: of the right kind, size and place") {
    CHECK(line_error("%y = conv %x %v %x weight=@w out=4 kernel=1x1") ==
          "%y (conv): has 3 inputs where conv takes 1 or 2 without gate=");
    CHECK(line_error("%y = conv %x weight=@w out=4 kernel=1x1 gate=output") ==
          "%y (conv): gate=output needs the gate as second input");
    CHECK(line_error("%y = conv %x %x weight=@w out=4 kernel=1x1 gate=output") ==
          "%y (conv): the gate is f32[4,8,6] where f32[4] is needed");
    CHECK(line_error("%y = conv %x %v weight=@w out=5 kernel=1x1 gate=output") ==
          "%y (conv): the gate is f32[4] where f32[5] is needed");
    CHECK(line_error("%y = conv %x %v weight=@w out=4 kernel=1x1 gate=input") ==
          "%y (conv): gate=input with groups=1: a dense convolution may have gate=output, a depthwise one gate=input");
    CHECK(line_error("%y = conv %x %v weight=@w out=4 kernel=1x1 groups=4 gate=output") ==
          "%y (conv): gate=output with groups=4: a dense convolution may have gate=output, a depthwise one gate=input");
    CHECK(line_error("%y = conv %x %v weight=@w out=4 kernel=1x1") ==
          "%y (conv): the residual is f32[4] where f32[4,8,6] is added");
}

TEST_CASE("sums are of maps, and windows fit into theirs") {
    CHECK(line_error("%y = scale_add %v %v sums=1") == "%y (scale_add): sums=1 where the value is the vector f32[4]");
    CHECK(line_error("%y = add_activation %v %v sums=1") ==
          "%y (add_activation): sums=1 where the value is the vector f32[4]");
    CHECK(line_error("%y = window_means %x kernel=9 pad=1") ==
          "%y (window_means): a 9x9 window with pad 1 doesn't fit into f32[4,8,6]: the map would vanish; give a larger "
          "input");
}

TEST_CASE("a legal graph verifies, bound or not") {
    CHECK(verify_error(legal()) == "");
    Graph unbound = legal();
    unbound.constants.clear();
    CHECK(verify_error(unbound) == "");
}

TEST_CASE("names are unique and printable, stages too") {
    Graph graph = legal();
    graph.nodes[2].name = graph.nodes[1].name;
    CHECK(verify_error(graph) == "%v: two nodes have this name");
    graph = legal();
    graph.nodes[1].name = "a b";
    CHECK(verify_error(graph) == "the name 'a b' may have only letters, digits, '_', '.', '-' and '/'");
    graph = legal();
    graph.nodes[1].stage = graph.nodes[2].stage = graph.name;
    CHECK(verify_error(graph) == "%y: another node has its stage name g");
}

TEST_CASE("inputs come before their users, and the input first and alone") {
    Graph graph = legal();
    graph.nodes[1].inputs = {2};
    CHECK(verify_error(graph) == "%v: an input isn't computed before it");
    graph.nodes[1].inputs = {-1};
    CHECK(verify_error(graph) == "%v: an input isn't computed before it");
    graph = legal();
    graph.nodes[1].op = InputOp{}, graph.nodes[1].inputs = {};
    CHECK(verify_error(graph) == "%v: the first node, and no other, must be the input");
    graph = legal();
    graph.output = 3;
    CHECK(verify_error(graph) == "graph g returns no value");
    graph.nodes.clear();
    CHECK(verify_error(graph) == "graph g has no nodes");
}

TEST_CASE("types and constants must be what follows from the node") {
    Graph graph = legal();
    graph.nodes[2].type.channels = 5;
    CHECK(verify_error(graph) == "%y: has type f32[5] where f32[3] follows from its inputs");
    graph = legal();
    graph.constants["w"] = Tensor({3, 5}, std::vector<double>(15));
    CHECK(verify_error(graph) == "%y: @w has shape [3,5] where [3,4] is needed");
    graph = legal();
    graph.constants.erase("b");
    CHECK(verify_error(graph) == "%y: its constant @b isn't bound");
}

TEST_CASE("run_passes says after which pass a graph is illegal") {
    Graph graph = legal();
    graph.constants.erase("b");
    CHECK(error_of([&] { run_passes(graph); }) == "after pass infer_shapes: %y: its constant @b isn't bound");
}

TEST_CASE("one constant can't have two shapes, nor all of them more elements than memory") {
    CHECK(error_of([] {
              parse_graph(
                  "graph net\n%x = input : f32[2,3,3]\n%c = conv %x weight=@w out=3 kernel=1x1\n"
                  "%d = conv %x weight=@w out=4 kernel=1x1\nreturn %d\n",
                  "test");
          }) == "test:5: %d: uses @w as [4,2,1,1], and an earlier node as [3,2,1,1]");
    CHECK(error_of([] {
              parse_graph(
                  "graph net\n%x = input : f32[65536,1,1]\n%c = conv %x weight=@w out=65536 kernel=1x1\nreturn %c\n",
                  "test");
          }) == "test:4: %c: with @w of shape [65536,65536,1,1] the network has more than 536870912 weights");
}
