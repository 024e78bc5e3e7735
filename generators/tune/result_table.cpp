#include "generators/tune/result_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "models/error.h"

namespace senetc::tune {

namespace {

using Key = std::pair<std::string, std::string>;  // variant, stage

Key key_of(const TableEntry& entry) {
    return {entry.variant, to_string(entry.stage)};
}

}  // namespace

ScheduleTable result_table(const Strategy& strategy, const JournalHeader& header, const AlgorithmHash& hash) {
    ScheduleTable table{header.target, header.cpu, header.machine, header.threads, {}, ""};
    for (size_t i = 0; i < strategy.size(); i++) {
        const Decision decision = strategy.decision(i);
        if (!decision.better) continue;
        const StageTask& task = strategy.stage(i).task();
        table.entries.push_back({task.variant, hash(task.stage, decision.schedule, task.variant), task.stage,
                                 decision.schedule, decision.us, decision.hand_us, 0});
    }
    return table;
}

ScheduleTable joined_table(const std::string& path, ScheduleTable found, const JournalHeader& header, bool finished) {
    if (!std::filesystem::exists(path)) return found;
    ScheduleTable old = read_table(path);
    if (old.target != found.target || old.cpu != found.cpu || old.threads != found.threads)
        throw Error(
            fmt::format("{}: this table is for {}, {}, {} threads, and the run for {}, {}, {} threads; write to "
                        "another file with --output",
                        path, old.target, old.cpu, old.threads, found.target, found.cpu, found.threads));
    std::set<Key> replaced;
    for (const TableEntry& entry : found.entries) replaced.insert(key_of(entry));
    if (finished) {
        for (const JournalStage& stage : header.stages) replaced.insert({stage.variant, to_string(stage.stage)});
    }
    std::erase_if(old.entries, [&](const TableEntry& entry) { return replaced.count(key_of(entry)) != 0; });
    old.entries.insert(old.entries.end(), found.entries.begin(), found.entries.end());
    old.machine = found.machine;
    return old;
}

}  // namespace senetc::tune
