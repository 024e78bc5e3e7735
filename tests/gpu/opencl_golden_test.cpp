// Small networks whole, as they are lowered for GPUs, with their kernels in OpenCL: against their PyTorch definitions
// run in double.
#include <doctest/doctest.h>

#include <cstring>
#include <map>

#include "generators/compiler/lower.h"
#include "generators/compiler/pack_weights.h"
#include "tests/golden/reference.h"
#include "tests/stages/check_stages.h"
#include "tests/stages/kernel_memory.h"

using namespace senetc;
using namespace senetc::test;

namespace {

constexpr int kImages = 2;

std::vector<uint8_t> bytes_of(const std::vector<float>& values) {
    std::vector<uint8_t> bytes(values.size() * sizeof(float));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

size_t storage_bytes(const Argument& argument) {
    return static_cast<size_t>(argument.storage_elements * argument.type_bits / 8);
}

// A network's kernels, and what they compute. Halos are zeros from the beginning.
class Network {
  public:
    explicit Network(const Lowered& lowered) : library_(Checks::release, find_target("x86-64-cuda")) {
        add(lowered.ingest_f32);
        for (const LoweredStep& step : lowered.steps) add(step);
        library_.load();
    }

    std::vector<float> logits(const std::vector<float>& images) {
        const LoweredStep& ingest = *steps_.front();
        const std::vector<Argument> args = arguments(ingest.stage, ingest.schedule);
        std::vector<float> normalisation(static_cast<size_t>(args[1].storage_elements));
        std::fill_n(normalisation.begin(), normalisation.size() / 2, 1.0f);
        std::vector<KernelMemory> own;
        own.push_back(filled(args[0], bytes_of(images)));
        own.push_back(filled(args[1], bytes_of(normalisation)));
        run(ingest, std::move(own));
        for (size_t i = 1; i < steps_.size(); i++) run(*steps_[i], {});
        const int last = steps_.back()->outputs.back();
        const Argument result = arguments(steps_.back()->stage, steps_.back()->schedule).back();
        std::vector<float> logits(kImages * static_cast<size_t>(result.storage_elements));
        std::memcpy(logits.data(), values_.at(last).image(0), logits.size() * sizeof(float));
        return logits;
    }

  private:
    void add(const LoweredStep& step) {
        steps_.push_back(&step);
        const std::string text = text_of(step);
        if (kernels_.count(text) == 0) kernels_[text] = library_.add(step.stage, step.schedule, "cuda");
    }

    static std::string text_of(const LoweredStep& step) {
        return to_string(step.stage) + " | " + to_string(step.schedule);
    }

    // `contents`: of all images.
    static KernelMemory filled(const Argument& argument, const std::vector<uint8_t>& contents) {
        KernelMemory memory(argument, kImages);
        memory.set(0, contents);
        return memory;
    }

    // `own`: the first inputs, where they are no values.
    void run(const LoweredStep& step, std::vector<KernelMemory> own) {
        std::vector<HostMemory> memory;
        const size_t given = own.size();
        size_t input = 0, param = 0, output = 0;
        own.reserve(given + step.params.size());
        for (const Argument& argument : arguments(step.stage, step.schedule)) {
            if (argument.role == Role::parameter) {
                const auto& [name, tensor] = step.params.at(param++);
                own.push_back(
                    filled(argument, bytes_of(pack_parameter(argument, tensor.shape().empty() ? nullptr : &tensor))));
                memory.push_back(own.back().memory(0));
            } else if (argument.role == Role::output) {
                const int value = step.outputs.at(output++);
                const std::vector<uint8_t> zeros(kImages * storage_bytes(argument));
                memory.push_back(values_.insert_or_assign(value, filled(argument, zeros)).first->second.memory(0));
            } else if (input < given) {
                memory.push_back(own[input++].memory(0));
            } else {
                HostMemory seen = values_.at(step.inputs.at(input++ - given)).memory(0);
                seen.host = seen.begin + argument.start * argument.type_bits / 8;
                memory.push_back(seen);
            }
        }
        INFO(step.name, ": ", text_of(step));
        REQUIRE(library_.run(kernels_.at(text_of(step)), memory, kImages) == 0);
    }

    KernelLibrary library_;
    std::vector<const LoweredStep*> steps_;
    std::map<std::string, int> kernels_;
    std::map<int, KernelMemory> values_;
};

// It can't schedule an excite of one hidden unit.
ScheduleChoice anderson_but_for_excite(const Stage& stage, const VariantInfo& variant) {
    const bool excite = stage.generator == "excite";
    return (excite ? hand_source() : auto_source({"Anderson2021", {}}, {"cuda"}))(stage, variant);
}

void check_network(const std::string& name, const ScheduleSource& source) {
    const BuildRequest request = golden::request(name);
    const Graph graph = run_passes(request.network.graph, nullptr, request.passes);
    const Lowered lowered = lower(graph, choose_from(source, "cuda"));
    const Type& input = graph.nodes[0].type;
    golden::check_logits(name, "opencl",
                         Network(lowered).logits(golden::images(input.channels, input.height, input.width)));
}

}  // namespace

TEST_CASE("se_resnet20_cifar by GPU kernels gives the reference's logits") {
    check_network("se_resnet20_cifar", hand_source());
}

TEST_CASE("se_mobilenet_v1_stl10 by GPU kernels gives the reference's logits") {
    check_network("se_mobilenet_v1_stl10", hand_source());
}

TEST_CASE("se_resnet20_cifar by Anderson2021's kernels gives the reference's logits") {
    check_network("se_resnet20_cifar", anderson_but_for_excite);
}

int main(int argc, char** argv) {
    if (!golden::is_present() || !target_runs_here()) return 77;
    return doctest::Context(argc, argv).run();
}
