// Adams2019 as its authors meant it, for one stage: of batches of random draws those that are new are measured, and
// after each its cost model is retrained on all that were.
#pragma once

#include <filesystem>
#include <vector>

#include "generators/compiler/kernel_cache.h"
#include "generators/tune/evaluator.h"
#include "generators/tune/measurement.h"

namespace senetc::tune {

// In the order of the candidates, however many the evaluator measures at once.
std::vector<Measurement> measure_all(Evaluator& evaluator, const std::vector<Candidate>& candidates);

struct AdamsBudget {
    int draws = 120, batch = 24;
    unsigned seed = 0;
    int finalists = 4;
};

struct AdamsResult {
    // The fastest against hand's, by warm time, the best first. They were measured once: one may have been lucky.
    std::vector<Schedule> finalists;
    int measured = 0;     // different schedules, without errors
    int retrainings = 0;  // weights are left in the folder
};

// `weights_folder` is the evaluator's, and `cache` the one that it compiles into. Throws Error when no draw can be
// measured.
AdamsResult search_adams(const Stage& stage, const std::string& variant, const AdamsBudget& budget,
                         Evaluator& evaluator, const KernelCache& cache, const std::filesystem::path& weights_folder);

}  // namespace senetc::tune
