// Who watches a tuning run: the live view, or nobody.
#pragma once

#include <map>
#include <string>

#include "generators/tune/measurement.h"

namespace senetc::tune {

// Where the run stands. Times are of one call, warm or cold, whichever counts for the run.
struct Progress {
    // The stage that was measured last.
    Stage stage;
    std::string variant, first_use;  // the first step of the network that uses it
    int uses = 0;
    double hand_us = 0, best_us = 0;  // 0: not measured yet
    Schedule best;

    // The run.
    std::string phase;                // "hand", "search", "playoff"
    double elapsed = 0, budget = 0;   // seconds, of all sessions together; budget 0: trials alone limit the run
    int candidates = 0;               // measured, of all sessions together
    int trials = 0, trial_limit = 0;  // of the search; limit 0: time alone limits the run
    std::map<Outcome, int> outcomes;
    double network_hand_us = 0, network_us = 0;  // every stage as often as the network uses it, its best so far
};

class Observer {
  public:
    virtual ~Observer() = default;
    virtual void measured(const Candidate& candidate, const Measurement& measurement, bool improved,
                          const Progress& progress) = 0;
    virtual void tick(const Progress& progress) = 0;     // about once a second while candidates run
    virtual void note(const std::string& sentence) = 0;  // something to tell, above the live lines
};

}  // namespace senetc::tune
