// One stage's playoff: the best few once more with more time, then the best of those again, beside hand. All of that is
// apart from the search, whose best may only have been lucky.
#pragma once

#include <optional>
#include <vector>

#include "generators/tune/stage_search.h"

namespace senetc::tune {

constexpr int kFinalists = 3;
constexpr int kFinalEffort = 4;         // times the usual time
constexpr double kWorthAFinal = 0.995;  // of hand's time

class Playoff {
  public:
    Playoff() = default;  // of nobody: hand stays
    explicit Playoff(const StageSearch& search);

    // What to measure next. Nothing: wait for what is under way, or, when nothing is, all is known.
    std::optional<Schedule> next();
    void tell(const Schedule& schedule, const Measurement& measurement, bool cold);

    // The schedule that is better than hand beyond noise, if one is; its slower round.
    const Trial* winner() const { return winner_ ? &*winner_ : nullptr; }

    // Measurements that it takes at most, for so many schedules that are worth a final.
    static int measurements(const StageSearch& search);

  private:
    void begin_second_round();
    void decide();

    std::vector<Schedule> to_measure_;  // last first
    std::vector<Trial> first_round_;
    std::optional<Trial> favourite_, second_round_, winner_;
    Schedule hand_;
    double noise_ = 0;
    int under_way_ = 0;
    bool second_ = false;
};

}  // namespace senetc::tune
