// commute_gate and scale_in_conv: where a gate is multiplied in.
#include "models/passes/passes.h"
#include "pass_check.h"

using namespace senetc;

namespace {

// A map %y with its squeeze and gate, as in an SE block after an activation.
std::string gated(const std::string& shape = "4,7,5") {
    return "%input = input : f32[" + shape +
           "]\n%y = conv %input weight=@y.weight bias=@y.bias out=4 kernel=1x1 act=relu\n" +
           "%pool = global_avg_pool %y\n%gate = excite %pool w1=@w1 w2=@w2 hidden=2 out=4\n";
}

const std::string kScale = "%s = scale %y %gate\n";
const std::string kDepthwise = "%d = conv %s weight=@d.weight bias=@d.bias out=4 kernel=3x3 pad=1 groups=4";

Graph commuted(const std::string& rest) {
    return after_pass(commute_gate, gated() + rest);
}

bool commute_stays(const std::string& rest) {
    return stays(commute_gate, gated() + rest);
}

// %c, a convolution of %x, and a gate that doesn't depend on it.
std::string conv_and_gate(const std::string& conv) {
    return "%input = input : f32[3,7,5]\n%pool = global_avg_pool %input\n%x = conv %input weight=@x.weight out=4 "
           "kernel=1x1\n%c = conv %x weight=@c.weight " +
           conv + "\n%gate = excite %pool w1=@w1 w2=@w2 hidden=2 out=4\n";
}

Graph scaled(const std::string& conv, const std::string& rest) {
    return after_pass(scale_in_conv, conv_and_gate(conv) + rest);
}

}  // namespace

TEST_CASE("a gate goes into the depthwise convolution after it, for any kernel, stride, padding and map") {
    for (const char* shape : {"3,7,5", "3,1,6", "3,6,1", "3,1,1", "3,8,8"})
        for (const char* conv :
             {"kernel=3x3 pad=1", "kernel=3x3 stride=2 pad=1", "kernel=5x5 pad=2", "kernel=1x1 stride=3"})
            for (const char* bias : {"", "bias=@d.bias "}) {
                Graph result = after_pass(commute_gate, gated(shape) + kScale + "%d = conv %s weight=@d.weight " +
                                                            bias + "out=4 " + conv + " groups=4 act=relu\nreturn %d\n");
                CHECK(line(result, "d") == std::string("%d = conv %y %gate weight=@d.weight ") + bias + "out=4 " +
                                               conv + " groups=4 gate=input act=relu");
                CHECK(line(result, "s") == "");
            }
}

TEST_CASE("a depthwise convolution keeps its residual behind the gate") {
    Graph result = commuted(kScale + "%d = conv %s %y weight=@d.weight out=4 kernel=3x3 pad=1 groups=4\nreturn %d\n");
    CHECK(line(result, "d") == "%d = conv %y %gate %y weight=@d.weight out=4 kernel=3x3 pad=1 groups=4 gate=input");
}

TEST_CASE("a gate before a pool scales the pooled vector, and the block's own squeeze is the pool") {
    Graph result = commuted(kScale + "%mean = global_avg_pool %s\n%fc = linear %mean weight=@fc out=3\nreturn %fc\n");
    CHECK(count_ops(result, "global_avg_pool") == 1);
    CHECK(line(result, "s") == "%s = scale %pool %gate");
    CHECK(line(result, "fc") == "%fc = linear %s weight=@fc out=3");
}

TEST_CASE("where the map isn't pooled yet, the scale's place becomes the pool") {
    std::string other =
        "%input = input : f32[4,7,5]\n%gate = global_avg_pool %input\n%y = activation %input act=relu\n";
    Graph result = after_pass(commute_gate, other + kScale + "%mean = global_avg_pool %s stage=means\nreturn %mean\n");
    CHECK(line(result, "mean") == "%mean = global_avg_pool %y");
    CHECK(line(result, "s") == "%s = scale %mean %gate stage=means");
}

