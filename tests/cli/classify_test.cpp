#include <doctest/doctest.h>

#include <cmath>

#include "runtime/cli/classify/accuracy.h"
#include "runtime/cli/classify/labels.h"
#include "runtime/cli/error.h"
#include "tests/runtime/support/files.h"

using namespace senet::cli;

namespace {

std::vector<Prediction> guesses(std::initializer_list<uint32_t> indices) {
    std::vector<Prediction> top;
    for (const uint32_t index : indices) top.push_back({index, 0, 0});
    return top;
}

}  // namespace

TEST_CASE("the k largest logits come with softmax over all classes, equal ones by index") {
    const std::vector<float> logits = {1, 3, 2, 3};
    const auto top = top_k(logits, 3);
    REQUIRE(top.size() == 3);
    CHECK(top[0].index == 1);
    CHECK(top[1].index == 3);
    CHECK(top[2].index == 2);
    const double sum = std::exp(1.0) + 2 * std::exp(3.0) + std::exp(2.0);
    CHECK(top[0].probability == doctest::Approx(std::exp(3.0) / sum).epsilon(1e-12));
    CHECK(top[2].probability == doctest::Approx(std::exp(2.0) / sum).epsilon(1e-12));
    CHECK(top[2].logit == 2);
}

TEST_CASE("softmax survives logits that exp overflows on, and k above the classes") {
    const auto top = top_k(std::vector<float>{30000, -30000}, 10);
    REQUIRE(top.size() == 2);
    CHECK(top[0].probability == 1);
    CHECK(top[1].probability == 0);
}

TEST_CASE("labels are lines; a number other than the classes' is named") {
    const senetc::TemporaryFolder folder;
    const std::string path = folder / "labels.txt";
    senetc::write_file(path, "cat\r\ndog, wolf\n\n");
    CHECK(read_labels(path, 2) == std::vector<std::string>{"cat", "dog, wolf"});
    CHECK_THROWS_WITH_AS(
        read_labels(path, 3),
        ("labels '" + path + "': 2 lines, but the network has 3 classes; give one label a line").c_str(), Error);
    CHECK_THROWS_AS(read_labels(folder / "none", 2), Error);
}

TEST_CASE("folders stand for classes by label or its first word; others are counted apart") {
    AccuracyCounter counter(3);
    counter.add("x/cat/1.png", guesses({0, 1}));
    counter.add("x/cat/2.png", guesses({1, 0}));
    counter.add("x/n02/3.png", guesses({1}));
    counter.add("x/other/4.png", guesses({1}));
    const Accuracy accuracy = counter.result({"cat", "n02 dog", "eel"});
    CHECK(accuracy.images == 3);
    CHECK(accuracy.top1 == 2);
    CHECK(accuracy.top5 == 3);
    CHECK(accuracy.unknown == 1);
    CHECK(accuracy.unknown_folder == "other");
}

TEST_CASE("folders stand for classes by leading number, else by order") {
    AccuracyCounter numbered(100);
    numbered.add("07_horse/a.png", guesses({7}));
    numbered.add("12/a.png", guesses({7}));
    CHECK(numbered.result({}).top1 == 1);

    AccuracyCounter ordered(2);
    ordered.add("yes/a.png", guesses({1, 0}));
    ordered.add("no/a.png", guesses({1, 0}));
    CHECK(ordered.result({}).top1 == 1);
    CHECK(ordered.result({}).top5 == 2);
    ordered.add("maybe/a.png", guesses({1, 0}));
    CHECK_THROWS_AS(ordered.result({}), Error);
}

TEST_CASE("a file's folder is found however its path is written") {
    CHECK(parent_folder("a/b/c.png") == "b");
    CHECK(parent_folder("a//b/./c.png") == "b");
    CHECK(parent_folder("/x/a/../b/c.png") == "b");
    CHECK(parent_folder("c.png") != "");
}
