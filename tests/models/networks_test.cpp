// The passes on whole networks, at small inputs where they are evaluated.
#include <set>

#include "models/passes/passes.h"
#include "models/weights/formula.h"
#include "models/zoo/zoo.h"
#include "pass_check.h"

using namespace senetc;

namespace {

Graph built(const std::string& name, int height, int width, bool plain = false) {
    const Network& network = find_network(name);
    NetworkOptions options;
    options.height = height, options.width = width, options.classes = 7, options.plain = plain;
    return network.build(network, options);
}

// Networks that the oracle evaluates in a moment at 23x34.
constexpr const char* kSmallEnough[] = {"se_resnet18", "se_resnet50", "se_resnet20_cifar", "se_mobilenet_v1"};

// Over everything that is visible after; all of it must have been so before.
double largest_error(const Visible& before, const Visible& after) {
    double error = 0;
    for (const auto& [name, values] : after) error = std::max(error, relative_error(before.at(name), values));
    return error;
}

using Lines = std::vector<std::string>;

// `count` nodes from `first` on in short: "conv2 = conv (conv1 se.gate) gate=output relu sums", names within the block
// without its prefix.
Lines block(const Graph& graph, const std::string& first, int count) {
    const std::string prefix = first.substr(0, first.find('.', first.find('.') + 1) + 1);
    auto short_name = [&](const std::string& name) {
        return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
    };
    Lines lines;
    for (ValueId id = id_of(graph, first); count > 0; id++, count--) {
        const Node& node = graph.nodes[id];
        std::string text = short_name(node.name) + " = " + op_name(node.op) + " (";
        for (ValueId input : node.inputs) text += short_name(graph.nodes[input].name) + " ";
        text.back() = ')';
        for (const char* word : {" gate=output", " gate=input", " act=relu", " sums=1"})
            if (print(graph, node).find(word) != std::string::npos)
                text += std::string(word) == " act=relu" ? " relu" : std::string(word) == " sums=1" ? " sums" : word;
        lines.push_back(text);
    }
    return lines;
}

}  // namespace

TEST_CASE("the passes leave logits, and the stages that they keep, as they were, at odd and non-square inputs") {
    std::mt19937 random(3);
    for (const char* name : kSmallEnough) {
        for (bool plain : {false, true}) {
            CAPTURE(std::string(name));
            CAPTURE(plain);
            Graph graph = bind_formula_weights(built(name, 23, 34, plain));
            auto input = random_input(graph, random);
            const auto before = visible(graph, input), after = visible(run_passes(graph), input);
            CHECK(largest_error(before, after) <= 1e-12);
            const auto all = visible(run_passes(graph, nullptr, {{"release_stages"}}), input);
            CHECK(all.size() == before.size());
            CHECK(largest_error(before, all) <= 1e-12);
        }
    }
}

TEST_CASE("each pass leaves every value that it keeps visible as the pass before it left it, to 1e-13") {
    std::mt19937 random(7);
    for (const char* name : kSmallEnough) {
        Graph graph = bind_formula_weights(built(name, 17, 26));
        auto input = random_input(graph, random);
        Visible before = visible(graph, input);
        run_passes(graph, [&](const Pass& pass, const Graph& result) {
            CAPTURE(std::string(name));
            CAPTURE(std::string(pass.name));
            Visible after = visible(result, input);
            CHECK(largest_error(before, after) <= 1e-13);
            before = std::move(after);
        });
    }
}

TEST_CASE("the stages stay whose maps are stored anyway") {
    auto kept = [](const std::string& name, bool plain) {
        std::vector<std::string> stages;
        for (const Node& node : run_passes(built(name, 64, 64, plain)).nodes)
            if (!node.stage.empty()) stages.push_back(node.stage);
        return stages;
    };
    const Lines layers = {"layer1", "layer2", "layer3"};
    for (const char* resnet : {"se_resnet18", "se_resnet34", "se_resnet50", "se_resnet101", "se_resnet152"})
        for (bool plain : {false, true}) CHECK(kept(resnet, plain) == layers);
    CHECK(kept("se_resnet20_cifar", false) == Lines{"layer1", "layer2"});
    CHECK(kept("se_resnet56_cifar", true) == Lines{"layer1", "layer2"});
    CHECK(kept("se_mobilenet_v1", false).empty());
    CHECK(kept("se_mobilenet_v1", true).size() == 12);
}

