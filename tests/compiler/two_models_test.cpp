// Two networks in one process, and images that lie anywhere in memory.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "generators/compiler/build.h"
#include "generators/compiler/temporary_folder.h"
#include "models/graph/parse.h"
#include "models/weights/formula.h"
#include "senet/senet.h"
#include "tests/runtime/support/handles.h"

using namespace senetc;

namespace {

constexpr uint32_t kBatch = 2;
constexpr size_t kImage = 3 * 16 * 16, kClasses = 5;

// The network of the tests of faults, with an activation of our choice; sixteen pixels are as many as a block's lanes.
Model build_model(const std::string& name, const std::string& activation, const TemporaryFolder& folder) {
    std::ifstream file(SENETC_SOURCE "/tests/faults/tiny.graph");
    std::stringstream text;
    text << file.rdbuf();
    std::string graph = text.str();
    const size_t at = graph.find("act=relu");
    REQUIRE(at != std::string::npos);
    graph.replace(at, 8, "act=" + activation);
    BuildRequest request;
    request.network.graph = bind_formula_weights(parse_graph(graph, "tiny.graph"));
    request.network.preprocess.mean = {0, 0, 0};
    request.network.preprocess.deviation = {1, 1, 1};
    request.name = name;
    request.targets = {{"x86-64", {"avx2"}, folder.path().string()}};
    build(request, KernelCache(KernelCache::default_folder(), KernelCache::kDefaultLimit), {});
    senet_model* model = nullptr;
    const std::string library = folder.path() / ("lib" + name + ".so");
    REQUIRE_MESSAGE(senet_model_open(library.c_str(), nullptr, &model) == SENET_OK, senet_last_message());
    return Model(model);
}

Session open_session(const Model& model, uint32_t threads) {
    senet_session_options options{};
    options.max_batch = kBatch;
    options.threads = threads;
    senet_session* session = nullptr;
    REQUIRE(senet_session_open(model.get(), &options, &session) == SENET_OK);
    return Session(session);
}

std::vector<float> run(const Session& session, const float* images) {
    std::vector<float> logits(kBatch * kClasses, NAN);
    if (senet_session_run_f32(session.get(), kBatch, images, logits.data()) != SENET_OK) logits.clear();
    return logits;
}

std::vector<float> images_of(float seed) {
    std::vector<float> images(kBatch * kImage);
    for (size_t i = 0; i < images.size(); ++i) images[i] = std::sin(0.01f * float(i) * seed + seed);
    return images;
}

}  // namespace

TEST_CASE("each of two models in one process keeps to its own weights and results, whoever's images it gets") {
    const TemporaryFolder folder;
    const Model one = build_model("one", "relu", folder), two = build_model("two", "sigmoid", folder);
    const std::vector<float> a = images_of(1), b = images_of(2);
    std::vector<float> right[2][2];
    for (int m = 0; m < 2; ++m)
        for (int i = 0; i < 2; ++i) right[m][i] = run(open_session(m ? two : one, 1), (i ? b : a).data());
    CHECK(right[0][0] != right[1][0]);
    CHECK(right[0][0] != right[0][1]);
    int wrong[2] = {0, 0};
    const auto use = [&](int m) {
        const Session session = open_session(m ? two : one, 2);
        for (int round = 0; round < 200; ++round) {
            const int i = (round + m) % 2;  // the models swap their images every time
            wrong[m] += run(session, (i ? b : a).data()) != right[m][i];
        }
    };
    std::thread other(use, 1);
    use(0);
    other.join();
    CHECK(wrong[0] == 0);
    CHECK(wrong[1] == 0);
}

TEST_CASE("images sixteen pixels wide may lie at any address of a float") {
    const TemporaryFolder folder;
    const Model model = build_model("one", "relu", folder);
    const std::vector<float> images = images_of(3);
    const Session session = open_session(model, 1);
    const std::vector<float> right = run(session, images.data());
    for (size_t offset = 1; offset <= 16; ++offset) {
        std::vector<float> moved(images.size() + offset);
        std::copy(images.begin(), images.end(), moved.begin() + std::ptrdiff_t(offset));
        CHECK(run(session, moved.data() + offset) == right);
    }
}
