#include "generators/tune/cost_model.h"

#include "generators/tune/retrain.h"
#include "models/error.h"

namespace senetc::tune {

namespace {

constexpr int kDraws = 3;  // schedules of a stage that newly learnt weights propose

}  // namespace

bool AdamsModel::is_its(const Schedule& schedule) const {
    return schedule.algorithm == "Adams2019";
}

int AdamsModel::learn(const std::vector<CostModelSample>& samples, int weights) {
    std::vector<CostSample> learnt;
    for (const CostModelSample& sample : samples) {
        const std::string features = featurization(sample.candidate, cache_, folder_);
        const std::string pipeline = sample.candidate.variant + " " + to_string(sample.candidate.stage);
        if (!features.empty()) learnt.push_back({pipeline, features, sample.us * 1e-6});
    }
    if (!can_retrain(learnt)) return 0;
    try {
        return retrain(learnt, folder_, weights);
    } catch (const Error&) {  // the run goes on with the weights that it has
        return 0;
    }
}

std::vector<Schedule> AdamsModel::draw(const Stage& stage, const std::string& variant, unsigned seed, int weights) {
    return adams_samples(stage, variant, seed, kDraws, weights);
}

}  // namespace senetc::tune
