// The loop of a tuning run: asks the strategy, has candidates measured, writes the journal, tells the observer.
//
// What a strategy is told, and when, must not depend on which of several runners was faster: results are told in the
// order of proposals, and the next candidate is proposed when no more than a fixed number (the header's window) are
// unknown. So a journal with the same seed and measurements gives the same candidates, in a resumed run, too.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "generators/tune/cost_model.h"
#include "generators/tune/evaluator.h"
#include "generators/tune/journal.h"
#include "generators/tune/observer.h"
#include "generators/tune/strategy.h"

namespace senetc::tune {

// What a run lives among; tests have their own.
struct TunerWorld {
    Evaluator& evaluator;
    Observer& observer;
    std::function<double()> seconds;    // a clock that never goes back, from any moment
    std::function<bool()> interrupted;  // whether the user wants it to end
    CostModel* cost_model = nullptr;    // that learns on the way, if one does
};

enum class TunerEnd { finished, interrupted };

class Tuner {
  public:
    // The journal's records are of earlier sessions, `events` too, in order.
    Tuner(const JournalHeader& header, Strategy& strategy, Journal& journal, std::vector<JournalEvent> events,
          TunerWorld world);

    // Throws Error: the journal can't be written, belongs to another search, or its runners measure nothing.
    TunerEnd run();

    // What stands in the middle of a table or a sentence.
    const Progress& progress() const { return progress_; }

  private:
    struct Waiting {
        int n;
        Proposal proposal;
    };
    bool propose_one();
    void start_some();
    void tell_first();
    bool wait_for_first();
    void take(int n, const Measurement& measurement);
    void apply_events();
    void learn_from(const Proposal& proposal, const Measurement& measurement);
    Candidate candidate_of(const Proposal& proposal) const;
    void note_progress(const JournalRecord& record, size_t stage);
    double elapsed() const;

    const JournalHeader& header_;
    Strategy& strategy_;
    Journal& journal_;
    TunerWorld world_;
    double began_ = 0, before_ = 0;  // seconds: by the clock; of earlier sessions
    int next_ = 0;                   // number of the next proposal
    std::vector<JournalEvent> events_;
    size_t next_event_ = 0;
    std::deque<Waiting> waiting_;         // proposed, not told
    std::deque<Waiting> to_start_;        // of those: not begun
    std::map<int, Proposal> under_way_;   // of those: being measured
    std::map<int, JournalRecord> known_;  // measured, not told
    std::set<int> new_;                   // of those: measured in this session
    std::vector<CostModelSample> samples_;
    size_t learnt_from_ = 0;       // samples, when the cost model was trained last
    int weights_ = 0, times_ = 0;  // the cost model's; how often it was trained
    int lost_in_a_row_ = 0;
    Progress progress_;
};

}  // namespace senetc::tune
