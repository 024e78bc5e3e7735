// From a fused graph to stages and their schedules for one variant: one kernel call a node, with every value's layout
// decided.
//
// A value's halo is the widest padding that a convolution which reads it asks for, so that no kernel tests for borders.
// The image enters planar when only dense convolutions read it, blocked otherwise. A map that only its mean is taken of
// is never stored: the kernel that computes it stores its sums by tile. Tiles are the schedule's, hence the variant.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "generators/compiler/stage.h"
#include "models/graph/graph.h"
#include "schedules/sources.h"

namespace senetc {

struct LoweredStep {
    std::string name, public_stage;  // the graph node's
    Stage stage;
    Schedule schedule;
    std::string source;                    // of the schedule (schedules/sources.h)
    std::filesystem::path weights_folder;  // as ScheduleChoice's
    std::vector<int> inputs;               // values, in the order of the kernel's input arguments
    // The kernel's parameters in their order; a tensor without a shape is an absent bias. The name is the constant's,
    // and equal names hold equal values.
    std::vector<std::pair<std::string, Tensor>> params;
    std::vector<int> outputs;  // values, in the order of the kernel's output arguments: sums by tile, the node's value
    Type type;                 // of the last output
};

// The values of nodes are numbered as the nodes, their sums by tile after them. Value 0 is the image as the first stage
// reads it; both ingests write it.
struct Lowered {
    LoweredStep ingest_f32, ingest_u8;
    std::vector<LoweredStep> steps;
};

// Of a step's stage. `step` is its name; the two ingests are both called "input".
using ChooseSchedule = std::function<ScheduleChoice(const Stage&, const std::string& step)>;
ChooseSchedule choose_from(const ScheduleSource& source, const std::string& variant);

// Throws Error when a node has no kernel, e.g. a network that doesn't end in a linear layer.
Lowered lower(const Graph& graph, const ChooseSchedule& choose_schedule);

// One line a step: values, stage, inputs, schedule and its source (senetc build --dump stages).
std::string to_string(const Lowered& lowered);

}  // namespace senetc
