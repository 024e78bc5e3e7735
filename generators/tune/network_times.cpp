#include "generators/tune/network_times.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "generators/compiler/build.h"
#include "generators/compiler/targets.h"
#include "generators/compiler/temporary_folder.h"
#include "generators/measure/runner.h"
#include "generators/measure/target_program.h"
#include "generators/package/link_program.h"
#include "generators/system/child_process.h"
#include "models/error.h"
#include "models/weights/formula.h"
#include "runtime/harness/network_job.h"

namespace fs = std::filesystem;

namespace senetc::tune {
namespace {

constexpr int kOpeningSeconds = 120;  // beside the timing: copying the program to a board, opening, one run
constexpr unsigned kLinkSeconds = 600;
constexpr int64_t kMemory = int64_t{16} << 30;

ScheduleSource source_of(const ScheduleTable* table) {
    return table == nullptr ? hand_source() : tuned_source(*table, "table");
}

// Runs a program to its end. Throws Error: why there is no output.
std::string output_of(const std::string& command, const fs::path& program, int seconds) {
    measure::Runner runner(command, seconds, kMemory);
    runner.start(program);
    std::optional<measure::RunOutput> output;
    while (!(output = runner.poll())) {
        std::vector<pollfd> polled;
        runner.add_to(polled);
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(runner.deadline() - measure::Runner::Clock::now());
        if (poll(polled.data(), polled.size(), int(std::max<int64_t>(left.count(), 0)) + 1) < 0)
            throw Error(errno == EINTR ? "the check of the network was interrupted"
                                       : fmt::format("the check of the network can't wait: {}", std::strerror(errno)));
    }
    if (output->out.find("\"senetc_network\"") != std::string::npos) return output->out;
    throw Error("the network can't be timed: " + measure::read_measurement(*output).message);
}

bool reads(const LoweredStep& step, int value) {
    return std::count(step.inputs.begin(), step.inputs.end(), value) > 0;
}

// Which entries steps have, and who reads their sums. Step 0 of `times` is the ingest.
void describe_steps(const Lowered& hand, const Lowered& tuned, const ScheduleTable& table, const std::string& variant,
                    std::vector<StepTimes>& times) {
    times[0].name = hand.ingest_f32.name;
    times[0].stage = hand.ingest_f32.stage;
    for (size_t i = 0; i < tuned.steps.size(); ++i) {
        const LoweredStep& step = tuned.steps[i];
        StepTimes& timed = times[i + 1];
        timed.name = step.name;
        timed.stage = hand.steps[i].stage;
        for (size_t e = 0; e < table.entries.size() && step.source != "hand"; ++e)
            if (table.entries[e].variant == variant && table.entries[e].stage == step.stage) timed.entry = int(e);
        if (!has_sums(step.stage)) continue;
        for (size_t reader = i + 1; reader < tuned.steps.size(); ++reader)
            if (reads(tuned.steps[reader], step.outputs[0])) timed.sums_readers.push_back(int(reader) + 1);
    }
}

}  // namespace

NetworkTimer::NetworkTimer(const LoadedNetwork& network, const std::string& variant, const KernelCache& cache,
                           const NetworkTiming& timing)
    : network_(network), variant_(variant), cache_(cache), timing_(timing) {
    network_.graph = bind_formula_weights(std::move(network_.graph));
    graph_ = run_passes(network_.graph);
    hand_ = build_archive("hand", nullptr);
}

// A static archive whose model is called `name`.
fs::path NetworkTimer::build_archive(const char* name, const ScheduleTable* table) const {
    BuildRequest request;
    request.network = network_;
    request.name = name;
    request.targets = {{target_of(find_variant(variant_)).name, {variant_}, (folder_.path() / name).string()}};
    request.schedules.source = source_of(table);
    BuildHooks hooks;
    hooks.jobs = timing_.jobs;
    build(request, cache_, hooks);
    return folder_.path() / name / fmt::format("lib{}.a", name);
}

fs::path NetworkTimer::make_program(const fs::path& tuned) const {
    const fs::path harness = folder_.path() / "network.o", job_file = folder_.path() / "job";
    const std::string_view object = target_program("measure_network", target_of(find_variant(variant_)).name);
    write_temporary(harness, object);
    senetc_network_job_t job{};
    job.magic = SENETC_NETWORK_JOB_MAGIC;
    job.threads = uint32_t(timing_.threads);
    job.images = uint32_t(timing_.images);
    job.seconds = timing_.seconds;
    job.limit_seconds = uint32_t(kOpeningSeconds + 8 * timing_.seconds);
    variant_.copy(job.variant, sizeof job.variant - 1);
    write_temporary(job_file, {reinterpret_cast<const char*>(&job), sizeof job});
    package::ProgramInput input;
    input.objects = {harness.string(), hand_.string(), tuned.string()};
    input.files = {{"senetc_network_job", job_file.string()}};
    input.program = (folder_.path() / "check_network").string();
    ChildProcess child([&] { package::link_program(input); }, kLinkSeconds);  // lld runs but once in a process
    if (const std::string problem = child.wait(); !problem.empty()) throw Error(problem);
    return input.program;
}

NetworkTimes NetworkTimer::time(const ScheduleTable& table) {
    const Lowered hand = lower(graph_, choose_from(hand_source(), variant_));
    const Lowered tuned = lower(graph_, choose_from(source_of(&table), variant_));
    const fs::path program = make_program(build_archive("tuned", &table));
    const std::string output = output_of(timing_.runner, program, int(2 * (kOpeningSeconds + 8 * timing_.seconds)));
    NetworkTimes times = parse_network_times(output, hand.steps.size() + 1);
    describe_steps(hand, tuned, table, variant_, times.steps);
    return times;
}

}  // namespace senetc::tune