TEST_CASE("any pass can be left out, and every network is still legal and made of what has kernels") {
    const std::set<std::string> lowered = {"input",      "conv",   "batch_norm",  "max_pool", "global_avg_pool",
                                           "excite",     "scale",  "scale_add",   "add",      "add_activation",
                                           "activation", "linear", "window_means"};
    for (const Pass& pass : default_passes())
        for (const Network& network : networks()) {
            CAPTURE(std::string(pass.name));
            CAPTURE(network.name);
            Graph graph;
            REQUIRE_NOTHROW(graph = run_passes(network.build(network, {}), nullptr, {{pass.name}}));
            for (const Node& node : graph.nodes) CHECK(lowered.contains(op_name(node.op)));
        }
}

TEST_CASE("whichever pass is left out, the network computes the same") {
    std::mt19937 random(5);
    for (const char* name : {"se_resnet20_cifar", "se_mobilenet_v1"}) {
        Graph graph = bind_formula_weights(built(name, 23, 34));
        auto input = random_input(graph, random);
        const auto before = visible(graph, input);
        for (const Pass& pass : default_passes()) {
            CAPTURE(std::string(name));
            CAPTURE(std::string(pass.name));
            CHECK(largest_error(before, visible(run_passes(graph, nullptr, {{pass.name}}), input)) <= 1e-12);
        }
    }
}

TEST_CASE("a pass left out isn't run, and one that there isn't is refused with the list") {
    std::vector<std::string> ran;
    auto observe = [&](const Pass& pass, const Graph&) { ran.push_back(pass.name); };
    run_passes(built("se_resnet20_cifar", 32, 32), observe, {{"commute_gate", "fuse_residual"}});
    CHECK(ran == std::vector<std::string>{"infer_shapes", "drop_dead_code", "fold_batch_norm", "recognise_se",
                                          "release_stages", "squeeze_before_conv", "scale_in_conv", "fuse_activation",
                                          "accumulate_downsample", "collect_sums"});
    CHECK(error_of([] { run_passes(built("se_resnet20_cifar", 32, 32), nullptr, {{"fuse"}}); }) ==
          "there is no pass 'fuse' to leave out; the passes are infer_shapes, drop_dead_code, fold_batch_norm, "
          "recognise_se, release_stages, squeeze_before_conv, commute_gate, scale_in_conv, fuse_residual, "
          "fuse_activation, accumulate_downsample, collect_sums");
}

TEST_CASE("a basic block's gate comes from its first convolution's windows, and no pass over a map remains") {
    Graph graph = run_passes(built("se_resnet18", 224, 224));
    CHECK(block(graph, "layer2.0.conv1", 5) == Lines{"conv1 = conv (layer1.1.conv2) relu sums",
                                                     "se.pool = window_means (conv1)", "se.gate = excite (se.pool)",
                                                     "downsample.0 = conv (layer1.1.conv2)",
                                                     "conv2 = conv (conv1 se.gate downsample.0) gate=output relu"});
    for (const char* gone : {"batch_norm", "activation", "add_activation"}) CHECK(count_ops(graph, gone) == 0);
}

