#include "generators/tune/machine_evaluator.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <list>
#include <set>
#include <thread>

#include "generators/measure/program.h"
#include "generators/measure/runner.h"
#include "generators/measure/target_program.h"
#include "generators/system/child_process.h"
#include "generators/system/locked_folder.h"
#include "generators/system/process_handle.h"
#include "models/error.h"
#include "schedules/schedules.h"

namespace fs = std::filesystem;

namespace senetc::tune {
namespace {

constexpr double kNever = 1e9;

using measure::CompileFailure;
using measure::Runner;
using Clock = std::chrono::steady_clock;

constexpr int kFinishedATrim = 100;
constexpr int kMomentSeconds = 5;
constexpr int kLongestRest = 64;          // seconds
constexpr unsigned kBuildSeconds = 1800;  // compiling has a limit of its own; the rest takes seconds

// A candidate on its way.
struct Job {
    int id;
    Candidate candidate;
    fs::path program;
    Clock::time_point since;  // its child or its run began
    double seconds = 0;       // that its child took
};

// The child that makes a candidate's program.
struct Build {
    Job job;
    ChildProcess child;
    int ended;  // a handle to poll for its end
};

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

Outcome outcome_of(CompileFailure::Kind kind) {
    return kind == CompileFailure::refused     ? Outcome::refused
           : kind == CompileFailure::timed_out ? Outcome::compile_timeout
                                               : Outcome::compile_crash;
}

// Beside a program that can't be made: why. First the outcome's name, then the sentence.
fs::path refusal_of(const fs::path& program) {
    return program.string() + ".refusal";
}

KernelSpec spec_of(const Candidate& candidate, const fs::path& weights_folder) {
    return {candidate.stage, candidate.schedule, {candidate.variant}, weights_folder};
}

KernelSpec incumbent_of(const Candidate& candidate) {
    return {candidate.stage, choose_schedule(candidate.stage, candidate.variant), {candidate.variant}, {}};
}

// Work that only one child should do; the next finds its results in cache and folder.
std::string shared_work(const Candidate& candidate) {
    return fmt::format("{} {} {}", candidate.variant, to_string(candidate.stage), winograd_tile(candidate.schedule));
}

// Threads that run at once without sharing a core's units.
int cores() {
    int siblings = 0;
    std::ifstream("/sys/devices/system/cpu/smt/active") >> siblings;
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / (siblings == 1 ? 2 : 1));
}

}  // namespace

class MachineEvaluator::Work {
  public:
    Work(const TargetInfo& target, KernelCache cache, MachineOptions options);
    ~Work();
    int capacity() const { return static_cast<int>(runners_.size()) + compile_jobs_; }
    void start(int id, const Candidate& candidate);
    std::optional<std::pair<int, Measurement>> wait(double seconds);

  private:
    void advance();
    void collect_builds();
    void collect_runs();
    void start_runs();
    void start_builds();
    int builds_allowed() const;
    std::deque<Job>::iterator next_to_build();
    void start_build(Job job);
    void build(const Job& job) const;
    void finish_build(Build& build, int status);
    void finish(const Job& job, Measurement measurement);
    bool poll_until(Clock::time_point end) const;
    fs::path program_path(int id) const;
    int run_limit(const std::string& command) const;

    KernelCache cache_;
    MachineOptions options_;
    int compile_jobs_;
    LockedFolder folder_;
    std::deque<Job> waiting_, built_;
    std::list<Build> builds_;
    struct Measuring {
        std::unique_ptr<Runner> runner;
        Job job;
        int rest = 0;  // seconds: a runner that loses what it gets mustn't get what others could measure
        Clock::time_point rested{};
    };
    std::vector<Measuring> runners_;
    std::set<std::string> under_way_, done_;  // shared_work
    std::deque<std::pair<int, Measurement>> finished_;
    int finished_count_ = 0;
};

MachineEvaluator::Work::Work(const TargetInfo& target, KernelCache cache, MachineOptions options)
    : cache_(std::move(cache)),
      options_(std::move(options)),
      compile_jobs_(options_.compile_jobs > 0 ? options_.compile_jobs : cores()),
      folder_(fs::temp_directory_path(), "senetc-tune-") {
    target_program("measure_stage", target.name);  // throws where there is none
    if (options_.runners.empty() && &target != native_target())
        throw Error(
            fmt::format("this machine can't run programs for {}: name a command that can, such as --runner '{}'",
                        target.name, target.name == "arm-64" ? "qemu-aarch64" : "ssh-run board"));
    std::vector<std::string> commands = options_.runners;
    if (commands.empty()) commands.push_back("");
    for (const std::string& command : commands)
        runners_.push_back({std::make_unique<Runner>(command, run_limit(command), options_.memory_bytes), {}, 0, {}});
    if (!options_.keep.empty()) fs::create_directories(options_.keep);
}

