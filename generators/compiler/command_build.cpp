#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>

#include "generators/compiler/build.h"
#include "generators/compiler/command_options.h"
#include "generators/compiler/commands.h"
#include "generators/compiler/parse_size.h"
#include "generators/compiler/schedule_flags.h"
#include "generators/compiler/targets.h"
#include "models/error.h"
#include "models/passes/passes.h"
#include "models/weights/bind.h"
#include "models/weights/safetensors.h"

namespace senetc {
namespace {

struct PreprocessFlags {
    std::vector<float> mean, deviation;
    std::string crop, labels;
    int resize = -1;

    void add_to(CLI::App& command) {
        command.add_option("--mean", mean, "Mean per channel, of values in [0, 1], e.g. 0.485,0.456,0.406")
            ->delimiter(',');
        command.add_option("--std", deviation, "Standard deviation per channel")->delimiter(',');
        command.add_option("--resize", resize, "Resize the shorter side to this first; 0: don't")
            ->check(CLI::Range(0, 65536));
        command.add_option("--crop", crop, "Then crop the centre to HxW; 0: don't");
        command.add_option("--labels", labels, "File with one class name a line")->check(CLI::ExistingFile);
    }

    void apply(LoadedNetwork& network) const {
        Preprocess& preprocess = network.preprocess;
        const Graph& graph = network.graph;
        const size_t channels = size_t(graph.nodes[0].type.channels);
        if (resize >= 0) preprocess.resize = resize;
        if (!crop.empty())
            std::tie(preprocess.crop_height, preprocess.crop_width) =
                crop == "0" ? std::pair(0, 0) : parse_size("--crop", crop);
        if (preprocess.resize > 0 && std::min(preprocess.crop_height, preprocess.crop_width) > 0 &&
            std::min(preprocess.crop_height, preprocess.crop_width) > preprocess.resize)
            throw Error(fmt::format(
                "--crop {}x{} is larger than --resize {}: every image would be refused; lower one or raise the other",
                preprocess.crop_height, preprocess.crop_width, preprocess.resize));
        set_channels("--mean", mean, channels, preprocess.mean);
        set_channels("--std", deviation, channels, preprocess.deviation);
        for (float d : preprocess.deviation)
            if (!(d > 0)) throw Error("--std: every deviation must be above 0");
        if (!labels.empty()) network.labels = read_labels(size_t(graph.nodes[size_t(graph.output)].type.channels));
    }

  private:
    static void set_channels(const char* flag, const std::vector<float>& given, size_t channels,
                             std::vector<float>& values) {
        if (given.empty()) return;
        if (given.size() != channels)
            throw Error(
                fmt::format("{} has {} values; the network's input has {} channels", flag, given.size(), channels));
        if (!std::all_of(given.begin(), given.end(), [](float v) { return std::isfinite(v); }))
            throw Error(fmt::format("{}: every value must be a number", flag));
        values = given;
    }

    std::vector<std::string> read_labels(size_t classes) const {
        std::vector<std::string> names;
        std::ifstream file(labels);
        for (std::string line; std::getline(file, line);) {
            if (line.ends_with('\r')) line.pop_back();
            names.push_back(line);
        }
        while (!names.empty() && names.back().empty()) names.pop_back();
        if (names.size() != classes)
            throw Error(fmt::format("{}: {} labels for {} classes; write one a line", labels, names.size(), classes));
        return names;
    }
};

class BuildCommand {
  public:
    explicit BuildCommand(CLI::App& app) {
        CLI::App& command = *app.add_subcommand("build", "Compile a network and its weights into a library");
        network_.add_to(command);
        command
            .add_option("--weights", weights_, "Trained weights: safetensors with PyTorch's names (docs/weights.md)")
            ->required();
        command.add_option("-o,--output", output_, "Folder for the results")->capture_default_str();
        command.add_option("--name", name_, "The model's name, if not the network's: names files and symbol");
        targets_.add_to(command);
        command
            .add_option("--cuda-arch", cuda_archs_,
                        "GPU architectures to make code for now, by ptxas, e.g. sm_80,sm_90; other GPUs' drivers do so "
                        "when the library is first opened")
            ->delimiter(',');
        schedules_.add_to(command);
        command.add_flag("--weights-beside", weights_beside_, "Write the packed weights to a file of their own");
        preprocess_.add_to(command);
        command
            .add_option("--dump", dumps_,
                        fmt::format("Print the network after a step: {}, all", fmt::join(dump_steps(), ", ")))
            ->delimiter(',');
        command
            .add_option("--without", without_, "Leave out these passes: the same network, slower; see the list below")
            ->delimiter(',');
        command.add_option("-j,--jobs", jobs_, "Kernels to compile at once; 0: one a core")->check(CLI::Range(0, 1024));
        cache_.add_to(command);
        command.footer("Passes, in order:\n" + pass_list());
        command.callback([this] { run(); });
    }

