// release_stages and collect_sums: which maps are stored.
#include "models/passes/passes.h"
#include "pass_check.h"

using namespace senetc;

namespace {

const std::string kHead =
    "%x = input : f32[4,7,5]\n%pool = global_avg_pool %x\n%gate = excite %pool w1=@w1 w2=@w2 hidden=2 out=4\n";

Graph summed(const std::string& rest) {
    return after_pass(collect_sums, kHead + rest);
}

// Whether release_stages drops the stage name "s" of the value %y.
bool released(const std::string& rest) {
    Graph result = after_pass(release_stages, kHead + rest);
    return result.nodes[id_of(result, "y")].stage.empty();
}

}  // namespace

TEST_CASE("every operation that can collects the sums that a pool or window_means reads") {
    for (const std::string op :
         {"conv %x weight=@y out=4 kernel=3x3 pad=1 act=relu", "conv %x weight=@y out=4 kernel=3x3 pad=1 groups=4",
          "scale_add %x %gate act=relu", "add_activation %x %x act=relu"})
        for (const std::string pool : {"global_avg_pool %y", "window_means %y kernel=3 pad=1"})
            CHECK(line(summed("%y = " + op + "\n%p = " + pool + "\nreturn %p\n"), "y") == "%y = " + op + " sums=1");
}

TEST_CASE("a map that no pool reads has no sums, even where it had") {
    CHECK(line(summed("%y = add_activation %x %x sums=1\n%p = scale %y %gate\nreturn %p\n"), "y") ==
          "%y = add_activation %x %x");
    CHECK(
        stays(collect_sums, kHead + "%y = max_pool %x kernel=3 stride=2 pad=1\n%p = global_avg_pool %y\nreturn %p\n"));
}

TEST_CASE("a scale's stage name goes where its gate commutes, and only there") {
    const std::string scale = "%y = scale %x %gate stage=s\n";
    const std::string depthwise = "%d = conv %y weight=@d out=4 kernel=3x3 stride=2 pad=1 groups=4\n";
    CHECK(released(scale + depthwise + "return %d\n"));
    CHECK(released(scale + "%p = global_avg_pool %y\nreturn %p\n"));
    CHECK(released(scale + depthwise + "%p = global_avg_pool %y\n%z = scale %d %p\nreturn %z\n"));
    CHECK_FALSE(released(scale + depthwise + "return %y\n"));
    CHECK_FALSE(released(scale + "%c = conv %y weight=@c out=4 kernel=1x1\nreturn %c\n"));
    CHECK_FALSE(released(scale + depthwise +
                         "%a = activation %y act=relu\n%p = global_avg_pool %a\n%z = scale %d %p\nreturn %z\n"));
}

TEST_CASE("a map's stage name goes where pools alone read it and its kernel can sum it") {
    const std::string pool = "%p = global_avg_pool %y\nreturn %p\n";
    CHECK(released("%y = add %x %x stage=s\n" + pool));
    CHECK(released("%a = add %x %x\n%y = activation %a act=relu stage=s\n" + pool));
    CHECK(released("%y = conv %x weight=@y out=4 kernel=1x1 stage=s\n" + pool));
    CHECK_FALSE(released("%y = add %x %x stage=s\n%p = global_avg_pool %y\nreturn %y\n"));
    CHECK_FALSE(released("%y = add %x %x stage=s\n%p = global_avg_pool %y\n%z = scale %y %p\nreturn %z\n"));
    CHECK_FALSE(released("%y = max_pool %x kernel=3 stride=2 pad=1 stage=s\n" + pool));
    CHECK_FALSE(released("%y = activation %x act=relu stage=s\n" + pool));
}

TEST_CASE("a map goes too that is pooled for its gate, scaled by it and pooled again") {
    CHECK(
        released("%a = conv %x weight=@a out=4 kernel=1x1\n%y = activation %a act=relu stage=s\n"
                 "%sq = global_avg_pool %y\n%g = excite %sq w1=@v1 w2=@v2 hidden=1 out=4\n%z = scale %y %g\n"
                 "%p = global_avg_pool %z\nreturn %p\n"));
}

TEST_CASE("stage names of vectors stay") {
    CHECK_FALSE(released("%y = scale %pool %gate stage=s\n%z = scale %x %y\nreturn %z\n"));
}