TEST_CASE("a gate commutes with several users at once") {
    Graph result = commuted(kScale + kDepthwise + "\n%e = conv %s weight=@e.weight out=4 kernel=3x3 pad=1 groups=4\n" +
                            "%m = global_avg_pool %s\n%n = global_avg_pool %s\n%sum = add %d %e\n%a = scale %sum %m\n"
                            "%b = scale %a %n\nreturn %b\n");
    CHECK(count_ops(result, "global_avg_pool") == 1);
    CHECK(line(result, "s") == "%s = scale %pool %gate");
    CHECK(line(result, "n") == "%n = scale %pool %gate");
    CHECK(std::get<ConvOp>(result.nodes[id_of(result, "e")].op).gate == Gate::input);
}

TEST_CASE("a gate stays where one user isn't linear in each channel by itself") {
    for (const char* user : {"conv %s weight=@u.weight out=4 kernel=1x1", "activation %s act=relu", "add %s %y",
                             "max_pool %s kernel=3 stride=1 pad=1", "scale %s %gate"})
        CHECK(commute_stays(kScale + kDepthwise + "\n%u = " + user + "\n%sum = add %d %u\nreturn %sum\n"));
    CHECK(commute_stays(kScale + "%d = conv %y %s weight=@d.weight out=4 kernel=3x3 pad=1 groups=4\nreturn %d\n"));
    CHECK(commute_stays(kScale + "%d = conv %s %s weight=@d.weight out=4 kernel=3x3 pad=1 groups=4\nreturn %d\n"));
}

TEST_CASE("a gate stays where its scale's value is seen, or the convolution has a gate already") {
    CHECK(commute_stays("%s = scale %y %gate stage=seen\n" + kDepthwise + "\nreturn %d\n"));
    CHECK(commute_stays(kScale + kDepthwise + "\nreturn %s\n"));
    CHECK(commute_stays(kScale +
                        "%d = conv %s %gate weight=@d.weight out=4 kernel=3x3 pad=1 groups=4 gate=input\nreturn %d\n"));
}

TEST_CASE("a scale goes into the dense convolution before it, with bias or without, at any stride") {
    for (const char* bias : {"", "bias=@c.bias "})
        for (const char* conv : {"kernel=1x1", "kernel=3x3 pad=1", "kernel=3x3 stride=2 pad=1", "kernel=5x5 pad=2"}) {
            Graph result = scaled(std::string(bias) + "out=4 " + conv, "%s = scale %c %gate stage=layer\nreturn %s\n");
            CHECK(line(result, "c") == std::string("%c = conv %x %gate weight=@c.weight ") + bias + "out=4 " + conv +
                                           " gate=output stage=layer");
            CHECK(line(result, "s") == "");
        }
}

TEST_CASE("a scale stays where the convolution's value is seen, or something stands between") {
    auto unscaled = [](const std::string& conv, const std::string& rest) {
        return stays(scale_in_conv, conv_and_gate(conv) + rest);
    };
    const std::string conv = "out=4 kernel=1x1", scale = "%s = scale %c %gate\n";
    CHECK_FALSE(unscaled(conv, scale + "return %s\n"));
    CHECK(unscaled(conv + " stage=seen", scale + "return %s\n"));
    CHECK(unscaled(conv, scale + "%sum = add %s %c\nreturn %sum\n"));
    CHECK(unscaled(conv, scale + "return %c\n"));
    CHECK(unscaled(conv + " act=relu", scale + "return %s\n"));
    CHECK(unscaled(conv, "%a = activation %c act=relu\n%s = scale %a %gate\nreturn %s\n"));
    CHECK(unscaled("out=4 kernel=3x3 pad=1 groups=4", scale + "return %s\n"));
    CHECK(unscaled(conv, "%r = conv %x %c weight=@r.weight out=4 kernel=1x1\n%s = scale %r %gate\nreturn %s\n"));
    CHECK(unscaled(conv,
                   "%r = conv %c %gate weight=@r.weight out=4 kernel=1x1 gate=output\n"
                   "%s = scale %r %gate\nreturn %s\n"));
}

TEST_CASE("a scale stays whose gate is computed from the convolution's value") {
    CHECK(stays(scale_in_conv,
                "%x = input : f32[3,7,5]\n%c = conv %x weight=@c.weight out=4 kernel=1x1\n%pool = global_avg_pool %c\n"
                "%gate = excite %pool w1=@w1 w2=@w2 hidden=2 out=4\n%s = scale %c %gate\nreturn %s\n"));
}
