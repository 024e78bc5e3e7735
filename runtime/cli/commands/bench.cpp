// `senet bench`: how fast a network runs here, and where the time goes.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/network.h"
#include "runtime/cli/commands/profile.h"
#include "runtime/cli/error.h"

namespace senet::cli {

namespace {

using Clock = std::chrono::steady_clock;

struct BenchOptions {
    std::string library, variant, device;
    uint32_t batch = 1, threads = 0;
    double seconds = 3;
    bool profile = false;
};

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// Numbers like a normalised picture's, the same at every run.
std::vector<float> some_input(size_t count) {
    std::vector<float> values(count);
    uint32_t state = 1;
    for (float& value : values) {
        state = state * 1664525u + 1013904223u;
        value = float(state >> 8) / float(1 << 24) * 4 - 2;
    }
    return values;
}

// Seconds of each run after a few that warm caches and clocks up.
std::vector<double> time_runs(senet_session* session, const BenchOptions& options, const senet_model_v1_t& network) {
    constexpr int warm_up_runs = 3;
    constexpr size_t least_runs = 5;
    const std::vector<float> images =
        some_input(size_t(options.batch) * network.channels * network.height * network.width);
    std::vector<float> logits(size_t(options.batch) * network.classes);
    const auto run = [&] { check(senet_session_run_f32(session, options.batch, images.data(), logits.data())); };
    for (int i = 0; i < warm_up_runs; i++) run();
    std::vector<double> times;
    const auto start = Clock::now();
    while (times.size() < least_runs || seconds_since(start) < options.seconds) {
        const auto before = Clock::now();
        run();
        times.push_back(seconds_since(before));
    }
    std::sort(times.begin(), times.end());
    return times;
}

uint64_t flops_per_image(const senet_variant_v1_t& variant) {
    uint64_t flops = 0;
    for (const senet_step_v1_t* step : steps_of(variant, 0)) flops += step->flops;
    return flops;
}

int bench(const BenchOptions& options) {
    const Model model = open_model(options.library, options.variant, options.device);
    const senet_model_v1_t& network = *senet_model_describe(model.get());
    const senet_variant_v1_t& variant = *senet_model_variant(model.get());
    senet_session_options session_options{};
    session_options.max_batch = options.batch;
    session_options.threads = options.threads;
    const Session session = open_session(model.get(), session_options);
    const uint32_t threads = senet_session_threads(session.get());

    const std::string where = runs_on_gpu(model.get()) ? senet_model_device(model.get())
                                                       : fmt::format("{} thread{}", threads, threads == 1 ? "" : "s");
    fmt::print("{}, variant {}, batch {}, {}\n", network.name, variant.name, options.batch, where);
    Profile profile(variant);
    if (options.profile) check(senet_session_observe(session.get(), Profile::on_step, &profile));
    const std::vector<double> times = time_runs(session.get(), options, network);
    const double least = times.front() / options.batch, median = times[times.size() / 2] / options.batch;
    fmt::print("least {:.3f} ms, median {:.3f} ms per image; {:.1f} images/s; {:.1f} GFLOP/s; {} runs\n", least * 1e3,
               median * 1e3, 1 / median, double(flops_per_image(variant)) / least * 1e-9, times.size());
    if (options.profile) profile.print(options.batch, threads);
    return all_fine;
}

}  // namespace

Command add_bench(CLI::App& app) {
    CLI::App* command = app.add_subcommand("bench", "Time a network on this machine");
    command->footer(
        "Example:\n  senet bench libse_resnet50.so --threads 1 --profile\n"
        "\n"
        "GFLOP/s count two operations per multiply-add of a direct evaluation.");
    auto options = std::make_shared<BenchOptions>();
    command->add_option("LIB", options->library, "A network that senetc built: lib<name>.so")->required();
    command->add_option("--batch", options->batch, "Images computed at once")
        ->capture_default_str()
        ->check(CLI::Range(1u, 65536u));
    command->add_option("--threads", options->threads, "Threads that compute; 0: all that the process may use")
        ->capture_default_str();
    command->add_option("--variant", options->variant, "One of the variants that `senet info` lists");
    command->add_option("--device", options->device,
                        "cpu, cuda or cuda:N; a GPU if there are kernels for it and it is there");
    command->add_option("--seconds", options->seconds, "How long to measure")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 86400.0));
    command->add_flag("--profile", options->profile,
                      "A table of every step, with its share of the CPU's measured peak");
    return [options] { return bench(*options); };
}

}  // namespace senet::cli
