#include "generators/compiler/build.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "generators/compiler/lower.h"
#include "generators/compiler/make_plan.h"
#include "generators/compiler/packed_weights.h"
#include "generators/compiler/targets.h"
#include "generators/compiler/temporary_folder.h"
#include "generators/package/package.h"
#include "models/error.h"
#include "models/graph/print.h"
#include "models/passes/passes.h"
#include "schedules/schedules.h"

namespace fs = std::filesystem;

namespace senetc {
namespace {

// A variant on its way through the build.
struct VariantBuild {
    std::string name;
    Lowered lowered;
    VariantKernels kernels;        // by stage
    std::vector<size_t> compiled;  // of all kernels those that are its own
};

// Adds a kernel for every distinct stage of the variant, in the order of use.
void add_kernels(VariantBuild& variant, std::vector<KernelSpec>& specs) {
    auto add = [&](const LoweredStep& step) {
        const KernelSpec spec{step.stage, step.schedule, {variant.name}};
        if (!variant.kernels.emplace(to_string(step.stage), VariantKernel{spec, 0}).second) return;
        variant.compiled.push_back(specs.size());
        specs.push_back(spec);
    };
    add(variant.lowered.ingest_f32);
    add(variant.lowered.ingest_u8);
    for (const LoweredStep& step : variant.lowered.steps) add(step);
}

void write_file(const fs::path& path, const char* bytes, size_t size) {
    std::ofstream file(path, std::ios::binary);
    file.write(bytes, std::streamsize(size));
    file.close();
    if (!file) throw Error(fmt::format("{}: can't be written; is the disk full?", path.string()));
}

senet_preprocess_v1_t preprocess_table(const Preprocess& preprocess) {
    senet_preprocess_v1_t table{};
    table.resize = uint32_t(preprocess.resize);
    table.crop_height = uint32_t(preprocess.crop_height);
    table.crop_width = uint32_t(preprocess.crop_width);
    std::copy(preprocess.mean.begin(), preprocess.mean.end(), table.mean);
    std::copy(preprocess.deviation.begin(), preprocess.deviation.end(), table.deviation);
    return table;
}

// The options that decide the library's bytes, in one order and spelling. What the tables show in another place is left
// out: labels and preprocessing.
std::string flags_text(const BuildRequest& request, const BuildTarget& target) {
    std::string text = fmt::format("--target {} --variants {}", target.name, fmt::join(target.variants, ","));
    text += request.network.options;
    if (request.name != request.network.graph.name) text += " --name " + request.name;
    if (request.weights_beside) text += " --weights-beside";
    if (!request.passes.without.empty()) text += fmt::format(" --without {}", fmt::join(request.passes.without, ","));
    return text;
}

Plan start_plan(const BuildRequest& request, const BuildTarget& target) {
    const Graph& graph = request.network.graph;
    const Type& input = graph.nodes[0].type;
    Plan plan;
    plan.name = request.name;
    plan.producer = "senetc " SENETC_VERSION;
    plan.description = request.network.description;
    plan.channels = uint32_t(input.channels);
    plan.height = uint32_t(input.height);
    plan.width = uint32_t(input.width);
    plan.classes = uint32_t(graph.nodes[size_t(graph.output)].type.channels);
    plan.preprocess = preprocess_table(request.network.preprocess);
    plan.labels = request.network.labels;
    plan.graph = print(graph);
    plan.flags = flags_text(request, target);
    return plan;
}

// Everything that one target's library is made of, but for the files.
struct TargetBuild {
    const BuildTarget& target;
    std::vector<VariantBuild> variants;
    Plan plan;
    PackedWeights weights;
};

// Plans every variant's memory and calls, packing weights as it goes.
void make_plan(const BuildRequest& request, TargetBuild& build, const std::vector<EmittedKernel>& kernels,
               const std::vector<KernelSpec>& specs) {
    build.plan = start_plan(request, build.target);
    for (VariantBuild& variant : build.variants) {
        for (const size_t i : variant.compiled)
            variant.kernels.at(to_string(specs[i].stage)).scratch_bytes = kernels[i].scratch_bytes;
        build.plan.variants.push_back(make_variant(variant.lowered, variant.name, variant.kernels, build.weights));
    }
}

// Returns the files. Ctrl-C in this last second waits for its end, so that nothing is left half-written.
std::vector<std::string> link(const BuildRequest& request, const TargetBuild& build,
                              const std::vector<EmittedKernel>& kernels, const std::vector<KernelSpec>& specs) {
    const SignalsHeld held;
    const TemporaryFolder work;
    PackageInput package;
    package.plan = build.plan;
    package.triple = find_target(build.target.name).triple;
    for (const VariantBuild& variant : build.variants) {
        for (const size_t i : variant.compiled) {
            const fs::path object = work.path() / (specs[i].symbol() + ".o");
            write_file(object, kernels[i].object.data(), kernels[i].object.size());
            package.objects.push_back(object.string());
        }
    }
    const std::vector<uint8_t>& weights = build.weights.bytes();
    package.weights = (work.path() / "weights").string();
    write_file(package.weights, reinterpret_cast<const char*>(weights.data()), weights.size());
    package.weights_beside = request.weights_beside;
    package.output_folder = build.target.output_folder;
    return write_package(package);
}

}  // namespace

std::vector<std::string> dump_steps() {
    std::vector<std::string> steps = {"import"};
    for (const Pass& pass : default_passes()) steps.push_back(pass.name);
    steps.insert(steps.end(), {"stages", "plan"});
    return steps;
}

BuildReport build(const BuildRequest& request, const KernelCache& cache, const BuildHooks& hooks) {
    auto dump = [&](const std::string& step, auto make_text) {
        if (hooks.wants_dump(step)) hooks.dump(step, make_text());
    };
    BuildReport report;

    // Rewrite the graph, then turn it into each variant's stages.
    dump("import", [&] { return print(request.network.graph); });
    auto dump_pass = [&](const Pass& pass, const Graph& after) { dump(pass.name, [&] { return print(after); }); };
    const Graph graph = run_passes(request.network.graph, dump_pass, request.passes);
    std::vector<TargetBuild> builds;
    std::vector<KernelSpec> specs;
    for (const BuildTarget& target : request.targets) {
        TargetBuild& build = builds.emplace_back(TargetBuild{target, {}, {}, {}});
        for (const std::string& name : target.variants) {
            auto choose = [&](const Stage& stage) { return choose_schedule(stage, name); };
            VariantBuild& variant = build.variants.emplace_back(VariantBuild{name, lower(graph, choose), {}, {}});
            dump("stages", [&] { return fmt::format("variant {}:\n{}", name, to_string(variant.lowered)); });
            add_kernels(variant, specs);
        }
    }

    // Compile all targets' kernels, then write one library after the other.
    CompileOptions options;
    options.jobs = hooks.jobs;
    options.progress = [&](int done, int total, int from_cache) {
        report.kernels = total;
        report.kernels_from_cache = from_cache;
        if (hooks.progress) hooks.progress(done, total, from_cache);
    };
    const std::vector<EmittedKernel> kernels = compile_kernels(specs, cache, options);
    for (TargetBuild& build : builds) {
        make_plan(request, build, kernels, specs);
        for (const PlanVariant& variant : build.plan.variants) dump("plan", [&] { return to_string(variant); });
        report.weight_bytes += int64_t(build.weights.bytes().size());
        for (const std::string& file : link(request, build, kernels, specs)) report.files.push_back(file);
    }
    return report;
}

}  // namespace senetc
