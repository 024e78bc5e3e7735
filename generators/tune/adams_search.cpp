#include "generators/tune/adams_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "generators/tune/retrain.h"
#include "models/error.h"

namespace senetc::tune {

namespace {

constexpr double kWait = 3600;  // seconds, that no measurement takes

double score(const Measurement& measurement) {
    return measurement.candidate.warm / measurement.incumbent.warm;
}

class AdamsSearch {
  public:
    AdamsSearch(const Stage& stage, const std::string& variant, Evaluator& evaluator, const KernelCache& cache,
                const std::filesystem::path& weights_folder)
        : stage_(stage), variant_(variant), evaluator_(evaluator), cache_(cache), weights_folder_(weights_folder) {}

    void try_draws(unsigned seed, int count) {
        std::vector<std::string> features;
        std::vector<Candidate> candidates;
        for (const Schedule& schedule : adams_samples(stage_, variant_, seed, count, weights_)) {
            const Candidate candidate{stage_, variant_, schedule};
            const std::string of_it = featurization(candidate, cache_, weights_folder_);
            if (of_it.empty() || !known_.insert(of_it).second) continue;  // it can't be compiled, or was drawn before
            features.push_back(of_it);
            candidates.push_back(candidate);
        }
        const std::vector<Measurement> measurements = measure_all(evaluator_, candidates);
        for (size_t i = 0; i < candidates.size(); ++i) {
            if (measurements[i].outcome != Outcome::ok) continue;
            samples_.push_back({to_string(stage_), features[i], measurements[i].candidate.warm * 1e-6});
            by_score_.emplace(score(measurements[i]), candidates[i].schedule);
        }
        if (candidates.empty() || !can_retrain(samples_)) return;
        weights_ = retrain(samples_, weights_folder_, weights_);
        ++retrainings_;
    }

    AdamsResult result(int finalists) const {
        AdamsResult result;
        for (const auto& [ignored, schedule] : by_score_)
            if (int(result.finalists.size()) < finalists) result.finalists.push_back(schedule);
        result.measured = int(by_score_.size());
        result.retrainings = retrainings_;
        return result;
    }

  private:
    const Stage stage_;
    const std::string variant_;
    Evaluator& evaluator_;
    const KernelCache& cache_;
    const std::filesystem::path weights_folder_;
    std::vector<CostSample> samples_;
    std::set<std::string> known_;
    std::multimap<double, Schedule> by_score_;
    int weights_ = 0, retrainings_ = 0;
};

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
    AdamsSearch search(stage, variant, evaluator, cache, weights_folder);
    for (int drawn = 0; drawn < budget.draws; drawn += budget.batch)
        search.try_draws(budget.seed + unsigned(drawn), std::min(budget.batch, budget.draws - drawn));
    const AdamsResult result = search.result(budget.finalists);
    if (result.measured == 0)
        throw Error(fmt::format("Adams2019 has no schedule of '{}' that can be measured", to_string(stage)));
    return result;
}

}  // namespace senetc::tune
