#include <set>

#include "models/graph/types.h"
#include "models/graph/verify.h"
#include "models/zoo/zoo.h"
#include "support.h"

using namespace senetc;

namespace {

int64_t parameters(const std::string& name, const NetworkOptions& options = {}) {
    const Network& network = find_network(name);
    int64_t count = 0;
    for (const auto& [tensor, shape] : expected_constants(network.build(network, options)))
        if (tensor.find(".running_") == std::string::npos) count += element_count(shape);
    return count;
}

}  // namespace

TEST_CASE("the zoo has the networks that it promises, and each verifies") {
    std::vector<std::string> names;
    for (const Network& network : networks()) {
        names.push_back(network.name);
        CHECK_NOTHROW(verify(network.build(network, {})));
    }
    CHECK(names == std::vector<std::string>{"se_resnet18", "se_resnet34", "se_resnet50", "se_resnet101", "se_resnet152",
                                            "se_resnet20_cifar", "se_resnet56_cifar", "se_mobilenet_v1",
                                            "se_mobilenet_v1_stl10"});
}

TEST_CASE("parameters are as many as in PyTorch") {
    CHECK(parameters("se_resnet18") == 11776552);
    CHECK(parameters("se_resnet50") == 28071976);
    CHECK(parameters("se_resnet152") == 66770984);
    CHECK(parameters("se_resnet20_cifar") == 274490);
    CHECK(parameters("se_mobilenet_v1") == 4711720);
}

TEST_CASE("a plain network is the same without its SE blocks") {
    NetworkOptions plain;
    plain.plain = true;
    CHECK(parameters("se_resnet50", plain) == 25557032);  // torchvision's resnet50
    CHECK(parameters("se_resnet18", plain) == 11689512);
    for (const Network& network : networks())
        for (const auto& [name, shape] : expected_constants(network.build(network, plain)))
            CHECK(name.find(".se.") == std::string::npos);
}

TEST_CASE("reduction sets the hidden width, at least 1, and classes the classifier") {
    const Network& network = find_network("se_resnet20_cifar");
    NetworkOptions options;
    options.reduction = 5, options.classes = 3;
    auto shapes = expected_constants(network.build(network, options));
    CHECK(shapes.at("layer1.0.se.fc.0.weight") == Shape{3, 16});
    CHECK(shapes.at("layer3.0.se.fc.2.weight") == Shape{64, 12});
    CHECK(shapes.at("fc.weight") == Shape{3, 64});
    options.reduction = 1000;
    CHECK(expected_constants(network.build(network, options)).at("layer3.0.se.fc.0.weight") == Shape{1, 64});
}

TEST_CASE("stages are the layers of a ResNet and the blocks of a MobileNet") {
    auto stages = [](const std::string& name, bool plain) {
        const Network& network = find_network(name);
        NetworkOptions options;
        options.plain = plain;
        Graph graph = network.build(network, options);
        std::vector<std::string> found;
        for (const Node& node : graph.nodes)
            if (!node.stage.empty()) found.push_back(node.stage);
        return found;
    };
    CHECK(stages("se_resnet34", false) == std::vector<std::string>{"layer1", "layer2", "layer3", "layer4"});
    CHECK(stages("se_resnet56_cifar", true) == std::vector<std::string>{"layer1", "layer2", "layer3"});
    CHECK(stages("se_mobilenet_v1", false).size() == 13);
    CHECK(stages("se_mobilenet_v1", false).back() == "blocks.12.se");
    CHECK(stages("se_mobilenet_v1", true).back() == "blocks.12");
}

TEST_CASE("any input size is inferred through, odd and non-square too") {
    const Network& network = find_network("se_resnet50");
    NetworkOptions options;
    options.height = 225, options.width = 97;
    Graph graph = network.build(network, options);
    CHECK(graph.nodes[id_of(graph, "conv1")].type == Type{64, 113, 49});
    CHECK(graph.nodes[id_of(graph, "layer4.2.relu")].type == Type{2048, 8, 4});
}

TEST_CASE("resizing keeps its ratio to the shorter side of a given input, and the crop is the input") {
    NetworkOptions options;
    const Network& imagenet = find_network("se_resnet50");
    Preprocess own = preprocess_for(imagenet, options);
    CHECK(own.resize == 256);
    CHECK(own.crop_height == 224);
    options.height = 331, options.width = 200;
    Preprocess given = preprocess_for(imagenet, options);
    CHECK(given.resize == 229);  // 200 x 256 / 224 = 228.6
    CHECK(given.crop_height == 331);
    CHECK(given.crop_width == 200);
    CHECK(given.mean == std::vector<float>{0.485f, 0.456f, 0.406f});
    Preprocess cifar = preprocess_for(find_network("se_resnet20_cifar"), options);
    CHECK(cifar.resize == 0);
    CHECK(cifar.crop_height == 0);
    CHECK(cifar.deviation == std::vector<float>{0.2023f, 0.1994f, 0.2010f});
}

TEST_CASE("labels hold only for their own number of classes") {
    NetworkOptions options;
    const Network& cifar = find_network("se_resnet20_cifar");
    CHECK(labels_for(cifar, options).size() == 10);
    CHECK(labels_for(cifar, options)[9] == "truck");
    options.classes = 100;
    CHECK(labels_for(cifar, options).empty());
    CHECK(labels_for(find_network("se_resnet18"), {}).empty());
}