  private:
    static std::string pass_list() {
        std::string text;
        for (const Pass& pass : default_passes()) text += fmt::format("  {:<18} {}\n", pass.name, pass.summary);
        return text;
    }

    void run() {
        check_dumps();
        const auto start = std::chrono::steady_clock::now();
        BuildRequest request;
        const std::vector<ChosenTarget> targets = targets_.chosen();
        request.schedules = schedules_.chosen(targets);
        request.cubins = cubins(targets);
        for (const ChosenTarget& target : targets)
            request.targets.push_back(
                {target.name, target.variants, (std::filesystem::path(output_) / target.name).string()});
        request.network = load_network(network_.request());
        preprocess_.apply(request.network);
        const WeightFile file = read_safetensors(weights_);
        for (const std::string& note : file.notes) fmt::print(stderr, "note: {}\n", note);
        request.network.graph = bind_weights(std::move(request.network.graph), file, request.network.plain);
        request.name = name_.empty() ? request.network.graph.name : name_;
        request.weights_beside = weights_beside_;
        request.passes.without = {without_.begin(), without_.end()};

        BuildHooks hooks;
        hooks.jobs = jobs_;
        hooks.progress = show_progress;
        hooks.note = show_note;
        hooks.wants_dump = [this](const std::string& step) { return wants(step) || wants("all"); };
        hooks.dump = [](const std::string& step, const std::string& text) {
            fmt::print("# after {}\n{}\n", step, text);
        };
        const BuildReport report = build(request, cache_.open(), hooks);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;

        for (const std::string& path : report.files)
            fmt::print("{}  {:.1f} MB\n", path, double(std::filesystem::file_size(path)) / 1e6);
        fmt::print("{}: {} kernels for {} ({} from the cache), {:.1f} MB of weights, {:.1f} s\n",
                   request.network.description, report.kernels, variants_text(request.targets),
                   report.kernels_from_cache, double(report.weight_bytes) / 1e6, seconds.count());
        fmt::print("schedules: {}\n", sources_text(report.sources));
    }

    Cubins cubins(const std::vector<ChosenTarget>& targets) const {
        const auto has_gpus = [](const ChosenTarget& target) { return any_on_gpu(target.variants); };
        if (!cuda_archs_.empty() && std::none_of(targets.begin(), targets.end(), has_gpus))
            throw Error("--cuda-arch: no variant is for GPUs; build for --target x86-64-cuda");
        return parse_cuda_archs(cuda_archs_);
    }

    static std::string variants_text(const std::vector<BuildTarget>& targets) {
        std::vector<std::string> names;
        for (const BuildTarget& target : targets)
            for (const std::string& variant : target.variants)
                if (!std::count(names.begin(), names.end(), variant)) names.push_back(variant);
        const std::string last = names.back();
        names.pop_back();
        return names.empty() ? last : fmt::format("{} and {}", fmt::join(names, ", "), last);
    }

    bool wants(const std::string& step) const { return std::count(dumps_.begin(), dumps_.end(), step) > 0; }

    void check_dumps() const {
        const std::vector<std::string> steps = dump_steps();
        for (const std::string& step : dumps_)
            if (step != "all" && !std::count(steps.begin(), steps.end(), step))
                throw Error(
                    fmt::format("--dump {}: no such step; the steps are {}, all", step, fmt::join(steps, ", ")));
    }

    NetworkFlags network_;
    TargetFlags targets_;
    ScheduleFlags schedules_;
    PreprocessFlags preprocess_;
    CacheFlags cache_;
    std::string weights_, output_ = "dist", name_;
    std::vector<std::string> dumps_, without_, cuda_archs_;
    bool weights_beside_ = false;
    int jobs_ = 0;
};

}  // namespace

void add_build_command(CLI::App& app) {
    static std::unique_ptr<BuildCommand> command;  // outlives parsing
    command = std::make_unique<BuildCommand>(app);
}

}  // namespace senetc