MachineEvaluator::Work::~Work() {
    for (const Build& build : builds_) close(build.ended);
}

fs::path MachineEvaluator::Work::program_path(int id) const {
    return (options_.keep.empty() ? folder_.path() : options_.keep) / fmt::format("measure-{}", id);
}

// A program that takes too long says so itself, and has a moment for it.
int MachineEvaluator::Work::run_limit(const std::string& command) const {
    return command.empty() ? options_.run_seconds + kMomentSeconds : options_.command_seconds;
}

void MachineEvaluator::Work::start(int id, const Candidate& candidate) {
    waiting_.push_back({id, candidate, program_path(id), {}, 0});
    advance();
}

std::optional<std::pair<int, Measurement>> MachineEvaluator::Work::wait(double seconds) {
    const Clock::time_point end =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    advance();
    while (finished_.empty()) {
        if (!poll_until(end)) return std::nullopt;
        advance();
        if (finished_.empty() && Clock::now() >= end) return std::nullopt;
    }
    std::pair<int, Measurement> first = std::move(finished_.front());
    finished_.pop_front();
    return first;
}

// False when a signal came.
bool MachineEvaluator::Work::poll_until(Clock::time_point end) const {
    std::vector<pollfd> polled;
    for (const Build& build : builds_) polled.push_back({build.ended, POLLIN, 0});
    for (const Measuring& measuring : runners_) {
        if (!measuring.runner->busy()) {
            if (measuring.rested > Clock::now() && !built_.empty()) end = std::min(end, measuring.rested);
            continue;
        }
        measuring.runner->add_to(polled);
        end = std::min(end, measuring.runner->deadline());
    }
    const double left = std::chrono::duration<double, std::milli>(end - Clock::now()).count();
    const int result = ::poll(polled.data(), polled.size(), static_cast<int>(std::clamp(left, 0.0, 1e6)) + 1);
    return result >= 0 || errno != EINTR;
}

void MachineEvaluator::Work::advance() {
    collect_builds();
    collect_runs();
    start_runs();
    start_builds();
}

// ---- Making programs

void MachineEvaluator::Work::collect_builds() {
    for (auto build = builds_.begin(); build != builds_.end();) {
        int status = 0;
        if (waitpid(build->child.pid(), &status, WNOHANG) != build->child.pid()) {
            ++build;
            continue;
        }
        close(build->ended);
        Build ended = std::move(*build);
        build = builds_.erase(build);
        finish_build(ended, status);
    }
}

void MachineEvaluator::Work::finish_build(Build& build, int status) {
    const std::string problem = build.child.outcome(status);
    const std::string work = shared_work(build.job.candidate);
    under_way_.erase(work);
    build.job.seconds = seconds_since(build.job.since);
    if (!problem.empty())
        throw Error(fmt::format("'{}' can't be measured: {}", to_string(build.job.candidate.stage), problem));
    done_.insert(work);
    std::ifstream refusal(refusal_of(build.job.program));
    std::string outcome, sentence;
    if (!std::getline(refusal, outcome)) {
        built_.push_back(std::move(build.job));
        return;
    }
    std::getline(refusal, sentence, '\0');
    fs::remove(refusal_of(build.job.program));
    Measurement measurement;
    measurement.outcome = parse_outcome(outcome);
    measurement.message = sentence;
    finish(build.job, std::move(measurement));
}

// As many as there are cores; but what is measured here shares no core with them.
int MachineEvaluator::Work::builds_allowed() const {
    for (const Measuring& measuring : runners_)
        if (measuring.runner->here() && (measuring.runner->busy() || !built_.empty()))
            return std::min(compile_jobs_, cores() - options_.threads);
    return compile_jobs_;
}

// The first one that finds the work which it shares with others done, or does it.
std::deque<Job>::iterator MachineEvaluator::Work::next_to_build() {
    return std::find_if(waiting_.begin(), waiting_.end(),
                        [&](const Job& job) { return !under_way_.contains(shared_work(job.candidate)); });
}

