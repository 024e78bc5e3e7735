// Differences as numbers, and numbers as sentences.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "generators/compiler/temporary_folder.h"
#include "generators/verify/report.h"
#include "generators/verify/tensors.h"
#include "models/error.h"
#include "models/weights/safetensors_writer.h"

using namespace senetc;
using namespace senetc::verifier;

namespace {

Comparison differing(const std::string& name, double by) {
    Comparison comparison{name};
    comparison.add(2 + 2 * by, 2);
    return comparison;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("errors are relative to the largest expected value") {
    const Comparison comparison = compare("x", {1, 2, -9}, {1, 2.5, -10});
    CHECK(comparison.error == 1);
    CHECK(comparison.largest == 10);
    CHECK(comparison.relative() == 0.1);
    CHECK(compare("x", {0, 0}, {0, 0}).relative() == 0);
    CHECK(std::isinf(compare("x", {0, 1}, {0, 0}).relative()));
}

TEST_CASE("what is no number is as wrong as can be, and stays so among right values") {
    const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
    CHECK(std::isinf(compare("x", {nan, 1}, {1, 1}).relative()));
    CHECK(std::isinf(compare("x", {infinity, 1}, {1, 1}).relative()));
    Comparison all = compare("x", {nan}, {1});
    all.merge(compare("x", {1}, {1}));
    CHECK(std::isinf(all.relative()));
}

TEST_CASE("sums by tile are compared with their map's sums, channel by channel") {
    // Two channels; the map has four pixels, the sums two tiles.
    CHECK(compare_channel_sums("x", {3, 7, 11, 15}, {1, 2, 3, 4, 5, 6, 7, 8}, 2).error == 0);
    CHECK(compare_channel_sums("x", {3, 7, 11, 16}, {1, 2, 3, 4, 5, 6, 7, 8}, 2).error == 1);
}

TEST_CASE("the verdict names the first step beyond the tolerance and the worst one") {
    Findings findings{"avx2", {differing("a", 1e-7), differing("b", 1e-3), differing("c", 1e-1)}, {}};
    findings.logits = differing("logits", 1);
    const std::string text = fault(findings, 1e-4);
    CHECK(contains(text, "the step b is the first beyond 1e-04"));
    CHECK(contains(text, "the worst is c, by 1.0e-01"));
    CHECK(fault({"avx2", {differing("a", 1e-7)}, {}}, 1e-4) == "");
}

TEST_CASE("wrong logits after right steps are the passes' fault or float32's, which doubles tell") {
    Findings findings{"avx2", {differing("a", 1e-7)}, {}};
    findings.logits = differing("logits", 1);
    findings.passes = differing("passes", 1e-12);
    CHECK(contains(fault(findings, 1e-4), "the network makes roundings grow"));
    findings.passes = differing("passes", 1);
    CHECK(contains(fault(findings, 1e-4), "the passes changed the network"));
}

TEST_CASE("the worst steps come first, or every step in its order") {
    Findings findings{"avx2", {}, {}};
    for (int i = 0; i < 9; i++) findings.steps.push_back(differing("step" + std::to_string(i), 1e-6 * i));
    const std::string worst = report(findings, 1e-4, false), all = report(findings, 1e-4, true);
    CHECK(worst.find("step8") < worst.find("step7"));
    CHECK(!contains(worst, "step3"));
    CHECK(all.find("step7") < all.find("step8"));
    CHECK(contains(all, "step0"));
}

TEST_CASE("a file's tensor is found by name and shape, or by being the only one that fits") {
    const TemporaryFolder folder;
    const std::string path = folder.path() / "t.safetensors";
    write_safetensors(path, {{"a", {{2, 3}, {1, 2, 3, 4, 5, 6}}},
                             {"b", {{2, 4}, std::vector<float>(8)}},
                             {"c", {{2, 4}, std::vector<float>(8)}}});
    const TensorFile file(path);
    CHECK(file.find("logits", {3}) == "a");
    CHECK(file.find("c", {4}) == "c");
    CHECK(file.images("a") == 2);
    CHECK(file.image("a", {3}, 1) == std::vector<float>{4, 5, 6});
    CHECK_THROWS_WITH_AS(file.find("logits", {4}), doctest::Contains("more than one tensor of shape [N,4]"), Error);
    CHECK_THROWS_WITH_AS(file.find("logits", {5}), doctest::Contains("it holds a [2,3], b [2,4]"), Error);
    CHECK_THROWS_WITH_AS(file.image("a", {3}, 2), doctest::Contains("of 3 images [N,3] is expected"), Error);
}
