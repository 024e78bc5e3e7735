// Lowering: from a graph to stages and their schedules.
#include <doctest/doctest.h>

#include "generators/compiler/lower.h"
#include "models/passes/passes.h"
#include "models/weights/formula.h"
#include "models/zoo/zoo.h"

using namespace senetc;

namespace {

Graph small(const char* name) {
    const Network& network = find_network(name);
    NetworkOptions options;
    options.height = 45, options.width = 64, options.classes = 3;
    return bind_formula_weights(network.build(network, options));
}

Lowered lowered(const Graph& graph, const char* variant) {
    return lower(graph, choose_from(hand_source(), variant));
}

// Every argument of every kernel is laid out, and as many values go in and out as it has arguments for them.
void check_arguments(const Lowered& lowered) {
    for (const LoweredStep& step : lowered.steps) {
        size_t inputs = 0, parameters = 0, outputs = 0;
        for (const Argument& argument : arguments(step.stage, step.schedule)) {
            inputs += argument.role == Role::input;
            parameters += argument.role == Role::parameter;
            outputs += argument.role == Role::output;
        }
        INFO(to_string(step.stage));
        CHECK(step.inputs.size() == inputs);
        CHECK(step.params.size() == parameters);
        CHECK(step.outputs.size() == outputs);
    }
}

int count_stages(const Lowered& lowered, const std::string& generator) {
    int count = 0;
    for (const LoweredStep& step : lowered.steps) count += step.stage.generator == generator;
    return count;
}

}  // namespace

TEST_CASE("every network lowers whichever pass is left out, with as many values as its kernels have arguments") {
    for (const char* name : {"se_resnet18", "se_resnet50", "se_resnet20_cifar", "se_mobilenet_v1"}) {
        const Graph graph = small(name);
        check_arguments(lowered(run_passes(graph), "avx512"));
        for (const Pass& pass : default_passes()) {
            INFO(name, " without ", pass.name);
            const Graph without = run_passes(graph, nullptr, {{pass.name}});
            for (const char* variant : {"avx512", "avx2", "neon"}) {
                Lowered result;
                REQUIRE_NOTHROW(result = lowered(without, variant));
                check_arguments(result);
            }
        }
    }
}

TEST_CASE("no stage of an SE-ResNet-50 scales a map, and its last one stores sums alone") {
    const Lowered result = lowered(run_passes(small("se_resnet50")), "avx512");
    CHECK(count_stages(result, "scale_add") == 0);
    for (const LoweredStep& step : result.steps)
        if (step.name == "layer4.2.conv3") {
            CHECK(step.stage.number("store") == 0);
            CHECK(step.stage.number("sums") == 1);
            CHECK(step.stage.number("gate") == 1);
        }
}
