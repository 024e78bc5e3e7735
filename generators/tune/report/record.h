// What a report is made of: a tuning run, stage by stage.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generators/tune/journal.h"
#include "generators/tune/measurement.h"
#include "generators/tune/peaks.h"

namespace senetc::tune::report {

// One candidate as it was measured.
struct Trial {
    Schedule schedule;
    Measurement measurement;
    bool is_final = false;  // measured again, longer, because it was among the best
    double at = 0;          // seconds of tuning when it was done
    double ratio = 0;       // its time by the hand schedule's in the same run; 0 unless it came out right
};

// A distinct stage of a variant. Times are microseconds of one call: a trial's ratio times the least time of the hand
// schedule that any trial saw, because ratios are taken within one run and compare between runs, which times don't.
struct StageRecord {
    Stage stage;
    std::string variant, first_use;  // the first step of the network that uses it
    int uses = 0;
    Schedule hand;
    double hand_us = 0;  // 0: never measured
    std::vector<Trial> trials;

    const Trial* best() const;                // but for hand, of those timed to the end; nullptr: none
    const Trial* best_autoscheduled() const;  // of autoschedulers' alone
    // What a table would say: the winner of the finals, as its slower final was; before there were finals, the best so
    // far. nullptr: hand's, since nothing is better.
    const Trial* chosen() const;
    double us(const Trial* trial) const { return trial ? trial->ratio * hand_us : 0; }
    double tuned_us() const { return chosen() ? us(chosen()) : hand_us; }
    std::map<Outcome, int> failures() const;
};

struct Record {
    std::string network, target, cpu, machine;
    int threads = 1, images = 1;      // of every timed call
    bool cold = false;                // parameters come from memory in the times that count
    Peaks peaks;                      // of one thread
    std::string peaks_of;             // the variant whose registers the FMA peak is of
    double elapsed = 0;               // seconds of tuning
    std::vector<StageRecord> stages;  // those that take the most of the network's time first

    std::vector<std::string> variants() const;
    double fma_peak() const { return peaks.fma_gflops * threads; }
};

Record make_record(const JournalContents& journal);

// Of all stages of a variant that were measured, as often as the network uses them.
struct Estimate {
    double hand_us = 0, tuned_us = 0;
    int stages = 0, measured = 0;
};
Estimate estimate(const Record& record, const std::string& variant);

// The estimate of the search's best as it fell, from all stages by hand: a point for each trial that improved it, and
// one at the run's end.
struct Point {
    double at, us;
};
std::vector<Point> progress(const Record& record, const std::string& variant);

// "3 refused, 1 wrong"; "" without any.
std::string failures_text(const std::map<Outcome, int>& failures);

// "conv 3x3, 64 to 128 channels, 56x56"
std::string describe(const Stage& stage);

}  // namespace senetc::tune::report
