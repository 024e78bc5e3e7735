#include "schedules/sources.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <utility>

#include "generators/compiler/algorithm_hash.h"
#include "models/error.h"
#include "schedules/schedules.h"

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
        for (const TableEntry& entry : table_.entries) entries_[{entry.variant, entry.stage}] = {&entry, false, false};
    }
    TunedSource(const TunedSource&) = delete;

    ScheduleChoice choose(const Stage& stage, const VariantInfo& variant) {
        const auto found = entries_.find({variant.name, stage});
        if (found == entries_.end() || !usable(found->second)) return hand_source()(stage, variant);
        return {found->second.entry->schedule, name_};
    }

  private:
    struct State {
        const TableEntry* entry;
        bool checked, stale;
    };

    bool usable(State& state) {
        if (!std::exchange(state.checked, true)) {
            const std::string why = why_stale(*state.entry);
            state.stale = !why.empty();
            if (state.stale && !stale_) throw Error(stale_sentence(table_, *state.entry, why));
            if (state.stale) stale_(stale_sentence(table_, *state.entry, why));
        }
        return !state.stale;
    }

    const ScheduleTable table_;
    const std::string name_;
    const StaleNote stale_;
    std::map<std::pair<std::string, Stage>, State> entries_;
};

}  // namespace

ScheduleSource hand_source() {
    return [](const Stage& stage, const VariantInfo& variant) {
        return ScheduleChoice{choose_schedule(stage, variant.name), "hand"};
    };
}

ScheduleSource tuned_source(const ScheduleTable& table, const std::string& name, StaleNote stale) {
    const auto source = std::make_shared<TunedSource>(table, name, std::move(stale));
    return [source](const Stage& stage, const VariantInfo& variant) { return source->choose(stage, variant); };
}

}  // namespace senetc
