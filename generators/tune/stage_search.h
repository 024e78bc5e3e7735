// The search for one stage's schedule: what was tried, what is best, what to try next.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "generators/tune/measurement.h"

namespace senetc::tune {

// A schedule that somebody has a reason to propose.
struct Wish {
    Schedule schedule;
    std::string origin;  // of JournalRecord
};

// A distinct stage of a variant, with what may be tried for it.
struct StageTask {
    Stage stage;
    std::string variant, first_use;
    int uses = 1;
    std::vector<Schedule> space;  // of the hand templates, hand's own first (schedules/space/space.h)
    std::vector<Wish> wishes;     // tried first, in this order
};

// The time of a schedule over hand's, in one run.
struct Trial {
    Schedule schedule;
    double ratio = 0, us = 0, hand_us = 0;
};

// Nothing where the measurement gives no time that others can be compared with. `cold`: which times count.
std::optional<Trial> trial_of(const Schedule& schedule, const Measurement& measurement, bool cold);

class StageSearch {
  public:
    explicit StageSearch(StageTask task);

    const StageTask& task() const { return task_; }
    const Schedule& hand() const { return task_.space.front(); }
    double hand_us() const { return hand_us_; }  // the least that was measured; 0: never
    double noise() const { return noise_; }      // the largest |ratio - 1| of hand against itself
    const Trial* best() const { return good_.empty() ? nullptr : &good_.front(); }
    const std::vector<Trial>& good() const { return good_; }  // timed to the end, best first
    int proposed() const { return proposed_; }
    size_t untried() const { return untried_; }  // schedules of the space
    bool exhausted() const { return untried_ == 0 && wishes_at_ == task_.wishes.size(); }

    // Falls with trials that find nothing better, from 1; 0 when nothing is left to try.
    double hope() const;

    void add_wishes(std::vector<Wish> wishes);

    // Something that was not tried yet, which then counts as tried; nothing when all was.
    std::optional<Wish> next(std::mt19937_64& random);
    std::optional<Wish> next_in_order();  // of an exhaustive search

    // Returns whether it is the best so far, and better than hand.
    bool tell(const Schedule& schedule, const Measurement& measurement, bool cold);

  private:
    std::optional<Wish> next_wish();
    Wish take(size_t index, const char* origin);
    std::vector<size_t> untried(const std::string& family) const;
    std::vector<size_t> neglected() const;
    std::vector<size_t> promising() const;
    void put_back(const Schedule& schedule);
    std::optional<size_t> neighbour(const Schedule& of, std::mt19937_64& random) const;

    StageTask task_;
    size_t wishes_at_ = 0;
    std::vector<std::string> families_;  // of the space's schedules, by index
    std::map<Schedule, size_t> place_;   // in the space
    std::vector<bool> tried_;
    std::set<Schedule> tried_elsewhere_;  // of no space: autoschedulers'
    size_t untried_ = 0;
    std::map<std::string, int> tries_;  // by family
    std::vector<Trial> good_;
    double hand_us_ = 0, noise_ = 0;
    int proposed_ = 0, since_best_ = 0;
    std::map<Schedule, int> lost_;
};

}  // namespace senetc::tune
