#include "generators/compiler/build.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "generators/compiler/lower.h"
#include "generators/compiler/make_plan.h"
#include "generators/compiler/packed_weights.h"
#include "generators/compiler/targets.h"
#include "generators/compiler/temporary_folder.h"
#include "generators/package/package.h"
#include "models/error.h"
#include "models/graph/print.h"
#include "models/passes/passes.h"

namespace fs = std::filesystem;

namespace senetc {
namespace {

// A variant on its way through the build.
struct VariantBuild {
    KernelTarget target;
    Lowered lowered;
    VariantKernels kernels;        // by their text
    std::vector<size_t> compiled;  // of all kernels those that are its own
};

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
    text += request.schedules.flags;
    if (request.weights_beside) text += " --weights-beside";
    if (!request.cubins.capabilities.empty() && any_on_gpu(target.variants))
        text += " --cuda-arch " + arch_names(request.cubins);
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

// All targets with their kernels.
struct Kernels {
    std::vector<TargetBuild> builds;
    std::vector<KernelSpec> specs;
    std::vector<const LoweredStep*> users;  // the first step that uses each
    std::vector<EmittedKernel> emitted;
    std::map<std::string, size_t> by_text;  // targets may share variants
};

// Adds a kernel for every distinct stage and schedule of the variant, in the order of use.
void add_kernels(VariantBuild& variant, Kernels& kernels) {
    auto add = [&](const LoweredStep& step) {
        const KernelSpec spec = kernel_of(step, variant.target);
        if (!variant.kernels.emplace(spec.text(), VariantKernel{spec}).second) return;
        const auto [known, is_new] = kernels.by_text.try_emplace(spec.text(), kernels.specs.size());
        variant.compiled.push_back(known->second);
        if (!is_new) return;
        kernels.specs.push_back(spec);
        kernels.users.push_back(&step);
    };
    add(variant.lowered.ingest_f32);
    add(variant.lowered.ingest_u8);
    for (const LoweredStep& step : variant.lowered.steps) add(step);
}

// Plans every variant's memory and calls, packing weights as it goes.
void make_plan(const BuildRequest& request, TargetBuild& build, const Kernels& kernels) {
    build.plan = start_plan(request, build.target);
    for (VariantBuild& variant : build.variants) {
        for (const size_t i : variant.compiled) {
            VariantKernel& kernel = variant.kernels.at(kernels.specs[i].text());
            kernel.scratch_bytes = kernels.emitted[i].scratch_bytes;
            kernel.gpu_code = kernels.emitted[i].gpu_code;
        }
        build.plan.variants.push_back(make_variant(variant.lowered, variant.target, variant.kernels, build.weights));
    }
}

// Returns the files. Ctrl-C in this last second waits for its end, so that nothing is left half-written.
std::vector<std::string> link(const BuildRequest& request, const TargetBuild& build, const Kernels& kernels) {
    const SignalsHeld held;
    const TemporaryFolder work;
    PackageInput package;
    package.plan = build.plan;
    package.triple = find_target(build.target.name).triple;
    for (const VariantBuild& variant : build.variants) {
        for (const size_t i : variant.compiled) {
            const fs::path object = work.path() / (kernels.specs[i].symbol() + ".o");
            write_temporary(object, kernels.emitted[i].object);
            package.objects.push_back(object.string());
        }
    }
    const std::vector<uint8_t>& weights = build.weights.bytes();
    package.weights = (work.path() / "weights").string();
    write_temporary(package.weights, {reinterpret_cast<const char*>(weights.data()), weights.size()});
    package.weights_beside = request.weights_beside;
    package.output_folder = build.target.output_folder;
    return write_package(package);
}

void dump(const BuildHooks& hooks, const std::string& step, const std::function<std::string()>& make_text) {
    if (hooks.wants_dump(step)) hooks.dump(step, make_text());
}

// Turns the graph into each variant's stages, with hand's schedules for the kernels that have failed.
Kernels lower_all(const BuildRequest& request, const Graph& graph, const std::set<std::string>& failed,
                  const BuildHooks& hooks) {
    Kernels kernels;
    for (const BuildTarget& target : request.targets) {
        TargetBuild& build = kernels.builds.emplace_back(TargetBuild{target, {}, {}, {}});
        for (const std::string& name : target.variants) {
            KernelTarget kernel_target = {name};
            if (find_variant(name).on_gpu()) kernel_target.cubins = request.cubins;
            VariantBuild& variant = build.variants.emplace_back(
                VariantBuild{kernel_target, lower(graph, choose_from(request.schedules, name, failed)), {}, {}});
            check_steps(request.schedules, variant.lowered);
            dump(hooks, "stages", [&] { return fmt::format("variant {}:\n{}", name, to_string(variant.lowered)); });
        }
    }
    for (TargetBuild& build : kernels.builds)
        for (VariantBuild& variant : build.variants) add_kernels(variant, kernels);
    return kernels;
}

// A schedule of hand's that can't be compiled is a bug; others may be hand's instead.
bool may_fall_back(const BuildRequest& request, const LoweredStep& step, const KernelSpec& spec,
                   const std::string& problem, const BuildHooks& hooks) {
    if (step.source == "hand") return false;
    const std::string what = fmt::format("{} ({}, '{}') can't be compiled by {}: {}", step.name, spec.target.variant,
                                         to_string(step.stage), step.source, problem);
    if (!request.schedules.fallback)
        throw Error(what + "; choose another schedule for it by --schedule-stage, or take hand's by --fallback");
    hooks.note(what + "; it gets hand's schedule");
    return true;
}

// Compiles until every kernel is there: where one fails and may fall back, stages change and lowering is done again.
Kernels compile_all(const BuildRequest& request, const Graph& graph, const KernelCache& cache, const BuildHooks& hooks,
                    CompileOptions options) {
    for (std::set<std::string> failed;;) {
        Kernels kernels = lower_all(request, graph, failed, hooks);
        const size_t known_failures = failed.size();
        options.may_fail = [&](const KernelSpec& spec, const std::string& problem) {
            const auto same = [&](const KernelSpec& other) { return other.text() == spec.text(); };
            const auto index = std::find_if(kernels.specs.begin(), kernels.specs.end(), same) - kernels.specs.begin();
            if (!may_fall_back(request, *kernels.users[size_t(index)], spec, problem, hooks)) return false;
            failed.insert(spec.text());
            return true;
        };
        kernels.emitted = compile_kernels(kernels.specs, cache, options);
        if (failed.size() == known_failures) return kernels;
    }
}

}  // namespace

std::vector<std::string> dump_steps() {
    std::vector<std::string> steps = {"import"};
    for (const Pass& pass : default_passes()) steps.push_back(pass.name);
    steps.insert(steps.end(), {"stages", "plan"});
    return steps;
}

BuildReport build(const BuildRequest& request, const KernelCache& cache, const BuildHooks& hooks) {
    BuildReport report;

    // Rewrite the graph, turn it into each variant's stages, and compile all targets' kernels.
    dump(hooks, "import", [&] { return print(request.network.graph); });
    auto dump_pass = [&](const Pass& pass, const Graph& after) {
        dump(hooks, pass.name, [&] { return print(after); });
    };
    const Graph graph = run_passes(request.network.graph, dump_pass, request.passes);
    CompileOptions options;
    options.jobs = hooks.jobs;
    options.progress = [&](int done, int total, int from_cache) {
        report.kernels = total;
        report.kernels_from_cache = from_cache;
        if (hooks.progress) hooks.progress(done, total, from_cache);
    };
    Kernels kernels = compile_all(request, graph, cache, hooks, options);
    for (const LoweredStep* step : kernels.users) ++report.sources[step->source];

    // Write one library after the other.
    for (TargetBuild& build : kernels.builds) {
        make_plan(request, build, kernels);
        for (const PlanVariant& variant : build.plan.variants) dump(hooks, "plan", [&] { return to_string(variant); });
        report.weight_bytes += int64_t(build.weights.bytes().size());
        for (const std::string& file : link(request, build, kernels)) report.files.push_back(file);
    }
    return report;
}

}  // namespace senetc
