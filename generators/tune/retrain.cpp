#include "generators/tune/retrain.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>

#include "generators/compiler/temporary_folder.h"
#include "generators/measure/program.h"
#include "generators/system/child_process.h"
#include "generators/system/whole_file.h"
#include "models/error.h"
#include "schedules/auto/autoschedulers.h"
#include "schedules/auto/cost_model_weights.h"
#include "schedules/autoschedule.h"

namespace fs = std::filesystem;

namespace senetc::tune {

namespace {

constexpr size_t kFewestSchedules = 8;  // of a pipeline: the tool leaves others out

// Parallelism that a model's features assume: of all of our schedules (autoschedulers.cpp).
constexpr int kParallelism = 16;

fs::path tool(const std::string& name) {
    for (const fs::path& folder : {halide_folder(), halide_folder() / "../bin"})
        if (fs::exists(folder / name)) return folder / name;
    throw Error(fmt::format("{}: Halide's tool is missing; it belongs beside libHalide.so", name));
}

void connect(const fs::path& path, int flags, int end) {
    const int file = open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (file < 0 || dup2(file, end) < 0)
        throw Error(fmt::format("{}: can't be opened: {}", path.string(), std::strerror(errno)));
}

// Runs a program in a child process. Throws Error with its words.
void run(const fs::path& program, const std::vector<std::string>& args, const fs::path& input, const fs::path& output,
         const RetrainLimits& limits) {
    const auto body = [&] {
        connect(input, O_RDONLY, STDIN_FILENO);
        connect(output, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
        setenv("HL_NUM_THREADS", "1", 1);  // its model is small; and additions are in one order
        std::string name = program.filename();
        std::vector<std::string> words = args;
        std::vector<char*> argv = {name.data()};
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        execv(program.c_str(), argv.data());
        throw Error(fmt::format("can't be started: {}", std::strerror(errno)));
    };
    const std::string problem = ChildProcess(body, limits.seconds, limits.memory_bytes).wait();
    if (!problem.empty()) throw Error(fmt::format("{}: {}", program.filename().string(), problem));
}

// Writes the samples as the tool reads them, and returns a list of their files.
std::string write_samples(const std::vector<CostSample>& samples, const fs::path& folder, const RetrainLimits& limits) {
    const fs::path converter = tool("featurization_to_sample"), features = folder / "features";
    std::map<std::string, size_t> pipelines;
    std::string list;
    for (size_t i = 0; i < samples.size(); ++i) {
        const size_t pipeline = pipelines.try_emplace(samples[i].pipeline, pipelines.size()).first->second;
        const std::string sample = folder / fmt::format("{}.sample", i);
        write_temporary(features, samples[i].featurization);
        run(converter,
            {features, fmt::format("{:.9g}", samples[i].seconds), std::to_string(pipeline), std::to_string(i), sample},
            "/dev/null", "/dev/null", limits);
        list += sample + "\n";
    }
    return list;
}

}  // namespace

std::vector<Schedule> adams_samples(const Stage& stage, const std::string& variant, unsigned seed, int count,
                                    int weights) {
    Schedule best{"Adams2019", {}};
    if (weights != 0) best.params["weights"] = weights;
    std::vector<Schedule> schedules;
    for (int i = 0; i < count; ++i) {
        Schedule asked = best;
        if (i > 0) {                                   // in one draw of a hundred nothing is dropped on the way
            asked.params["beam_size"] = 1 << (i % 4);  // one alone draws few different schedules
            asked.params["random_dropout"] = 1;
            asked.params["random_dropout_seed"] = int((seed * 1'000'003ULL + unsigned(i)) % 0x7fffffff);
        }
        schedules.push_back(autoscheduled(stage, variant, asked));
    }
    return schedules;
}

std::string featurization(const Candidate& candidate, const KernelCache& cache, const fs::path& weights_folder) {
    if (candidate.schedule.algorithm != "Adams2019") return "";
    const KernelSpec spec{candidate.stage, candidate.schedule, {candidate.variant}, weights_folder};
    if (!cache.find(spec) && measure::compile(spec, cache, {})) return "";
    const auto kernel = cache.find(spec);
    return kernel ? kernel->featurization : "";
}

bool can_retrain(const std::vector<CostSample>& samples) {
    std::map<std::string, std::set<std::string>> schedules;
    for (const CostSample& sample : samples)
        if (schedules[sample.pipeline].insert(sample.featurization).second &&
            schedules[sample.pipeline].size() >= kFewestSchedules)
            return true;
    return false;
}

int retrain(const std::vector<CostSample>& samples, const fs::path& folder, int weights, const RetrainLimits& limits) {
    if (!can_retrain(samples))
        throw Error(
            fmt::format("the cost model of Adams2019 learns from {} different schedules of a stage or more; "
                        "there are fewer",
                        kFewestSchedules));
    const TemporaryFolder work;
    const fs::path before = work.path() / "before.weights", after = work.path() / "after.weights";
    const std::string start =
        weights == 0 ? shipped_weights() : read_whole(checked_weights(folder, weights)).value_or("");
    write_temporary(before, start);
    const fs::path list = work.path() / "list", log = work.path() / "log";
    write_temporary(list, write_samples(samples, work.path(), limits));
    run(tool("adams2019_retrain_cost_model"),
        {fmt::format("--epochs={}", limits.epochs), "--rates=0.0001", fmt::format("--num_cores={}", kParallelism),
         "--initial_weights=" + before.string(), "--weights_out=" + after.string(),
         "--best_benchmark=", "--best_schedule="},
        list, log, limits);
    const std::string trained = read_whole(after).value_or("");
    if (trained.size() != start.size()) throw Error("adams2019_retrain_cost_model has written no weights");
    return store_weights(folder, trained);
}

}  // namespace senetc::tune
