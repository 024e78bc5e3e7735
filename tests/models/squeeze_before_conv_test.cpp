#include "models/passes/passes.h"
#include "pass_check.h"

using namespace senetc;

namespace {

// conv -> squeeze -> excite -> scale on a map of a convolution; the pieces that a test changes.
struct Block {
    std::string shape = "3,7,5", conv = "kernel=3x3 pad=1", conv_bias = "", excite_bias = "", between = "";
    std::string squeezed = "%y", scaled = "%y", rest = "return %z";
};

std::string text_of(const Block& b) {
    return "%input = input : f32[" + b.shape + "]\n%x = conv %input weight=@x.weight out=3 kernel=1x1 act=relu\n" +
           "%y = conv %x weight=@y.weight " + b.conv_bias + " out=24 " + b.conv + "\n" + b.between +
           "%pool = global_avg_pool " + b.squeezed + "\n%gate = excite %pool w1=@w1 w2=@w2 hidden=2 out=24 " +
           b.excite_bias + "\n%z = scale " + b.scaled + " %gate\n" + b.rest + "\n";
}

Graph squeezed(const Block& block) {
    return after_pass(squeeze_before_conv, text_of(block));
}

bool stays(const Block& block) {
    return stays(squeeze_before_conv, text_of(block));
}

// After the pass: a 3x3 convolution of `width` channels on a square map, squeezed and excited with a reduction of 16.
Graph reduced_block(int width, int extent) {
    std::string w = std::to_string(width), hw = std::to_string(extent);
    return squeeze_before_conv(parse_graph(
        "graph g\n%input = input : f32[3," + hw + "," + hw + "]\n%x = conv %input weight=@a out=" + w +
            " kernel=1x1\n%y = conv %x weight=@b out=" + w + " kernel=3x3 pad=1\n%pool = global_avg_pool %y\n" +
            "%gate = excite %pool w1=@w1 w2=@w2 hidden=" + std::to_string(width / 16) + " out=" + w +
            "\n%z = scale %y %gate\nreturn %z\n",
        "test"));
}

}  // namespace

TEST_CASE("a 3x3 convolution's gate is computed from window means of its input, on maps of every shape") {
    for (const char* shape : {"3,7,5", "3,1,6", "3,6,1", "3,1,1", "3,2,2", "3,2,9", "3,8,8", "1,3,4"}) {
        CAPTURE(std::string(shape));
        Graph result = squeezed({.shape = shape});
        CHECK(line(result, "pool") == "%pool = window_means %x kernel=3 pad=1");
        CHECK(line(result, "gate") == "%gate = excite %pool w1=@gate.w1.folded w2=@w2 hidden=2 out=24");
        CHECK(result.constants.at("gate.w1.folded").shape() == Shape{2, 27});
        CHECK_FALSE(result.constants.contains("w1"));
    }
}

TEST_CASE("a 1x1 convolution's gate is computed from its input's means, on maps of every shape") {
    for (const char* shape : {"3,7,5", "3,1,6", "3,6,1", "3,1,1"}) {
        CAPTURE(std::string(shape));
        Graph result = squeezed({.shape = shape, .conv = "kernel=1x1"});
        CHECK(line(result, "pool") == "%pool = global_avg_pool %x");
        CHECK(result.constants.at("gate.w1.folded").shape() == Shape{2, 3});
    }
}

TEST_CASE("the convolution's bias and the excitation's enter once, each present or absent") {
    for (const char* conv : {"kernel=3x3 pad=1", "kernel=1x1"})
        for (const char* bias : {"", "bias=@y.bias"})
            for (const char* first : {"", "b1=@b1"}) {
                Graph result =
                    squeezed({.conv = conv, .conv_bias = bias, .excite_bias = std::string(first) + " b2=@b2"});
                const auto& excite = std::get<ExciteOp>(result.nodes[id_of(result, "gate")].op);
                CHECK(excite.b1_name.empty() == (*bias == 0 && *first == 0));
                CHECK(excite.b2_name == "b2");
            }
}

TEST_CASE("the folded bias is b1 + w1 bias, whatever the map's size") {
    Graph graph = parse_graph("graph g\n" + text_of({.conv_bias = "bias=@y.bias", .excite_bias = "b1=@b1"}), "test");
    std::mt19937 random(3);
    graph = bind_random(graph, random);
    const Tensor w1 = graph.constants.at("w1"), b1 = graph.constants.at("b1"), bias = graph.constants.at("y.bias");
    const Tensor folded = squeeze_before_conv(graph).constants.at("gate.b1.folded");
    for (int h = 0; h < 2; h++) {
        double expected = b1[h];
        for (int o = 0; o < 24; o++) expected += w1[h * 24 + o] * bias[o];
        CHECK(folded[h] == doctest::Approx(expected).epsilon(1e-14));
    }
}

TEST_CASE("a convolution that changes the map's size, or has another kernel, keeps its squeeze") {
    for (const char* conv : {"kernel=1x1 stride=2", "kernel=3x3 pad=1 stride=2", "kernel=3x3", "kernel=1x1 pad=1",
                             "kernel=5x5 pad=2", "kernel=3x1 pad=1", "kernel=1x3 pad=1", "kernel=3x3 pad=2"}) {
        CAPTURE(std::string(conv));
        CHECK(stays({.conv = conv}));
    }
    CHECK(stays({.shape = "3,4,4",
                 .between = "%d = conv %y weight=@d.weight out=24 kernel=3x3 pad=1 groups=24\n",
                 .squeezed = "%d",
                 .scaled = "%d"}));
}

