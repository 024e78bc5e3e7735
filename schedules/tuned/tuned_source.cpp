#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "generators/compiler/algorithm_hash.h"
#include "models/error.h"
#include "schedules/sources.h"
#include "schedules/tuned/shipped.h"
#include "schedules/tuned/table.h"

namespace senetc {

namespace {

// "se_resnet50.table:12: the entry of avx512 for 'conv ...' is stale: ..."
std::string stale_sentence(const ScheduleTable& table, const TableEntry& entry, const std::string& why) {
    return fmt::format(
        "{}:{}: the entry of {} for '{}' is stale: {}; tune this stage again, or build with --fallback, which takes "
        "the hand schedule for it",
        table.file, entry.line, entry.variant, to_string(entry.stage), why);
}

// "" when the entry's algorithm is this senetc's.
std::string why_stale(const TableEntry& entry) try {
    const std::string now = algorithm_hash(entry.stage, entry.schedule, entry.variant);
    if (now == entry.algorithm_hash) return "";
    return fmt::format("it was measured for the algorithm {}, and this senetc's is {}", entry.algorithm_hash, now);
} catch (const Error& error) {
    return fmt::format("this senetc can't make its algorithm ({})", error.what());
}

class TunedSource {
  public:
    TunedSource(const ScheduleTable& table, const std::string& name, StaleNote stale)
        : table_(table), name_("tuned:" + name), stale_(std::move(stale)) {
        for (const TableEntry& entry : table_.entries) entries_[{entry.variant, entry.stage}] = {&entry, false, ""};
    }
    TunedSource(const TunedSource&) = delete;

    ScheduleChoice choose(const Stage& stage, const VariantInfo& variant) {
        const auto found = entries_.find({variant.name, stage});
        if (found == entries_.end() || !usable(found->second)) return hand_source()(stage, variant);
        return {found->second.entry->schedule, name_, std::filesystem::path(table_.file).parent_path()};
    }

  private:
    struct State {
        const TableEntry* entry;
        bool checked = false;
        std::string stale;  // why; "": it isn't
    };

    bool usable(State& state) {
        const bool first = !std::exchange(state.checked, true);
        if (first) state.stale = why_stale(*state.entry);
        if (state.stale.empty()) return true;
        if (!stale_) throw Error(stale_sentence(table_, *state.entry, state.stale));
        if (first) stale_(stale_sentence(table_, *state.entry, state.stale));
        return false;
    }

    const ScheduleTable table_;
    const std::string name_;
    const StaleNote stale_;
    std::map<std::pair<std::string, Stage>, State> entries_;
};

}  // namespace

ScheduleSource tuned_source(const ScheduleTable& table, const std::string& name, StaleNote stale) {
    const auto source = std::make_shared<TunedSource>(table, name, std::move(stale));
    return [source](const Stage& stage, const VariantInfo& variant) { return source->choose(stage, variant); };
}

ScheduleSource table_source(const std::string& path, const std::vector<std::string>& targets, const std::string& cpu,
                            StaleNote stale) {
    const ScheduleTable table = read_table(path);
    if (!std::count(targets.begin(), targets.end(), table.target))
        throw Error(
            fmt::format("{}: its schedules are for {}, and the target is {}; name a table for that, or tune there",
                        path, table.target, fmt::join(targets, ",")));
    if (!cpu.empty() && table.cpu != cpu)
        throw Error(
            fmt::format("{}: its schedules were measured on {}, and --cpu says {}; leave --cpu out to use them "
                        "all the same, or tune on a {}",
                        path, table.cpu, cpu, cpu));
    return tuned_source(table, std::filesystem::path(path).filename().string(), std::move(stale));
}

ScheduleSource shipped_source(const std::string& target, const std::string& cpu, StaleNote stale) {
    const ScheduleTable* table = shipped_table(target, cpu);
    return table == nullptr ? hand_source() : tuned_source(*table, cpu, std::move(stale));
}

std::vector<std::string> shipped_cpus(const std::string& target) {
    std::vector<std::string> cpus;
    for (const ScheduleTable& table : shipped_tables())
        if (table.target == target) cpus.push_back(table.cpu);
    return cpus;
}

}  // namespace senetc
