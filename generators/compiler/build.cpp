#include "generators/compiler/build.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "generators/compiler/lower.h"
#include "generators/compiler/make_plan.h"
#include "generators/compiler/packed_weights.h"
#include "generators/compiler/temporary_folder.h"
#include "generators/package/package.h"
#include "models/error.h"
#include "models/graph/print.h"
#include "models/passes/passes.h"
#include "schedules/schedules.h"

namespace fs = std::filesystem;

namespace senetc {
namespace {

// One kernel per distinct stage of every variant, in the order of use.
std::vector<KernelSpec> kernel_specs(const std::vector<std::string>& variants, const std::vector<Lowered>& lowered) {
    std::vector<KernelSpec> specs;
    for (size_t i = 0; i < variants.size(); ++i) {
        std::vector<Stage> known;
        auto add = [&](const LoweredStep& step) {
            if (std::find(known.begin(), known.end(), step.stage) != known.end()) return;
            known.push_back(step.stage);
            specs.push_back({step.stage, step.schedule, {variants[i]}});
        };
        add(lowered[i].ingest_f32);
        add(lowered[i].ingest_u8);
        for (const LoweredStep& step : lowered[i].steps) add(step);
    }
    return specs;
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
std::string flags_text(const BuildRequest& request) {
    std::string text = fmt::format("--variants {}", fmt::join(request.variants, ","));
    text += request.network.options;
    if (request.name != request.network.graph.name) text += " --name " + request.name;
    if (request.weights_beside) text += " --weights-beside";
    if (!request.passes.without.empty()) text += fmt::format(" --without {}", fmt::join(request.passes.without, ","));
    return text;
}

Plan start_plan(const BuildRequest& request) {
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
    plan.flags = flags_text(request);
    return plan;
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
    std::vector<Lowered> lowered;
    for (const std::string& variant : request.variants) {
        lowered.push_back(lower(graph, [&](const Stage& stage) { return choose_schedule(stage, variant); }));
        dump("stages", [&] { return fmt::format("variant {}:\n{}", variant, to_string(lowered.back())); });
    }

    // Compile one kernel per distinct stage and variant.
    const std::vector<KernelSpec> specs = kernel_specs(request.variants, lowered);
    CompileOptions options;
    options.jobs = hooks.jobs;
    options.progress = [&](int done, int total, int from_cache) {
        report.kernels = total;
        report.kernels_from_cache = from_cache;
        if (hooks.progress) hooks.progress(done, total, from_cache);
    };
    const std::vector<EmittedKernel> kernels = compile_kernels(specs, cache, options);

    // Plan every variant's memory and calls; packing weights as it goes.
    PackageInput package;
    package.plan = start_plan(request);
    PackedWeights weights;
    for (size_t v = 0; v < request.variants.size(); ++v) {
        const std::string& variant = request.variants[v];
        VariantKernels of_variant;
        for (size_t i = 0; i < specs.size(); ++i)
            if (specs[i].target.variant == variant)
                of_variant[to_string(specs[i].stage)] = {specs[i], kernels[i].scratch_bytes};
        package.plan.variants.push_back(make_variant(lowered[v], variant, of_variant, weights));
        dump("plan", [&] { return to_string(package.plan.variants.back()); });
    }
    report.weight_bytes = int64_t(weights.bytes().size());

    // Link. Ctrl-C in this last second waits for its end, so that nothing is left half-written.
    const SignalsHeld held;
    const TemporaryFolder work;
    for (size_t i = 0; i < specs.size(); ++i) {
        const fs::path object = work.path() / (specs[i].symbol() + ".o");
        write_file(object, kernels[i].object.data(), kernels[i].object.size());
        package.objects.push_back(object.string());
    }
    package.weights = (work.path() / "weights").string();
    write_file(package.weights, reinterpret_cast<const char*>(weights.bytes().data()), weights.bytes().size());
    package.weights_beside = request.weights_beside;
    package.output_folder = request.output_folder;
    report.files = write_package(package);
    return report;
}

}  // namespace senetc
