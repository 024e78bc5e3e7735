#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "generators/compiler/bench_stages.h"
#include "generators/compiler/build.h"
#include "generators/compiler/command_options.h"
#include "generators/compiler/commands.h"
#include "generators/compiler/schedule_flags.h"
#include "generators/compiler/targets.h"
#include "generators/compiler/temporary_folder.h"
#include "models/error.h"
#include "models/weights/formula.h"
#include "runtime/measure/fma_peak.h"

namespace senetc {
namespace {

// A library loaded from a folder that may go away.
class LoadedLibrary {
  public:
    LoadedLibrary(const std::string& path, const std::string& model)
        : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
        if (!handle_) throw Error(fmt::format("{}: {}", path, dlerror()));
        const auto query = reinterpret_cast<senet_model_query_v1_t>(dlsym(handle_, ("senet_model_" + model).c_str()));
        model_ = query(SENET_MODEL_ABI_VERSION);
    }
    ~LoadedLibrary() { dlclose(handle_); }
    LoadedLibrary(const LoadedLibrary&) = delete;
    LoadedLibrary& operator=(const LoadedLibrary&) = delete;
    const senet_model_v1_t& model() const { return *model_; }

  private:
    void* handle_;
    const senet_model_v1_t* model_;
};

void print_table(const std::vector<StageTime>& times, double peak) {
    double total = 0;
    fmt::print("{:<24} {:>4} {:>9} {:>8} {:>6} {:>7}  {:<16} {}\n", "first use", "uses", "us", "GFLOP/s", "% peak",
               "GB/s", "schedule", "stage");
    for (const StageTime& time : times) {
        const double gflops = double(time.flops) / time.seconds / 1e9;
        fmt::print("{:<24} {:>4} {:>9.1f} {:>8.1f} {:>6.1f} {:>7.1f}  {:<16} {}\n", time.name, time.uses,
                   time.seconds * 1e6, gflops, 100 * gflops / peak, double(time.bytes) / time.seconds / 1e9,
                   time.source, time.kernel);
        total += time.seconds * time.uses;
    }
    fmt::print("all stages, each alone and warm, as often as the network uses them: {:.3f} ms\n", total * 1e3);
}

class BenchStagesCommand {
  public:
    explicit BenchStagesCommand(CLI::App& app) {
        CLI::App& command = *app.add_subcommand(
            "bench-stages", "Compile a network's kernels and time each alone on this machine, one thread, caches warm");
        network_.add_to(command);
        targets_.add_to(command);
        schedules_.add_to(command, "The CPU whose tuned schedules to take, by LLVM's name, or native");
        command.add_option("--rounds", rounds_, "Interleaved rounds; the least time counts")
            ->capture_default_str()
            ->check(CLI::Range(1, 10000));
        command.add_option("--ms", milliseconds_, "Milliseconds a stage runs in a round")
            ->capture_default_str()
            ->check(CLI::Range(1, 10000));
        command.add_option("--only", only_, "Stages whose text contains this, e.g. 'conv ' or kernel_h=3");
        command.add_option("-j,--jobs", jobs_, "Kernels to compile at once; 0: one a core")->check(CLI::Range(0, 1024));
        cache_.add_to(command);
        command.callback([this] { run(); });
    }

  private:
    // Kernels are run, so there is one target to choose.
    ChosenTarget native() const {
        const std::vector<ChosenTarget> chosen = targets_.chosen_cpus("bench-stages times kernels on CPUs");
        for (const ChosenTarget& target : chosen)
            if (!is_native(find_target(target.name)))
                throw Error(fmt::format(
                    "--target {}: bench-stages runs kernels, and this machine runs none of {}'s; build the library and "
                    "time it with senet bench on such a machine",
                    target.name, target.name));
        return chosen.front();
    }

    void run() {
        const ChosenTarget target = native();
        const TemporaryFolder folder;
        BuildRequest request;
        request.network = load_network(network_.request());
        request.network.graph = bind_formula_weights(std::move(request.network.graph));
        request.name = "bench";
        request.schedules = schedules_.chosen({target});
        request.targets = {{target.name, target.variants, folder.path().string()}};
        BuildHooks hooks;
        hooks.jobs = jobs_;
        hooks.progress = show_progress;
        hooks.note = show_note;
        build(request, cache_.open(), hooks);

        const LoadedLibrary library((folder.path() / "libbench.so").string(), "bench");
        fmt::print("{} on {}\n", request.network.description, cpu_model_name());
        for (uint32_t i = 0; i < library.model().num_variants; ++i)
            bench_variant(library.model(), library.model().variants[i]);
    }

    void bench_variant(const senet_model_v1_t& model, const senet_variant_v1_t& variant) {
        const int lanes = find_variant(variant.name).lanes;
        const Vector vector = lanes == 16 ? Vector::zmm : lanes == 8 ? Vector::ymm : Vector::neon;
        double peak = measure_fma_peak(vector);
        if (peak == 0) {
            fmt::print("\n{}: this CPU does not run it\n", variant.name);
            return;
        }
        std::vector<StageTime> times = time_stages(model, variant, only_, rounds_, milliseconds_ * 1e-3);
        peak = std::max(peak, measure_fma_peak(vector));  // before and after: a slow moment must not flatter a kernel
        if (times.empty()) throw Error(fmt::format("--only '{}': no stage of this network contains it", only_));
        fmt::print("\n{}: measured FMA peak {:.1f} GFLOP/s on one thread\n", variant.name, peak);
        print_table(times, peak);
    }

    NetworkFlags network_;
    TargetFlags targets_;
    ScheduleFlags schedules_;
    CacheFlags cache_;
    std::string only_;
    int rounds_ = 5, milliseconds_ = 20, jobs_ = 0;
};

}  // namespace

void add_bench_stages_command(CLI::App& app) {
    static std::unique_ptr<BenchStagesCommand> command;  // outlives parsing
    command = std::make_unique<BenchStagesCommand>(app);
}

}  // namespace senetc
