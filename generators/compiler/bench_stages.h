// Times every distinct kernel of a loaded model alone: warm caches, one thread, random data, one image.
#pragma once

#include <string>
#include <vector>

#include "senet/model_abi.h"

namespace senetc {

struct StageTime {
    std::string kernel;  // the stage's text
    std::string source;  // of its schedule
    std::string name;    // of the first step that uses it
    int uses = 0;        // steps of the network that do
    double seconds = 1e30;
    uint64_t flops = 0, bytes = 0;
};

// Times the kernels whose text contains `only`. `rounds` passes over all kernels, interleaved, so that a slow moment of
// the machine hits all alike; the least time of each counts. Every visit runs a kernel for `seconds_a_visit`.
std::vector<StageTime> time_stages(const senet_model_v1_t& model, const senet_variant_v1_t& variant,
                                   const std::string& only, int rounds, double seconds_a_visit);

}  // namespace senetc
