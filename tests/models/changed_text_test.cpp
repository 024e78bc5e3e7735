// A small graph's text, changed in every place: each is refused with an Error or is a legal graph that prints and
// parses.
#include "models/graph/parse.h"
#include "models/graph/print.h"
#include "models/graph/verify.h"
#include "models/passes/passes.h"
#include "support.h"

using namespace senetc;

namespace {

const std::string kValid =
    "graph g # note\n"
    "%x = input : f32[4,9,7]\n"
    "%a = conv %x weight=@a.w bias=@a.b out=4 kernel=3x5 stride=2 pad=2 groups=4 act=sigmoid stage=stem : f32[4,6,4]\n"
    "%n = batch_norm %a weight=@n.w bias=@n.b mean=@n.m variance=@n.v epsilon=0.001\n"
    "%p = global_avg_pool %n\n"
    "%e = excite %p w1=@w1 w2=@w2 hidden=2 out=4\n"
    "%s = scale_add %n %e %a act=relu : f32[4,6,4]\n"
    "%m = max_pool %s kernel=3 stride=2 pad=1\n"
    "return %m\n";

bool parses(const std::string& text) {
    try {
        Graph graph = parse_graph(text, "f");
        verify(graph);
        REQUIRE(print(parse_graph(print(graph), "printed")) == print(graph));
        run_passes(graph);
        return true;
    } catch (const Error& error) {
        REQUIRE_MESSAGE(std::string(error.what()).starts_with("f:"), text << error.what());
        return false;
    }
}

}  // namespace

TEST_CASE("a text cut anywhere is refused until its return is whole") {
    for (size_t length = 0; length < kValid.size() - 2; length++) CHECK_FALSE(parses(kValid.substr(0, length)));
    CHECK(parses(kValid));
}

TEST_CASE("a text with any character changed is refused or legal") {
    int legal = 0, refused = 0;
    for (size_t at = 0; at < kValid.size(); at++) {
        for (char character : {'\0', ' ', '\n', '%', '@', '=', ':', '#', '-', '0', '9', 'x', '[', ',', '\xff'}) {
            std::string text = kValid;
            text[at] = character;
            (parses(text) ? legal : refused)++;
        }
    }
    CHECK(legal > 0);
    CHECK(refused > legal);
}
