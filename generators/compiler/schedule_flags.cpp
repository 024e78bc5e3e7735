#include "generators/compiler/schedule_flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "generators/compiler/targets.h"
#include "generators/compiler/words.h"
#include "generators/inspect/cpus.h"
#include "models/error.h"

namespace fs = std::filesystem;

namespace senetc {
namespace {

constexpr const char* kSources = "hand, auto:NAME[,option=number...] or tuned:FILE";

// "hand", "auto:Adams2019,beam_size=8" or "tuned:a.table": the folder of a table changes nothing.
std::string spelling(const std::string& source) {
    return source.starts_with("tuned:") ? "tuned:" + fs::path(source.substr(6)).filename().string() : source;
}

std::vector<std::string> names_of(const std::vector<ChosenTarget>& targets) {
    std::vector<std::string> names;
    for (const ChosenTarget& target : targets) names.push_back(target.name);
    return names;
}

// Whose tables hold schedules of their variants.
std::vector<std::string> tuned_targets(const std::vector<ChosenTarget>& targets) {
    std::vector<std::string> names = names_of(targets);
    for (const ChosenTarget& target : targets)
        for (const std::string& variant : target.variants) {
            const std::string& home = target_of(find_variant(variant)).name;
            if (!std::count(names.begin(), names.end(), home)) names.push_back(home);
        }
    return names;
}

// Of the CPUs' variants.
const std::string& tuned_target(const ChosenTarget& target) {
    return target_of(find_variant(target.variants.back())).name;
}

// "Adams2019,beam_size=8"
ScheduleSource autoscheduler(const std::string& text, const std::vector<ChosenTarget>& targets) {
    std::string words = text;
    std::replace(words.begin(), words.end(), ',', ' ');
    std::vector<std::string> variants;
    for (const ChosenTarget& target : targets)
        variants.insert(variants.end(), target.variants.begin(), target.variants.end());
    return auto_source(parse_schedule(words), variants);
}

}  // namespace

const char* const ScheduleFlags::kCpuHelp =
    "The CPU that the library is for, by LLVM's name, or native: stages that senetc has tuned schedules for get them";

void ScheduleFlags::add_to(CLI::App& command, const std::string& cpu_help) {
    flags_ = {command.add_option("--schedule", schedule_,
                                 fmt::format("Where schedules come from: {} (docs/schedules.md)", kSources)),
              command
                  .add_option("--schedule-stage", of_steps_,
                              "The same for one step, by its name: STEP=SOURCE; may be given several times")
                  ->allow_extra_args(false),
              command.add_flag("--fallback", fallback_,
                               "Take hand's schedule where an autoscheduler fails or a table's entry is stale")};
    cpu_flag_ = command.add_option("--cpu", cpu_, cpu_help);
}

StepSchedules ScheduleFlags::chosen(const std::vector<ChosenTarget>& targets) const {
    StepSchedules schedules;
    const std::string cpu = named_cpu(targets);
    if (!cpu.empty()) schedules.flags += " --cpu " + cpu;
    if (!schedule_.empty()) {
        schedules.source = source("--schedule", schedule_, targets, cpu);
        schedules.flags += " --schedule " + spelling(schedule_);
    } else if (!cpu.empty()) {
        schedules.source = shipped_source(tuned_target(targets.front()), cpu, show_note);
    }
    for (const std::string& text : of_steps_) {
        const size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            throw Error(fmt::format("--schedule-stage {}: write STEP=SOURCE; a source is {}", text, kSources));
        const std::string step = text.substr(0, equals), from = text.substr(equals + 1);
        if (!schedules.of_steps.emplace(step, source("--schedule-stage", from, targets, cpu)).second)
            throw Error(fmt::format("--schedule-stage {}: the step {} is given twice", text, step));
        schedules.flags += fmt::format(" --schedule-stage {}={}", step, spelling(from));
    }
    schedules.fallback = fallback_;
    if (fallback_) schedules.flags += " --fallback";
    return schedules;
}

std::string ScheduleFlags::named_cpu(const std::vector<ChosenTarget>& targets) const {
    if (cpu_.empty()) return "";
    if (targets.size() > 1)
        throw Error(fmt::format("--cpu {}: a CPU is of one target; build {} apart", cpu_,
                                fmt::join(names_of(targets), " and ")));
    const TargetInfo& target = find_target(targets.front().name);
    const bool native = cpu_ == "native";
    if (native && !is_native(target))
        throw Error(fmt::format("--cpu native: this machine is none of {}'s; name the CPU", target.name));
    const std::string cpu = native ? inspect::host_cpu() : cpu_;
    if (inspect::is_cpu(target.triple, cpu)) return cpu;
    const std::vector<std::string> tuned = shipped_cpus(tuned_target(targets.front()));
    throw Error(
        fmt::format("--cpu {}: LLVM knows no such CPU of {}; any name of LLVM's will do, and there are tuned "
                    "schedules for {}",
                    cpu_, target.name, tuned.empty() ? "none" : fmt::format("{}", fmt::join(tuned, ", "))));
}

ScheduleSource ScheduleFlags::source(const std::string& flag, const std::string& text,
                                     const std::vector<ChosenTarget>& targets, const std::string& cpu) const {
    if (text == "hand") return hand_source();
    try {
        if (text.starts_with("auto:")) return autoscheduler(text.substr(5), targets);
    } catch (const Error& error) {
        throw Error(fmt::format("{} {}: {}", flag, text, error.what()));
    }
    if (text.starts_with("tuned:"))
        return table_source(text.substr(6), tuned_targets(targets), cpu,
                            fallback_ ? StaleNote(show_note) : StaleNote());
    throw Error(fmt::format("{} {}: there is no such source; write {}", flag, text, kSources));
}

}  // namespace senetc
