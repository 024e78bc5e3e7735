// The trained network that comes with the repository.
#include "models/passes/passes.h"
#include "models/reference/evaluate.h"
#include "models/weights/formula.h"
#include "models/zoo/zoo.h"
#include "support.h"

using namespace senetc;

namespace {

WeightFile trained() {
    return read_safetensors(SENETC_SOURCE "/models/weights/se_resnet20_cifar10.safetensors");
}

Graph build(bool plain) {
    const Network& network = find_network("se_resnet20_cifar");
    NetworkOptions options;
    options.plain = plain;
    return network.build(network, options);
}

}  // namespace

TEST_CASE("the trained CIFAR-10 network binds, num_batches_tracked ignored") {
    WeightFile file = trained();
    CHECK(file.others.at("bn1.num_batches_tracked") == "I64");
    CHECK(file.notes.empty());
    Graph graph = bind_weights(build(false), file);
    CHECK(graph.constants.size() == 125);
    CHECK(error_of([&] { bind_weights(build(true), file); }).find("has no place for tensor layer1.0.se.fc.0.weight") !=
          std::string::npos);
    CHECK(bind_weights(build(true), file, true).constants.size() == 125 - 18);
}

TEST_CASE("the passes leave the trained network's logits as they were") {
    Graph graph = bind_weights(build(false), trained());
    Graph result = run_passes(graph);
    auto image = formula_image(1, 3, 32, 32);
    std::vector<double> input(image.begin(), image.end());
    auto before = evaluate(graph, input)[graph.output], after = evaluate(result, input)[result.output];
    CHECK(relative_error(before, after) <= 1e-12);
    CHECK(*std::max_element(before.begin(), before.end()) > 1);
}
