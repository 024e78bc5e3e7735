// The networks on formula weights, evaluated in double, against PyTorch's results in double.
#include <chrono>
#include <nlohmann/json.hpp>

#include "models/reference/evaluate.h"
#include "models/weights/formula.h"
#include "models/zoo/zoo.h"
#include "support.h"

using namespace senetc;

namespace {

const std::string kReference = SENETC_SHARED "/reference/";

const nlohmann::json& goldens() {
    static const nlohmann::json all = nlohmann::json::parse(std::ifstream(kReference + "goldens.json"));
    return all;
}

Graph golden_graph(const std::string& name) {
    const Network& network = find_network(name);
    auto statistics = read_safetensors(kReference + name + ".bn.safetensors").tensors;
    return bind_formula_weights(network.build(network, {}), statistics);
}

// Every node's value for image `index` of the golden's two.
std::vector<std::vector<double>> run(const Graph& graph, int index) {
    Type type = graph.nodes[0].type;
    auto images = formula_image(index + 1, type.channels, type.height, type.width);
    size_t elements = images.size() / (index + 1);
    return evaluate(graph, {images.end() - elements, images.end()});
}

const std::vector<double>& stage_value(const Graph& graph, const std::vector<std::vector<double>>& values,
                                       const std::string& stage) {
    for (size_t id = 0; id < graph.nodes.size(); id++)
        if (graph.nodes[id].stage == stage) return values[id];
    FAIL("no stage ", stage);
    return values[0];
}

void check_stage(const nlohmann::json& golden, const std::vector<double>& first, const std::vector<double>& second) {
    std::vector<double> both = first;
    both.insert(both.end(), second.begin(), second.end());
    double mean = 0, square = 0;
    for (double value : both) mean += value / both.size();
    for (double value : both) square += (value - mean) * (value - mean) / (both.size() - 1);
    CHECK(mean == doctest::Approx(golden["mean"].get<double>()).epsilon(1e-5));
    CHECK(std::sqrt(square) == doctest::Approx(golden["std"].get<double>()).epsilon(1e-5));
    for (size_t i = 0; i < 8; i++)
        CHECK(first[i] == doctest::Approx(golden["first"][i].get<double>()).epsilon(1e-5).scale(std::sqrt(square)));
}

}  // namespace

TEST_CASE("the tensors of every network have PyTorch's names and shapes, and its number of parameters") {
    for (const Network& network : networks()) {
        CAPTURE(network.name);
        const auto& golden = goldens().at(network.name);
        std::map<std::string, Shape> expected;
        int64_t parameters = 0;
        for (const auto& [name, shape] : golden["tensors"].items()) expected[name] = shape.get<Shape>();
        auto found = expected_constants(network.build(network, {}));
        CHECK(found == expected);
        for (const auto& [name, shape] : found)
            if (name.find(".running_") == std::string::npos) parameters += element_count(shape);
        CHECK(parameters == golden["parameters"].get<int64_t>());
    }
}

TEST_CASE("logits and stages of the small networks are PyTorch's, for both images") {
    for (const char* name : {"se_resnet20_cifar", "se_resnet56_cifar", "se_mobilenet_v1_stl10"}) {
        CAPTURE(std::string(name));
        const auto& golden = goldens().at(name);
        Graph graph = golden_graph(name);
        auto first = run(graph, 0), second = run(graph, 1);
        CHECK(relative_error(first[graph.output], golden["logits"][0].get<std::vector<double>>()) <= 1e-8);
        CHECK(relative_error(second[graph.output], golden["logits"][1].get<std::vector<double>>()) <= 1e-8);
        for (const auto& [stage, values] : golden["stages"].items()) {
            CAPTURE(stage);
            check_stage(values, stage_value(graph, first, stage), stage_value(graph, second, stage));
        }
    }
}

TEST_CASE("logits of the ImageNet networks are PyTorch's, for the first image") {
    for (const char* name :
         {"se_resnet18", "se_resnet34", "se_resnet50", "se_resnet101", "se_resnet152", "se_mobilenet_v1"}) {
        auto begin = std::chrono::steady_clock::now();
        Graph graph = golden_graph(name);
        auto found = run(graph, 0)[graph.output];
        double error = relative_error(found, goldens().at(name)["logits"][0].get<std::vector<double>>());
        std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        MESSAGE(std::string(name), ": relative error ", error, " in ", seconds.count(), " s");
        CHECK(error <= 1e-8);
    }
}
