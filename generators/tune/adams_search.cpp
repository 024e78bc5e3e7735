#include "generators/tune/adams_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "generators/tune/retrain.h"
#include "models/error.h"

namespace senetc::tune {

namespace {

constexpr double kWait = 3600;  // seconds, that no measurement takes

double score(const Measurement& measurement) {
    return measurement.candidate.warm / measurement.incumbent.warm;
}

}  // namespace

std::vector<Measurement> measure_all(Evaluator& evaluator, const std::vector<Candidate>& candidates) {
    std::vector<Measurement> measurements(candidates.size());
    size_t next = 0, done = 0;
    while (done < candidates.size()) {
        for (; next < candidates.size() && next - done < size_t(evaluator.capacity()); ++next)
            evaluator.start(int(next), candidates[next]);
        if (const auto ended = evaluator.wait(kWait)) {
            measurements[size_t(ended->first)] = ended->second;
            ++done;
        }
    }
    return measurements;
}

AdamsResult search_adams(const Stage& stage, const std::string& variant, const AdamsBudget& budget,
                         Evaluator& evaluator, const KernelCache& cache, const std::filesystem::path& weights_folder) {
    AdamsResult result;
    std::vector<CostSample> samples;
    std::set<std::string> different;
    int weights = 0;
    for (int drawn = 0; drawn < budget.draws; drawn += budget.batch) {
        std::vector<Candidate> candidates;
        const unsigned seed = budget.seed + unsigned(drawn);
        for (const Schedule& schedule :
             adams_samples(stage, variant, seed, std::min(budget.batch, budget.draws - drawn), weights))
            candidates.push_back({stage, variant, schedule});
        const std::vector<Measurement> measurements = measure_all(evaluator, candidates);
        for (size_t i = 0; i < candidates.size(); ++i) {
            const Measurement& measurement = measurements[i];
            if (measurement.outcome != Outcome::ok) continue;
            if (result.measured++ == 0 || score(measurement) < score(result.measurement)) {
                result.schedule = candidates[i].schedule;
                result.measurement = measurement;
            }
            const std::string features = featurization(candidates[i], cache, weights_folder);
            different.insert(features);
            samples.push_back({to_string(stage), features, measurement.candidate.warm * 1e-6});
        }
        if (!can_retrain(samples)) continue;
        weights = retrain(samples, weights_folder, weights);
        ++result.retrainings;
    }
    result.different = int(different.size());
    if (result.measured == 0)
        throw Error(fmt::format("Adams2019 has no schedule of '{}' that can be measured", to_string(stage)));
    return result;
}

}  // namespace senetc::tune