void MachineEvaluator::Work::start_builds() {
    while (static_cast<int>(builds_.size()) < builds_allowed()) {
        const auto next = next_to_build();
        if (next == waiting_.end()) return;
        Job job = std::move(*next);
        waiting_.erase(next);
        start_build(std::move(job));
    }
}

void MachineEvaluator::Work::start_build(Job job) {
    const std::string work = shared_work(job.candidate);
    if (!done_.contains(work)) under_way_.insert(work);
    job.since = Clock::now();
    ChildProcess child([&] { build(job); }, kBuildSeconds);
    const int ended = open_process(child.pid());
    if (ended < 0) throw Error(fmt::format("no handle of a child process: {}", std::strerror(errno)));
    builds_.push_back({std::move(job), std::move(child), ended});
}

// In a child, whose own children compile. Leaves the program or a refusal.
void MachineEvaluator::Work::build(const Job& job) const {
    const measure::CompileLimits limits{options_.compile_seconds, options_.memory_bytes};
    const KernelSpec tried = spec_of(job.candidate, options_.weights_folder), hand = incumbent_of(job.candidate);
    if (const auto failure = measure::compile(hand, cache_, limits))
        throw Error(fmt::format("its hand schedule '{}': {}", to_string(hand.schedule), failure->sentence));
    if (const auto failure = measure::compile(tried, cache_, limits)) {
        std::ofstream(refusal_of(job.program)) << to_string(outcome_of(failure->kind)) << '\n' << failure->sentence;
        return;
    }
    measure::JobOptions options;
    options.threads = options_.threads;
    options.images = options_.images;
    options.cold = options_.cold;
    options.network_bytes = options_.network_bytes;
    options.limit_seconds = options_.run_seconds;
    options.seconds = options_.seconds * job.candidate.effort;
    options.give_up = job.candidate.effort > 1 ? kNever : options_.give_up;  // finalists are timed to the end
    measure::make_program(tried, hand, cache_,
                          measure::expected_result(job.candidate.stage, job.candidate.schedule, folder_.path()),
                          options, job.program);
}

// ---- Running them

void MachineEvaluator::Work::start_runs() {
    for (Measuring& measuring : runners_) {
        if (built_.empty()) return;
        if (measuring.runner->busy() || (runners_.size() > 1 && Clock::now() < measuring.rested)) continue;
        if (measuring.runner->here() && static_cast<int>(builds_.size()) > std::max(0, builds_allowed())) continue;
        measuring.job = std::move(built_.front());
        built_.pop_front();
        measuring.job.since = Clock::now();
        measuring.runner->start(measuring.job.program);
    }
}

void MachineEvaluator::Work::collect_runs() {
    for (Measuring& measuring : runners_) {
        if (!measuring.runner->busy()) continue;
        const std::optional<measure::RunOutput> output = measuring.runner->poll();
        if (!output) continue;
        measuring.job.seconds += seconds_since(measuring.job.since);
        if (options_.keep.empty()) fs::remove(measuring.job.program);
        Measurement measurement = measure::read_measurement(*output);
        const bool lost = measurement.outcome == Outcome::lost;
        measuring.rest = lost ? std::clamp(2 * measuring.rest, 1, kLongestRest) : 0;
        measuring.rested = Clock::now() + std::chrono::seconds(measuring.rest);
        finish(measuring.job, std::move(measurement));
    }
}

void MachineEvaluator::Work::finish(const Job& job, Measurement measurement) {
    if (++finished_count_ % kFinishedATrim == 0) cache_.trim();
    measurement.seconds = job.seconds;
    finished_.emplace_back(job.id, std::move(measurement));
}

MachineEvaluator::MachineEvaluator(const TargetInfo& target, KernelCache cache, MachineOptions options)
    : work_(std::make_unique<Work>(target, std::move(cache), std::move(options))) {}
MachineEvaluator::~MachineEvaluator() = default;

int MachineEvaluator::capacity() const {
    return work_->capacity();
}

void MachineEvaluator::start(int id, const Candidate& candidate) {
    work_->start(id, candidate);
}

std::optional<std::pair<int, Measurement>> MachineEvaluator::wait(double seconds) {
    return work_->wait(seconds);
}

}  // namespace senetc::tune
