// Whether a table makes a network faster as a whole: the last word over what was tuned stage by stage. Entries that
// don't help in the network are dropped, until the rest does.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "generators/tune/network_times.h"

namespace senetc::tune {

struct DroppedEntry {
    TableEntry entry;
    std::string reason;
};

// Of one variant.
struct VariantCheck {
    std::string variant;
    bool measured = false;  // false: no entry is left, or none is other than hand's schedule
    NetworkTimes times;     // of what is kept, against hand
    std::vector<TableEntry> kept;
    std::vector<DroppedEntry> dropped;
};

// Times the network with the entries of a table against hand.
using TimeNetwork = std::function<NetworkTimes(const ScheduleTable&)>;

// `table`: entries of the variant that the network uses. After each measurement entries go whose steps, with the steps
// that read their sums by tile, take no less time than hand's. When none does, but the whole isn't faster beyond doubt
// (the interval of the ratio reaches 1 twice), the half that gains least goes. What is kept was measured once more
// after the last was dropped.
VariantCheck check_variant(const ScheduleTable& table, const std::string& variant, const TimeNetwork& time);

struct CheckReport {
    ScheduleTable table;  // without the dropped entries; those that the network doesn't use stay
    std::vector<VariantCheck> variants;
};

// All variants that the table has entries of. `note` hears what is dropped.
CheckReport check_network(const ScheduleTable& table, const LoadedNetwork& network, const KernelCache& cache,
                          const NetworkTiming& timing, const std::function<void(const std::string&)>& note = {});

// "avx512: the network takes 28.400 ms instead of 30.120 ms: 5.7 % less (5.2 to 6.1 % with 95 % confidence, medians of
// 210 pairs of turns)"
std::string sentence(const VariantCheck& check);

// Every step by hand and tuned, those that changed marked.
std::string step_table(const VariantCheck& check);

}  // namespace senetc::tune
