// Adams2019 and its cost model, retrained on measurements of this machine by Halide's own tools, as Halide's
// adams2019_autotune_loop.sh does: schedules that the autoscheduler draws at random, guided by its model, are measured;
// the model learns from what features each had and what time it took; the next are drawn by the new model.
//
// The model compares schedules of one pipeline, and needs eight different ones of it to learn anything.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "generators/compiler/kernel_cache.h"
#include "generators/tune/measurement.h"

namespace senetc::tune {

// Schedules to measure, the same for the same arguments: first what a beam search finds best, then random draws.
// weights: of a retrained model, 0: those that Halide ships.
std::vector<Schedule> adams_samples(const Stage& stage, const std::string& variant, unsigned seed, int count,
                                    int weights);

// What Adams2019 says of the candidate's schedule, from the cache, where measuring has left it, or made again. "": it
// isn't Adams2019's, or can't be compiled any more.
std::string featurization(const Candidate& candidate, const KernelCache& cache,
                          const std::filesystem::path& weights_folder);

struct CostSample {
    std::string pipeline;       // the stage's text: whose schedules are compared
    std::string featurization;  // of its schedule
    double seconds = 0;         // of one call
};

bool can_retrain(const std::vector<CostSample>& samples);

struct RetrainLimits {
    int epochs = 32;
    unsigned seconds = 600;
    int64_t memory_bytes = int64_t{4} << 30;
};

// Weights that fit the samples better than `weights` of `folder` (0: those that Halide ships), stored in `folder` as
// Adams2019-N.weights. Returns N. Throws Error, also where there is too little to learn from.
int retrain(const std::vector<CostSample>& samples, const std::filesystem::path& folder, int weights,
            const RetrainLimits& limits = {});

}  // namespace senetc::tune