TEST_CASE("a basic block of 512 channels on 7x7 squeezes after its convolution and scales in one pass") {
    Graph graph = run_passes(built("se_resnet18", 224, 224));
    CHECK(block(graph, "layer4.1.conv1", 5) ==
          Lines{"conv1 = conv (layer4.0.se.scale) relu", "conv2 = conv (conv1) sums",
                "se.pool = global_avg_pool (conv2)", "se.gate = excite (se.pool)",
                "se.scale = scale_add (conv2 se.gate layer4.0.se.scale) relu sums"});
    CHECK(count_ops(graph, "scale_add") == 2);
    CHECK(count_ops(run_passes(built("se_resnet20_cifar", 32, 32)), "scale_add") == 0);
}

TEST_CASE("a bottleneck's gate comes from its 3x3 convolution's sums, and its last convolution does the rest") {
    Graph graph = run_passes(built("se_resnet50", 224, 224));
    CHECK(block(graph, "layer3.0.conv1", 6) ==
          Lines{"conv1 = conv (layer2.3.conv3) relu", "conv2 = conv (conv1) relu sums",
                "se.pool = global_avg_pool (conv2)", "se.gate = excite (se.pool)",
                "downsample.0 = conv (layer2.3.conv3)", "conv3 = conv (conv2 se.gate downsample.0) gate=output relu"});
    CHECK(block(graph, "layer4.2.conv3", 1) ==
          Lines{"conv3 = conv (conv2 se.gate layer4.1.conv3) gate=output relu sums"});
    CHECK(count_ops(graph, "scale_add") == 0);
    CHECK(count_ops(graph, "global_avg_pool") == 17);
}

TEST_CASE("in a bottleneck network the shortcuts of the two largest maps are added up in registers") {
    for (bool plain : {false, true}) {
        Graph graph = run_passes(built("se_resnet50", 224, 224, plain));
        // Without a gate it is the shortcut's convolution, the later one, that takes the other in.
        auto convolutions = [&](const std::string& block) {
            return (line(graph, block + ".conv3") != "") + (line(graph, block + ".downsample.0") != "");
        };
        for (const char* one : {"layer1.0", "layer2.0"}) CHECK(convolutions(one) == 1);
        for (const char* two : {"layer3.0", "layer4.0"}) CHECK(convolutions(two) == 2);
    }
}

TEST_CASE("a MobileNet's gates go into its depthwise convolutions, and the last one behind the pool") {
    Graph graph = run_passes(built("se_mobilenet_v1", 224, 224));
    CHECK(block(graph, "blocks.1.depthwise", 4) ==
          Lines{"depthwise = conv (blocks.0.pointwise blocks.0.se.gate) gate=input relu",
                "pointwise = conv (depthwise) relu sums", "se.pool = global_avg_pool (pointwise)",
                "se.gate = excite (se.pool)"});
    CHECK(block(graph, "blocks.12.pointwise", 4) ==
          Lines{"pointwise = conv (depthwise) relu sums", "se.pool = global_avg_pool (pointwise)",
                "se.gate = excite (se.pool)", "se.scale = scale_add (se.pool se.gate)"});
    CHECK(count_ops(graph, "scale_add") == 1);
    CHECK(count_ops(graph, "global_avg_pool") == 13);
}

TEST_CASE("a plain network becomes convolutions with their residuals inside, one pool and the classifier") {
    Graph graph = run_passes(built("se_resnet50", 64, 64, true));
    CHECK(graph.name == "resnet50");
    CHECK(count_ops(graph, "conv") == 53 - 1);  // at 64x64 only the first shortcut is added up in registers
    CHECK(graph.nodes.size() == 52 + 4);        // input, maxpool, pool, fc
    auto fused = [](const Node& node) { return std::holds_alternative<ConvOp>(node.op) && node.inputs.size() == 2; };
    CHECK(std::count_if(graph.nodes.begin(), graph.nodes.end(), fused) == 16);
}

TEST_CASE("networks run at one pixel") {
    std::mt19937 random(3);
    for (const Network& network : networks()) {
        NetworkOptions options;
        options.height = options.width = 1, options.classes = 2;
        Graph graph = network.build(network, options);
        CHECK(graph.nodes[graph.output].type == Type{2, 0, 0});
    }
}
