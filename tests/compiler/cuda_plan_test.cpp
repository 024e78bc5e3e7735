// Plans of a GPU's variant: what lies where, and what is shared with CPUs' variants.
#include <doctest/doctest.h>

#include "generators/compiler/make_plan.h"
#include "models/passes/passes.h"
#include "models/weights/formula.h"
#include "models/zoo/zoo.h"

using namespace senetc;

namespace {

Graph small(const char* name) {
    const Network& network = find_network(name);
    NetworkOptions options;
    options.height = 64, options.width = 64;
    return run_passes(bind_formula_weights(network.build(network, options)));
}

PlanVariant plan(const Graph& graph, const KernelTarget& target, PackedWeights& weights) {
    const Lowered lowered = lower(graph, choose_from(hand_source(), target.variant));
    VariantKernels kernels;
    const auto add = [&](const LoweredStep& step) {
        const KernelSpec spec = kernel_of(step, target);
        kernels.emplace(spec.text(), VariantKernel{spec, 0, {{80, "code of " + spec.symbol()}}});
    };
    add(lowered.ingest_f32);
    add(lowered.ingest_u8);
    for (const LoweredStep& step : lowered.steps) add(step);
    return make_variant(lowered, target, kernels, weights);
}

PlanVariant plan(const Graph& graph, const char* variant) {
    PackedWeights weights;
    return plan(graph, {variant}, weights);
}

struct Storage {
    uint64_t begin, end;  // bytes of the arena, per image
    bool halo;
};

uint64_t image_bytes(const senet_buffer_v1_t& buffer) {
    return uint64_t(buffer.dim[buffer.dimensions - 1].stride) * buffer.type_bits / 8;
}

// Of every step's outputs, ingest first.
std::vector<Storage> storages(const PlanVariant& variant) {
    std::vector<Storage> all;
    const auto add = [&](const PlanStep& step) {
        for (size_t i = step.args.size() - step.outputs; i < step.args.size(); ++i) {
            const senet_buffer_v1_t& buffer = variant.buffers[step.args[i]];
            const bool halo = step.halo != SENET_NONE && i + 1 == step.args.size();
            all.push_back({buffer.offset, buffer.offset + image_bytes(buffer), halo});
        }
    };
    add(variant.ingest[0]);
    for (const PlanStep& step : variant.steps) add(step);
    return all;
}

int shared_halos(const PlanVariant& variant) {
    const std::vector<Storage> all = storages(variant);
    int shared = 0;
    for (size_t a = 0; a < all.size(); ++a)
        for (size_t b = 0; b < all.size(); ++b)
            shared += a != b && all[a].halo && all[a].begin < all[b].end && all[b].begin < all[a].end;
    return shared;
}

}  // namespace

TEST_CASE("on a GPU no value lies where another's halo does, for halos are zeroed once; others share storage") {
    for (const char* name : {"se_resnet20_cifar", "se_resnet50", "se_mobilenet_v1"}) {
        INFO(name);
        const Graph graph = small(name);
        const PlanVariant gpu = plan(graph, "cuda"), cpu = plan(graph, "avx2");
        CHECK(shared_halos(gpu) == 0);
        CHECK(shared_halos(cpu) > 0);
        uint64_t halos = 0, all = 0;
        for (const Storage& storage : storages(gpu)) {
            CHECK(storage.end <= gpu.arena_bytes);
            all += storage.end - storage.begin;
            if (storage.halo) halos += storage.end - storage.begin;
        }
        CHECK(halos > 0);
        CHECK(gpu.arena_bytes < all);
        CHECK(gpu.arena_bytes >= halos);
    }
}

TEST_CASE("a GPU's variant says what runs it, and each step has its kernel's code") {
    const PlanVariant gpu = plan(small("se_resnet20_cifar"), "cuda");
    CHECK(gpu.device == SENET_DEVICE_CUDA);
    CHECK(gpu.capability == 70);
    CHECK(gpu.cpu_features == SENET_CPU_X86_AVX2);
    for (const PlanStep& step : gpu.steps) {
        REQUIRE(step.gpu_code.size() == 1);
        CHECK(step.entry.starts_with(step.gpu_code[0].cubin.substr(8)));
    }
}

TEST_CASE("parameters that are packed alike for GPU and CPU are stored once") {
    const Graph graph = small("se_mobilenet_v1");  // no Winograd, whose transformed weights differ
    PackedWeights cpu, both;
    plan(graph, {"avx2"}, cpu);
    plan(graph, {"avx2"}, both);
    plan(graph, {"cuda"}, both);
    CHECK(both.bytes().size() == cpu.bytes().size());
}
