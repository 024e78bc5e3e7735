#include "models/graph/parse.h"
#include "support.h"

using namespace senetc;

namespace {

std::string parse_error(const std::string& text) {
    return error_of([&] { parse_graph(text, "net.graph"); });
}

// The error of one line after a map %x and a vector %v: it is line 4.
std::string line_error(const std::string& line) {
    std::string error =
        parse_error("graph g\n%x = input : f32[4,8,6]\n%v = global_avg_pool %x\n" + line + "\nreturn %x\n");
    REQUIRE_MESSAGE(error.starts_with("net.graph:4: "), line << " -> " << error);
    return error.substr(std::string("net.graph:4: ").size());
}

}  // namespace

TEST_CASE("the frame of the file: header, nodes, return") {
    CHECK(parse_error("") == "net.graph:1: expected 'return %NAME' as the last line");
    CHECK(parse_error("# only this\n%x = input : f32[1]\n") == "net.graph:2: expected 'graph NAME' as the first line");
    CHECK(parse_error("graph g h\n") == "net.graph:1: expected 'graph NAME' as the first line");
    CHECK(parse_error("graph g\n%x = input : f32[1]\n") == "net.graph:2: expected 'return %NAME' as the last line");
    CHECK(parse_error("graph g\n%x = input : f32[1]\nreturn\n") == "net.graph:3: expected 'return %NAME'");
    CHECK(parse_error("graph g\n%x = input : f32[1]\nreturn %y\n") ==
          "net.graph:3: expected a value computed above, found '%y'");
    CHECK(parse_error("graph g\n%x = input : f32[1]\nreturn %x\n\n%y = add %x %x\n") ==
          "net.graph:5: expected nothing after 'return', found '%y'");
    CHECK(parse_error("graph g!\n") ==
          "net.graph:1: the name 'g!' may have only letters, digits, '_', '.', '-' and '/'");
}

TEST_CASE("the input comes first, once, with a type") {
    CHECK(parse_error("graph g\n%x = input\n") == "net.graph:2: expected the input's type, %x = input : f32[C,H,W]");
    CHECK(line_error("%y = input : f32[3]") ==
          "expected '%NAME = input : f32[C,H,W]' as the first node, and nowhere else");
    CHECK(parse_error("graph g\n%x = add %x %x\n") ==
          "net.graph:2: expected '%NAME = input : f32[C,H,W]' as the first node, and nowhere else");
}

TEST_CASE("the form of a node") {
    CHECK(line_error("y = add %x %x") == "expected '%NAME = OPERATION ...' or 'return %NAME', found 'y'");
    CHECK(line_error("%x = add %x %x") == "expected a new name, found '%x' again");
    CHECK(line_error("%y = sub %x %x") ==
          "expected an operation (input, conv, batch_norm, activation, add, scale, global_avg_pool, max_pool, linear, "
          "excite, "
          "scale_add, add_activation, window_means), found 'sub'");
    CHECK(line_error("%y = add %x %z") == "expected a value computed above, found '%z'");
    CHECK(line_error("%y = add %x what %x") == "expected KEY=VALUE, found 'what'");
    CHECK(line_error("%a,b = add %x %x") == "the name 'a,b' may have only letters, digits, '_', '.', '-' and '/'");
}

TEST_CASE("attributes: missing, unknown, twice, of the wrong form") {
    CHECK(line_error("%y = max_pool %x") == "expected kernel=INTEGER, which is missing");
    CHECK(line_error("%y = max_pool %x kernel=big") == "expected kernel=INTEGER, found 'kernel=big'");
    CHECK(line_error("%y = max_pool %x kernel=3 kernel=3") == "expected kernel once, found it again");
    CHECK(line_error("%y = max_pool %x kernel=3 size=3") ==
          "expected one of max_pool's attributes (kernel, stride, pad, stage), found 'size'");
    CHECK(line_error("%y = conv %x out=1 kernel=1x1") == "expected weight=@NAME, which is missing");
    CHECK(line_error("%y = conv %x weight=w out=1 kernel=1x1") == "expected weight=@NAME, found 'weight=w'");
    CHECK(line_error("%y = conv %x weight=@w out=1 kernel=3") == "expected kernel=HEIGHTxWIDTH, found 'kernel=3'");
    CHECK(line_error("%y = activation %x act=gelu") == "expected act=relu or sigmoid, found 'act=gelu'");
    CHECK(line_error("%y = conv %x weight=@w out=1 kernel=1x1 gate=both") ==
          "expected gate=input or output, found 'gate=both'");
    CHECK(line_error("%y = add_activation %x %x sums=2") == "expected sums=0 or 1, found 'sums=2'");
    CHECK(line_error("%y = batch_norm %x weight=@w bias=@b mean=@m variance=@v epsilon=little") ==
          "expected epsilon=NUMBER, found 'epsilon=little'");
}

TEST_CASE("types: malformed, and other than what follows from the inputs") {
    for (const char* type :
         {"f32", "f32[]", "f32[1,2]", "f32[1,2,3,4]", "f32[0]", "f32[4,8,6", "f16[4]", "f32[4,]", "f32[a]"})
        CHECK(line_error(std::string("%y = global_avg_pool %x : ") + type) ==
              std::string("expected a type, f32[C,H,W] or f32[C], found '") + type + "'");
    CHECK(line_error("%y = global_avg_pool %x : f32[5]") == "expected %y : f32[4], found f32[5]");
    CHECK(line_error("%y = global_avg_pool %x :") == "expected one type after ':', and nothing after it");
    CHECK(line_error("%y = global_avg_pool %x : f32[4] act=relu") ==
          "expected one type after ':', and nothing after it");
}

TEST_CASE("a file that isn't there is named") {
    CHECK(error_of([] { read_graph("/no/such.graph"); }) == "/no/such.graph: can't be read, or is empty");
}
