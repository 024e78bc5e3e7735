// A network built twice, with hand's schedules and with a table's, and timed in one program: what kernels that were
// tuned alone are worth where they follow each other.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "generators/compiler/kernel_cache.h"
#include "generators/compiler/lower.h"
#include "generators/compiler/network_source.h"
#include "generators/compiler/temporary_folder.h"
#include "generators/tune/statistics.h"
#include "schedules/tuned/table.h"

namespace senetc::tune {

// One step of the network: the least time of all runs.
struct StepTimes {
    std::string name;
    Stage stage;  // as hand's schedules lower it
    double hand_us = 0, tuned_us = 0;
    int entry = -1;                 // of the table whose schedule it has; -1: hand's
    std::vector<int> sums_readers;  // steps that read its sums by tile: the entry's tile is theirs, too
};

struct NetworkTimes {
    double hand_us = 0, tuned_us = 0;  // medians of all turns
    double ratio = 0;                  // tuned by hand: the median of pairs of turns that followed each other
    Interval interval;                 // of that median, 95 %
    int pairs = 0;
    std::vector<StepTimes> steps;
};

struct NetworkTiming {
    int threads = 1, images = 1;
    double seconds = 10;
    std::string runner;  // a shell command that gets the program's path as its last word; "": here
    int jobs = 0;        // kernels that are compiled at once; 0: one a core
};

class NetworkTimer {
  public:
    // Builds the network by hand for one variant, with weights by formula. Throws Error.
    NetworkTimer(const LoadedNetwork& network, const std::string& variant, const KernelCache& cache,
                 const NetworkTiming& timing);

    // Builds it with the table's entries of the variant, runs both. Throws Error: an entry is stale or can't be
    // compiled, the program can't be run, or both networks' logits differ.
    NetworkTimes time(const ScheduleTable& table);

  private:
    std::filesystem::path build_archive(const char* name, const ScheduleTable* table) const;
    std::filesystem::path make_program(const std::filesystem::path& tuned) const;

    LoadedNetwork network_;  // with weights
    std::string variant_;
    const KernelCache& cache_;
    NetworkTiming timing_;
    Graph graph_;  // after all passes
    TemporaryFolder folder_;
    std::filesystem::path hand_;
};

// The line that the program prints, as the least times of both networks' steps, in their order, and the pairs'
// statistics. Throws Error where it has none, or not of so many steps. Names, stages and entries are not set.
NetworkTimes parse_network_times(const std::string& output, size_t steps);

}  // namespace senetc::tune
