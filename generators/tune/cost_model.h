// A cost model that learns from what was measured and then proposes schedules: Adams2019's, retrained on this machine.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "generators/compiler/kernel_cache.h"
#include "generators/tune/measurement.h"

namespace senetc::tune {

struct CostModelSample {
    Candidate candidate;
    double us = 0;  // of one call
};

class CostModel {
  public:
    virtual ~CostModel() = default;
    virtual bool is_its(const Schedule& schedule) const = 0;
    // The number of weights that fit the samples better than those of that number (0: the shipped ones); 0 where there
    // is too little to learn from, or nothing was learnt.
    virtual int learn(const std::vector<CostModelSample>& samples, int weights) = 0;
    // The same for the same arguments.
    virtual std::vector<Schedule> draw(const Stage& stage, const std::string& variant, unsigned seed, int weights) = 0;
};

// Keeps weights in `folder`, as Adams2019-N.weights.
class AdamsModel : public CostModel {
  public:
    AdamsModel(KernelCache cache, std::filesystem::path folder)
        : cache_(std::move(cache)), folder_(std::move(folder)) {}
    bool is_its(const Schedule& schedule) const override;
    int learn(const std::vector<CostModelSample>& samples, int weights) override;
    std::vector<Schedule> draw(const Stage& stage, const std::string& variant, unsigned seed, int weights) override;

  private:
    KernelCache cache_;
    std::filesystem::path folder_;
};

}  // namespace senetc::tune