TEST_CASE("an activation, residual, gate or batch norm between convolution and squeeze keeps it") {
    CHECK(stays({.conv = "kernel=1x1 act=relu"}));
    CHECK(stays({.between = "%a = activation %y act=relu\n", .squeezed = "%a", .scaled = "%a"}));
    CHECK(stays({.between = "%a = activation %y act=relu\n", .squeezed = "%a"}));
    CHECK(stays({.between = "%r = conv %x %y weight=@r.weight out=24 kernel=1x1\n", .squeezed = "%r", .scaled = "%r"}));
    CHECK(stays({.between = "%p = global_avg_pool %y\n%g = conv %x %p weight=@g.weight out=24 kernel=1x1 gate=output\n",
                 .squeezed = "%g",
                 .scaled = "%g"}));
    CHECK(stays({.between = "%bn = batch_norm %y weight=@bn.weight bias=@bn.bias mean=@bn.running_mean "
                            "variance=@bn.running_var epsilon=1e-5\n",
                 .squeezed = "%bn",
                 .scaled = "%bn"}));
}

TEST_CASE("a convolution's value that something else sees keeps its squeeze") {
    CHECK(stays({.rest = "%again = add %y %z\nreturn %again"}));
    CHECK(stays({.rest = "return %y"}));
    CHECK(stays({.conv = "kernel=1x1 stage=seen"}));
    CHECK(stays({.between = "%again = conv %y weight=@again.weight out=24 kernel=1x1\n", .scaled = "%again"}));
    CHECK(stays({.rest = "%again = global_avg_pool %y\n%twice = scale %again %gate\nreturn %twice"}));
}

TEST_CASE("a squeeze whose means something else sees stays, and so does one for another gate") {
    CHECK(stays({.rest = "%again = scale %pool %gate\n%sum = scale %z %again\nreturn %sum"}));
    CHECK(stays({.squeezed = "%y stage=means"}));
    CHECK(stays({.rest = "%p = global_avg_pool %x\n%g = excite %p w1=@v1 w2=@v2 hidden=1 out=24\n%z2 = scale %y %g\n"
                         "%sum = add %z %z2\nreturn %sum"}));
    CHECK(stays({.between = "%other = global_avg_pool %x\n", .squeezed = "%x"}));
}

TEST_CASE("the gate itself may have other users") {
    Graph result = squeezed({.rest = "%again = scale %gate %gate\n%sum = scale %z %again\nreturn %sum"});
    CHECK(count_ops(result, "window_means") == 1);
}

TEST_CASE("a 3x3's folded matrix is taken only where it moves fewer bytes, and the note has both numbers") {
    auto pool = [](const Graph& graph) { return graph.nodes[id_of(graph, "pool")]; };
    // 32 x 9 x 512 matrix and 24 x 512 border against 32 x 512 and 2 x 512 x 49, four bytes each
    CHECK(op_name(pool(reduced_block(512, 7)).op) == "global_avg_pool");
    CHECK(pool(reduced_block(512, 7)).note == "after y: moves 266240 bytes, 638976 before it");
    CHECK(op_name(pool(reduced_block(256, 14)).op) == "window_means");
    CHECK(pool(reduced_block(256, 14)).note == "before y: moves 200704 bytes, 417792 after it");
    CHECK(op_name(pool(reduced_block(64, 56)).op) == "window_means");
}

TEST_CASE("a 1x1's folded matrix is all that it moves") {
    Graph graph = squeezed({.conv = "kernel=1x1"});
    // 2 x 3 matrix against 2 x 24 and 2 x 24 x 35, four bytes each
    CHECK(graph.nodes[id_of(graph, "pool")].note == "before y: moves 24 bytes, 6912 after it");
}

TEST_CASE("an input whose kernel can't collect sums counts with its whole map") {
    auto moved = [](const std::string& x) {
        Graph graph =
            parse_graph("graph g\n%input = input : f32[4,6,6]\n" + x +
                            "%y = conv %x weight=@y out=4 kernel=3x3 pad=1\n%pool = global_avg_pool %y\n"
                            "%gate = excite %pool w1=@w1 w2=@w2 hidden=1 out=4\n%z = scale %y %gate\nreturn %z",
                        "test");
        graph = squeeze_before_conv(graph);
        return graph.nodes[id_of(graph, "pool")].note;
    };
    const std::string border = "before y: moves 464 bytes, 1168 after it";  // 4 (9 x 4 + 20 x 4), 4 (4 + 2 x 144)
    const std::string whole = "before y: moves 720 bytes, 1168 after it";   // 4 (9 x 4 + 36 x 4)
    CHECK(moved("%x = conv %input weight=@x out=4 kernel=1x1\n") == border);
    CHECK(moved("%x = add %input %input\n") == border);
    CHECK(moved("%a = add %input %input\n%x = activation %a act=relu\n") == border);
    CHECK(moved("%x = max_pool %input kernel=3 stride=1 pad=1\n") == whole);
    CHECK(moved("%x = activation %input act=relu\n") == whole);
    CHECK(moved("%a = add %input %input stage=seen\n%x = activation %a act=relu\n") == whole);
    CHECK(moved("%a = conv %input weight=@x out=4 kernel=1x1 act=relu\n%x = activation %a act=sigmoid\n") == whole);
}

TEST_CASE("before weights are bound only names change") {
    Graph graph = squeeze_before_conv(parse_graph("graph g\n" + text_of({.conv_bias = "bias=@y.bias"}), "test"));
    CHECK(graph.constants.empty());
    CHECK(line(graph, "gate") == "%gate = excite %pool w1=@gate.w1.folded b1=@gate.b1.folded w2=@w2 hidden=2 out=24");
}
