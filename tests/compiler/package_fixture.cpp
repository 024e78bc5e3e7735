#include "tests/compiler/package_fixture.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace senetc::test {
namespace fs = std::filesystem;

TestFolder::TestFolder() {
    std::string pattern = fs::temp_directory_path() / "package-test-XXXXXX";
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
    path_ = pattern;
}

TestFolder::~TestFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("no file " + file.string());
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& bytes) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
}

std::vector<std::string> list(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

Output shell(const std::string& command) {
    FILE* pipe = popen(("{ " + command + "; } 2>&1").c_str(), "r");
    Output output;
    char chunk[4096];
    while (const size_t n = fread(chunk, 1, sizeof chunk, pipe)) output.text.append(chunk, n);
    const int status = pclose(pipe);
    output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return output;
}

namespace {

// Fields count up from `seed`, so that one in another's place shows.
senet_buffer_v1_t make_buffer(uint32_t seed) {
    senet_buffer_v1_t b{};
    b.storage = seed % 4;
    b.type_code = 2;
    b.type_bits = 32;
    b.dimensions = 1 + seed % SENET_MAX_DIMS;
    b.batched = seed % 2;
    b.offset = (1ull << 33) + seed;
    b.start = seed + 1;
    for (uint32_t d = 0; d < b.dimensions; d++)
        b.dim[d] = {-static_cast<int32_t>(d), static_cast<int32_t>(seed + d + 2), static_cast<int32_t>(seed + d + 3),
                    0};
    return b;
}

PlanStep make_step(const std::string& name, const std::string& entry, uint32_t seed, std::vector<uint32_t> args) {
    PlanStep step;
    step.name = name;
    step.kernel = "kernel of " + entry;
    step.schedule = seed % 3 ? "schedule of " + name : "";
    step.schedule_source = seed % 3 ? "tuned:" + name : "";
    step.stage = seed % 2 ? "layer1" : "";
    step.entry = entry;
    step.args = std::move(args);
    step.outputs = static_cast<uint32_t>(step.args.size());
    step.halo = seed % 2 ? SENET_NONE : 1;
    step.interior_width = seed + 10;
    step.interior_height = seed + 11;
    step.channels = seed + 12;
    step.height = seed + 13;
    step.width = seed + 14;
    step.flops = (1ull << 40) + seed;
    step.bytes = (1ull << 41) + seed;
    if (seed % 2) step.gpu_code = {{80, "cubin of " + name}, {90, std::string("\0\1", 2)}};
    return step;
}

PlanVariant make_variant(const std::string& name, uint64_t features, uint32_t seed) {
    PlanVariant v;
    v.name = name;
    v.cpu_features = features;
    for (uint32_t i = 0; i < 4; i++) v.buffers.push_back(make_buffer(seed + i));
    v.steps.push_back(make_step("conv1", "package_double_argv", seed, {0, 2, 3}));
    v.steps.push_back(make_step("conv2", "package_zero_argv", seed + 1, {1}));
    v.ingest[0] = make_step("images", "package_double_argv", seed + 2, {1, 0});
    v.ingest[1] = make_step("bytes", "package_zero_argv", seed + 3, {2, 3, 1});
    v.logits = 3;
    v.arena_bytes = (1ull << 34) + seed;
    v.scratch_bytes = (1ull << 35) + seed;
    return v;
}

}  // namespace

Plan make_plan(const std::string& name) {
    Plan plan;
    plan.name = name;
    plan.producer = "senetc test";
    plan.description = "a plan of the tests";
    plan.channels = 3;
    plan.height = 5;
    plan.width = 7;
    plan.classes = 4;
    plan.preprocess = {256, 224, 225, {0.1f, 0.2f, 0.3f, 0.4f}, {1.5f, 2.5f, 3.5f, 4.5f}};
    plan.labels = {"cat", "dog", "cat", ""};
    plan.variants = {make_variant("avx512", SENET_CPU_X86_AVX512, 100), make_variant("avx2", SENET_CPU_X86_AVX2, 201)};
    plan.graph = "graph " + name + "\n";
    plan.flags = "--all --of them";
    return plan;
}

PackageInput make_input(const TestFolder& folder, const std::string& name, size_t weights_bytes) {
    std::string weights(weights_bytes, 0);
    for (size_t i = 0; i < weights.size(); i++) weights[i] = static_cast<char>(i * 7 + i / 256 + name.size());
    const fs::path file = folder / (name + "-packed");
    write(file, weights);
    PackageInput input;
    input.plan = make_plan(name);
    input.objects = {PACKAGE_KERNELS};
    input.weights = file;
    input.output_folder = folder / "dist";
    return input;
}

}  // namespace senetc::test
