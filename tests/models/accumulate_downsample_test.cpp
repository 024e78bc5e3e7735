// accumulate_downsample: the shortcut's convolution in the same registers as the block's last one.
#include "models/passes/passes.h"
#include "pass_check.h"

using namespace senetc;

namespace {

// A map %x, half of it as %h, a gate, and the shortcut %down.
std::string block(const std::string& down = "out=4 kernel=1x1 stride=2", const std::string& shape = "3,14,17") {
    return "%x = input : f32[" + shape +
           "]\n%h = conv %x weight=@h.weight out=2 kernel=3x3 stride=2 pad=1 act=relu\n"
           "%pool = global_avg_pool %h\n%gate = excite %pool w1=@w1 w2=@w2 hidden=2 out=4\n"
           "%down = conv %x weight=@down.weight " +
           down + "\n";
}

const std::string kGated = "%y = conv %h %gate %down weight=@y.weight bias=@y.bias out=4 kernel=1x1 gate=output";
const std::string kRest = " act=relu stage=seen\nreturn %y\n";

Graph accumulated(const std::string& text) {
    return after_pass(accumulate_downsample, text);
}

bool apart(const std::string& text) {
    return stays(accumulate_downsample, text);
}

}  // namespace

TEST_CASE("a shortcut's convolution goes into the last one of its block, at odd and even maps, with bias or without") {
    for (const char* shape : {"3,14,17", "3,13,13", "3,15,8"})
        for (const char* bias : {"", "bias=@down.bias "}) {
            Graph result = accumulated(block(bias + std::string("out=4 kernel=1x1 stride=2"), shape) + kGated + kRest);
            CHECK(line(result, "y") ==
                  "%y = conv %h %gate %x weight=@y.weight bias=@y.bias out=4 kernel=1x1 gate=output "
                  "shortcut_weight=@down.weight " +
                      std::string(*bias ? "shortcut_bias=@down.bias " : "") + "shortcut_stride=2 act=relu stage=seen");
            CHECK(line(result, "down") == "");
        }
}

TEST_CASE("without a gate either of the two may have the stride, and sums are collected all the same") {
    Graph result = accumulated(block() + "%y = conv %h %down weight=@y.weight out=4 kernel=1x1 sums=1\nreturn %y\n");
    CHECK(line(result, "y") ==
          "%y = conv %h %x weight=@y.weight out=4 kernel=1x1 shortcut_weight=@down.weight shortcut_stride=2 sums=1");
    result = accumulated(block() +
                         "%c = conv %h weight=@c.weight out=4 kernel=1x1\n"
                         "%y = conv %x %c weight=@y.weight out=4 kernel=1x1 stride=2\nreturn %y\n");
    CHECK(line(result, "y") == "%y = conv %x %h weight=@y.weight out=4 kernel=1x1 stride=2 shortcut_weight=@c.weight");
}

TEST_CASE("the text of a convolution with a shortcut is read as it is printed") {
    Graph result = accumulated(block() + kGated + kRest);
    CHECK(print(parse_graph(print(result), "test")) == print(without_notes(result)));
}

TEST_CASE("a shortcut stays apart whose value is seen, or isn't a plain 1x1 convolution") {
    CHECK_FALSE(apart(block() + kGated + kRest));
    CHECK(apart(block("out=4 kernel=1x1 stride=2 stage=down") + kGated + kRest));
    CHECK(apart(block("out=4 kernel=1x1 stride=2 act=relu") + kGated + kRest));
    CHECK(apart(block("out=4 kernel=3x3 stride=2 pad=1") + kGated + kRest));
    CHECK(apart(block() + kGated + "\n%z = add %y %down\nreturn %z\n"));
    CHECK(apart(block() + "%r = conv %h %gate weight=@r.weight out=4 kernel=1x1 gate=output\n"
                          "%y = conv %h %gate %r weight=@y.weight out=4 kernel=1x1 gate=output\n%z = add %y %down\n"
                          "return %z\n"));
}

TEST_CASE("a convolution wider than 1x1 adds its shortcut's map up") {
    CHECK(apart(block() + "%y = conv %h %gate %down weight=@y.weight out=4 kernel=3x3 pad=1 gate=output\nreturn %y\n"));
}

TEST_CASE("a shortcut stays apart whose map is no larger than the weights of both, and a note says so") {
    // The map has 4 x 5 floats, the weights 4 x (2 + 3).
    Graph result = accumulated(block("out=4 kernel=1x1 stride=2", "3,1,9") + kGated + kRest);
    CHECK(line(result, "down") == "%down = conv %x weight=@down.weight out=4 kernel=1x1 stride=2");
    CHECK(result.nodes[id_of(result, "y")].note == "down stays apart: its map is 80 bytes, the weights 80");
    result = accumulated(block("out=4 kernel=1x1 stride=2", "3,1,11") + kGated + kRest);
    CHECK(result.nodes[id_of(result, "y")].note == "down added in registers: its map is 96 bytes, the weights 80");
}
