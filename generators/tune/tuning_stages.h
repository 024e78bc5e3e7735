// What a network gives a tuner to do: its distinct stages and the space of each.
//
// Stages are those of the network lowered with hand's schedules. Another tile of a stage that collects sums by tile
// makes its consumer another stage, since a squeeze's parameters say how many sums it reads: in a build with the tuned
// table that consumer is in no table, and gets hand's schedule. Squeezes have but one schedule anyway.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generators/tune/strategy.h"
#include "models/graph/graph.h"
#include "schedules/space/space.h"

namespace senetc::tune {

struct TuningRequest {
    std::vector<std::string> variants;
    std::vector<std::string> only;  // parts of stages' texts or of their steps' names; none: all stages
    std::vector<std::string> autoschedulers;
    SpaceOptions space;
};

// `graph`: after all passes. In the order of use. Throws Error that names a pattern without stages.
std::vector<StageTask> tuning_stages(const Graph& graph, const TuningRequest& request);

// What a run of the network reads of packed weights: with more than L2 holds, each kernel finds its own in memory.
int64_t weight_bytes(const Graph& graph, const std::string& variant);

}  // namespace senetc::tune
