// What to measure next. A strategy is a function of its seed and of what was measured, told in the order in which it
// was proposed: so a run that was killed is resumed by telling it the journal.
//
// It goes through three phases.
//     hand      every stage's hand schedule against itself: the stage's share of the network's time, and the noise
//     search    stages take turns by share x hope, where hope falls with every trial that finds nothing better: time is
//               spent where the network spends its own
//     playoff   the best few of each stage again, with more time, until one is better than hand beyond noise, or none
//
// Within a stage come first the schedules that somebody has a reason for: those of other journals, the hand rules' for
// each algorithm, autoschedulers'. Then every algorithm gets a few random draws, so that none is dropped by a bad first
// one; then most trials are neighbours of one of the best few, the others random.
//
// Which entry is written: the best of many noisy times is one that was lucky. So the finalists are measured again, the
// best of those once more, and both of its times must be below hand's by more than noise: 1 %, or how far hand's time
// was from hand's own in the same kind of measurement, whichever is more. Otherwise hand stays.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "generators/tune/journal.h"
#include "generators/tune/playoff.h"
#include "generators/tune/stage_search.h"

namespace senetc::tune {

struct StrategyOptions {
    unsigned seed = 0;
    bool cold = false;        // which times count
    bool exhaustive = false;  // all schedules of all stages instead of a search
    Limits limits;
};

struct Proposal {
    size_t stage = 0;
    Schedule schedule;
    int effort = 1;
    std::string origin;  // of JournalRecord
};

// The outcome for a stage.
struct Decision {
    bool better = false;  // than hand, beyond noise; else the rest is hand's
    Schedule schedule;
    double us = 0, hand_us = 0;  // in one measurement
};

enum class Phase { hand, search, playoff, done };

class Strategy {
  public:
    Strategy(std::vector<StageTask> stages, const StrategyOptions& options);

    // What to measure next. Nothing: tell the results of all that was proposed before asking again; or, when all are
    // told, the run is over.
    std::optional<Proposal> propose();
    // In the order of proposals. `at`: seconds of tuning that had passed when it was measured. Returns whether it is
    // the stage's best so far.
    bool tell(const Proposal& proposal, const Measurement& measurement, double at);

    // A run that is over goes on where there is more time.
    void set_limits(const Limits& limits);
    // More schedules to try soon, e.g. of an autoscheduler.
    void add_wishes(size_t stage, std::vector<Schedule> schedules, const std::string& origin);

    Phase phase() const { return phase_; }
    int trials() const { return trials_; }  // of the search
    double at() const { return at_; }
    const Limits& limits() const { return limits_; }
    size_t size() const { return stages_.size(); }
    const StageSearch& stage(size_t index) const { return stages_[index]; }
    double share(size_t index) const { return shares_[index]; }  // of its variant's time by hand; 0: not known yet

    // What a table written now would say. Before the playoff a schedule that was measured once must be better by more.
    Decision decision(size_t index) const;

  private:
    std::optional<Proposal> propose_hand();
    std::optional<Proposal> propose_search();
    std::optional<Wish> next_in_order();
    std::optional<Proposal> propose_final();
    bool search_is_over() const;
    double playoff_seconds() const;
    void compute_shares();
    void begin_playoff();
    Proposal propose(size_t stage, Schedule schedule, const char* origin, int effort = 1);

    std::vector<StageSearch> stages_;
    std::vector<double> shares_;
    std::vector<Playoff> playoffs_;  // by stage; none before that phase
    std::vector<size_t> by_share_;   // indices of stages, the largest share first
    StrategyOptions options_;
    Limits limits_;
    std::mt19937_64 random_;
    Phase phase_ = Phase::hand;
    size_t next_hand_ = 0, in_order_ = 0;  // indices of stages
    int trials_ = 0, outstanding_ = 0;
    double at_ = 0;  // seconds of the run
    int measured_ = 0;
};

}  // namespace senetc::tune
