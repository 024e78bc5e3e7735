// senetc verify as its users meet it: right libraries pass, and of wrong ones it says where and why.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "generators/compiler/targets.h"
#include "generators/inspect/disassemble.h"
#include "generators/inspect/kernel_uses.h"
#include "generators/package/steps.h"
#include "models/weights/formula.h"
#include "models/weights/safetensors.h"
#include "models/weights/safetensors_writer.h"
#include "tests/programs/programs.h"

using namespace senetc;
using namespace senetc::test;
namespace fs = std::filesystem;

namespace {

Outcome verify(const std::string& library, const std::string& arguments) {
    return run(fmt::format("{{senetc}} verify {} --weights {} {}", library, kTrainedWeights, arguments));
}

void check_says(const Outcome& outcome, int status, const std::string& sentence) {
    INFO(outcome.output, outcome.errors);
    CHECK(outcome.status == status);
    CHECK((outcome.output + outcome.errors).find(sentence) != std::string::npos);
}

void write_bytes(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

// The trained library with some of its bytes replaced, and a trailer that fits them.
std::string changed_library(const TemporaryFolder& folder, size_t at, const std::string& replacement) {
    const std::string path = folder.path() / "libse_resnet20_cifar.so";
    std::string bytes = read_text(trained_library());
    bytes.resize(bytes.size() - sizeof(senet_trailer_v1_t));
    bytes.replace(at, replacement.size(), replacement);
    write_bytes(path, bytes);
    package::append_trailer(path, SENET_MAGIC_LIBRARY, "se_resnet20_cifar");
    return path;
}

// Two images and what the library computes of them, as files.
struct Files {
    TemporaryFolder folder;
    std::string input = folder.path() / "in.safetensors", output = folder.path() / "out.safetensors";

    Files() {
        write_safetensors(input, {{"input", {{2, 3, 32, 32}, formula_image(2, 3, 32, 32)}}});
        const Outcome outcome =
            run(fmt::format("{{senet}} run {} --tensors {} --stages --output {}", trained_library(), input, output));
        REQUIRE_MESSAGE(outcome.status == 0, outcome.errors);
    }

    // The outputs with one value of a tensor changed.
    std::string with_changed(const std::string& name, float by) const {
        std::map<std::string, FloatArray> tensors;
        for (const auto& [other, tensor] : read_safetensors(output).tensors)
            tensors[other] = {tensor.shape(), tensor.to_floats()};
        tensors.at(name).values.back() += by;
        const std::string path = folder.path() / ("changed-" + name + ".safetensors");
        write_safetensors(path, tensors);
        return path;
    }
};

}  // namespace

TEST_CASE("a library passes in every variant that this CPU runs, with its weights inside or beside") {
    const Outcome outcome = verify(trained_library(), "");
    check_says(outcome, 0, "\npasses: all within 1e-04 of the largest value\n");
    check_says(outcome, 0, "avx2, 1 image by formula");
    check_says(outcome, 0, "parameters are those of");
    const TemporaryFolder folder;
    REQUIRE(run(fmt::format("{{senetc}} build se_resnet20_cifar --weights {} -o {} --weights-beside --name beside "
                            "--without release_stages,scale_in_conv --variants avx2",
                            kTrainedWeights, folder.path().string()))
                .status == 0);
    check_says(verify(folder.path() / "x86-64" / "libbeside.so", "-v"), 0, "layer3.2.conv2");
}

TEST_CASE("one wrong instruction in a kernel is found, and the step named that runs it") {
    const inspect::Library library = inspect::read_library(trained_library());
    const PlanVariant& avx2 = library.plan.variants[1];
    const auto use = inspect::find_kernel(library, avx2, "layer2.0.conv1");
    const inspect::Machine machine(find_target("x86-64").triple, "");
    std::string code, wrong;
    for (const inspect::Function& function : library.kernels.at(use.name).functions) {
        for (const inspect::Instruction& instruction : inspect::disassemble(function, machine)) {
            if (!instruction.text.starts_with("vfmadd231ps") || !code.empty()) continue;
            code = wrong = function.code;
            const size_t opcode = instruction.address - function.address + 3;  // after VEX's three bytes
            REQUIRE(wrong[opcode] == '\xb8');
            wrong[opcode] = '\xbc';  // vfnmadd231ps
        }
    }
    REQUIRE(!code.empty());
    const TemporaryFolder folder;
    const std::string changed = changed_library(folder, read_text(trained_library()).find(code), wrong);
    const Outcome outcome = verify(changed, "--variant avx2");
    check_says(outcome, 1, "parameters are those of");
    check_says(outcome, 1, "the step layer2.0.conv1 is the first beyond 1e-04");
}

TEST_CASE("a weight that was changed in a library is found, and the step named that reads it") {
    const inspect::Library library = inspect::read_library(trained_library());
    const PlanVariant& variant = library.plan.variants[0];
    const auto step = std::find_if(variant.steps.begin(), variant.steps.end(),
                                   [](const PlanStep& s) { return s.name == "layer3.1.se.gate"; });
    REQUIRE(step != variant.steps.end());
    const auto is_weights = [&](uint32_t i) { return variant.buffers[i].storage == SENET_STORAGE_WEIGHTS; };
    const auto buffer = std::find_if(step->args.begin(), step->args.end(), is_weights);
    REQUIRE(buffer != step->args.end());
    const std::string weights = inspect::read_weights(library);
    const size_t at = read_text(trained_library()).find(weights) + variant.buffers[*buffer].offset;
    const TemporaryFolder folder;
    const float value = 100;
    const std::string changed =
        changed_library(folder, at, std::string(reinterpret_cast<const char*>(&value), sizeof value));
    const Outcome outcome = verify(changed, "");
    check_says(outcome, 1, "differ from those of");
    check_says(outcome, 1, "first layer3.1.se.gate's");
    check_says(outcome, 1, "layer3.1.se.gate  ");
    check_says(outcome, 1, "were changed after it was built");
}

TEST_CASE("weights of another training are told, not only their consequences") {
    const TemporaryFolder folder;
    const std::string other = folder.path() / "other.safetensors";
    REQUIRE(run(fmt::format("{{senetc}} weights se_resnet20_cifar -o {}", other)).status == 0);
    const Outcome outcome = run(fmt::format("{{senetc}} verify {} --weights {}", trained_library(), other));
    check_says(outcome, 1, "fails: weights: ");
    check_says(outcome, 1, "the library was built with another file of weights");
}

TEST_CASE("another framework's outputs are compared by name, the worst of them told") {
    const Files files;
    check_says(verify(trained_library(), fmt::format("--tensors {} --expect {}", files.input, files.output)), 0,
               "against the expected outputs");
    const std::string logits = files.with_changed("logits", 1), stage = files.with_changed("layer2", 1);
    check_says(verify(trained_library(), fmt::format("--tensors {} --expect {}", files.input, logits)), 1,
               "the expected 'logits' differ by");
    check_says(verify(trained_library(), fmt::format("--tensors {} --expect {}", files.input, stage)), 1,
               "the expected 'layer2' differ by");
}

TEST_CASE("what a library computed on another machine is compared without running it") {
    const Files files;
    const auto arguments = [&](const std::string& outputs) {
        return fmt::format("--tensors {} --images 2 --outputs {}", files.input, outputs);
    };
    check_says(verify(trained_library(), arguments(files.output)), 0, "computed elsewhere, 2 images of");
    check_says(verify(trained_library(), arguments(files.with_changed("layer2", 1))), 1,
               "the step layer2.2.conv2 is the first beyond");
    check_says(verify(trained_library(), arguments(files.with_changed("logits", 1))), 1, "the logits are off");
}

TEST_CASE("a library of another machine costs one sentence that says how to compare it") {
    const TemporaryFolder folder;
    const std::string weights = folder.path() / "w.safetensors";
    write_bytes(folder.path() / "tiny.graph",
                "graph tiny\n%x = input : f32[3,8,8]\n%p = global_avg_pool %x\n"
                "%fc = linear %p weight=@fc.weight out=4\nreturn %fc\n");
    const std::string graph = folder.path() / "tiny.graph";
    REQUIRE(run(fmt::format("{{senetc}} weights {} -o {}", graph, weights)).status == 0);
    REQUIRE(run(fmt::format("{{senetc}} build {} --weights {} --target arm-64 -o {}", graph, weights,
                            folder.path().string()))
                .status == 0);
    const Outcome outcome =
        run(fmt::format("{{senetc}} verify {}/arm-64/libtiny.so --weights {}", folder.path().string(), weights));
    check_says(outcome, 2, "--outputs");
    CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
}

TEST_CASE("what verify can't compare costs one sentence") {
    const Files files;
    write_safetensors(files.folder.path() / "small.safetensors",
                      {{"input", {{1, 3, 16, 16}, formula_image(1, 3, 16, 16)}}});
    write_bytes(files.folder.path() / "text.so", "no library");
    const std::string lib = trained_library(), folder = files.folder.path();
    const std::pair<std::string, const char*> cases[] = {
        {folder + "/text.so --weights " + kTrainedWeights, "neither a shared library"},
        {lib + " --weights nowhere.safetensors", "nowhere.safetensors"},
        {lib + " --weights " + files.input, "bn1.bias"},
        {lib, "--weights"},
        {lib + " --weights " + kTrainedWeights + " --variant neon", "has avx512, avx2"},
        {lib + " --weights " + kTrainedWeights + " --expect " + files.output, "--tensors"},
        {lib + " --weights " + kTrainedWeights + " --tensors " + folder + "/small.safetensors", "shape [N,3,32,32]"},
        {lib + " --weights " + kTrainedWeights + " --tensors " + files.input + " --expect " + files.input,
         "no tensor of shape [N,10]"},
        {lib + " --weights " + kTrainedWeights + " --tensors " + files.input + " --outputs " + files.input,
         "no tensor 'logits'"},
        {lib + " --weights " + kTrainedWeights + " --tolerance 0", "--tolerance"},
    };
    for (const auto& [arguments, sentence] : cases) {
        const Outcome outcome = run("{senetc} verify " + arguments);
        INFO(arguments, " -> ", outcome.errors);
        CHECK(outcome.status == 2);
        CHECK(outcome.output.empty());
        CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
        CHECK(outcome.errors.find(sentence) != std::string::npos);
    }
}
