// What a run moves between stages, counted from the plan.
#pragma once

#include <cstdint>

#include "senet/model_abi.h"

namespace senet::cli {

// Bytes per image, each argument of each step once: what a cache saves isn't seen, nor a kernel's own scratch.
struct MovedBytes {
    uint64_t maps_read = 0, maps_written = 0;
    uint64_t sums = 0;     // partial sums that a kernel collects of its output: read and written
    uint64_t vectors = 0;  // means, gates, logits: read and written
    uint64_t weights = 0;  // read once a run, for all its images
};

// Of one step, for all images of a run.
uint64_t weight_bytes(const senet_variant_v1_t& variant, const senet_step_v1_t& step);

// Of a run on float images.
MovedBytes moved_bytes(const senet_variant_v1_t& variant);

}  // namespace senet::cli
