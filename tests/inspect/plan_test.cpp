// Plans read back: the arena by steps, kernels by their uses, and how they are drawn.
#include <doctest/doctest.h>

#include <algorithm>

#include "generators/html/svg.h"
#include "generators/inspect/arena_map.h"
#include "generators/inspect/drawing.h"
#include "generators/inspect/kernel_uses.h"
#include "models/error.h"

using namespace senetc;
using namespace senetc::inspect;

namespace {

// A map's view: `bytes` from one image to the next.
senet_buffer_v1_t view(uint64_t offset, int bytes, uint32_t storage = SENET_STORAGE_ARENA) {
    senet_buffer_v1_t b{};
    b.storage = storage;
    b.type_bits = 32;
    b.dimensions = 2;
    b.offset = offset;
    b.dim[1] = {0, 1, bytes / 4, 0};
    return b;
}

PlanStep step(const std::string& name, const std::string& entry, std::vector<uint32_t> args, uint32_t outputs = 1) {
    PlanStep s;
    s.name = name;
    s.kernel = "conv of " + name;
    s.entry = entry;
    s.args = std::move(args);
    s.outputs = outputs;
    s.flops = 100;
    return s;
}

// input (0) -> a (128) -> b (256) with sums (0) -> c (128) reads sums and b
PlanVariant small_variant() {
    PlanVariant v;
    v.name = "avx2";
    v.arena_bytes = 512;
    v.buffers = {view(0, 128, SENET_STORAGE_INPUT),   view(0, 128), view(128, 128), view(0, 64), view(256, 256),
                 view(0, 4096, SENET_STORAGE_WEIGHTS)};
    v.ingest[0] = step("input", "k_f32", {0, 1});
    v.ingest[1] = step("input", "k_u8", {0, 1});
    v.steps = {step("a", "k_1234567890", {1, 5, 2}), step("b", "k_1239999999", {2, 5, 3, 4}, 2),
               step("c", "k_1234567890", {3, 4, 5, 2})};
    return v;
}

}  // namespace

TEST_CASE("values live from the step that writes them to the last that reads them, sums beside their map") {
    const std::vector<ArenaValue> values = arena_map(small_variant());
    struct Expected {
        const char* name;
        uint64_t offset, bytes;
        int first, last;
    };
    const Expected all[] = {{"input", 0, 128, 0, 1},
                            {"a", 128, 128, 1, 2},
                            {"b sums", 0, 64, 2, 3},
                            {"b", 256, 256, 2, 3},
                            {"c", 128, 128, 3, 3}};
    REQUIRE(values.size() == std::size(all));
    for (size_t i = 0; i < values.size(); i++) {
        CHECK(values[i].name == all[i].name);
        CHECK(values[i].offset == all[i].offset);
        CHECK(values[i].bytes == all[i].bytes);
        CHECK(values[i].first == all[i].first);
        CHECK(values[i].last == all[i].last);
    }
}

TEST_CASE("kernels are found by a step's name, by their own, or by a beginning of it") {
    Library library;
    library.path = "lib.so";
    library.plan.variants = {small_variant()};
    const PlanVariant& variant = library.plan.variants[0];
    const auto uses = kernel_uses(variant);
    REQUIRE(uses.size() == 4);
    CHECK(uses[2].steps.size() == 2);
    CHECK(uses[2].flops == 200);
    CHECK(short_name(uses[2].name) == "123456");
    CHECK(find_kernel(library, variant, "c").name == "k_1234567890");
    CHECK(find_kernel(library, variant, "1239").name == "k_1239999999");
    CHECK(find_kernel(library, variant, "k_1239999999").name == "k_1239999999");
    CHECK_THROWS_WITH_AS(find_kernel(library, variant, "d"), doctest::Contains("no step and no kernel called 'd'"),
                         Error);
    CHECK_THROWS_WITH_AS(find_variants(library, {"neon"}), doctest::Contains("--variants neon: lib.so has avx2"),
                         Error);
}

TEST_CASE("a drawn plan has a box for every step's flops and bytes and for every value, with what it is") {
    const std::string svg = draw_plan(small_variant());
    size_t boxes = 0;
    for (size_t at = 0; (at = svg.find("<rect", at)) != std::string::npos; at++) boxes++;
    CHECK(boxes == 4 + 4 + 5);
    CHECK(svg.find("b sums\n64 B at 0, steps 2 to 3") != std::string::npos);
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(svg.find("inf") == std::string::npos);
}

TEST_CASE("names can't break out of a drawing") {
    CHECK(html::escaped("<a href=\"x\">&") == "&lt;a href=&quot;x&quot;&gt;&amp;");
    PlanVariant variant = small_variant();
    variant.steps[0].name = "</title><script>";
    CHECK(draw_plan(variant).find("<script>") == std::string::npos);
}
