#include <algorithm>

#include "generators/tune/report/record.h"

namespace senetc::tune::report {
namespace {

Trial make_trial(const JournalRecord& record, bool cold) {
    const Measurement& m = record.measurement;
    Trial trial{record.schedule, m, record.origin == "final", record.at, 0};
    const double us = m.candidate.of(cold), hand_us = m.incumbent.of(cold);
    if (m.outcome == Outcome::ok && us > 0 && hand_us > 0) trial.ratio = us / hand_us;
    return trial;
}

}  // namespace

Record make_record(const JournalContents& journal) {
    const JournalHeader& header = journal.header;
    Record record;
    record.network = header.network;
    record.target = header.target;
    record.cpu = header.cpu;
    record.machine = header.machine;
    record.threads = header.threads;
    record.images = header.batch;
    record.cold = header.cold;
    record.peaks = header.peaks;
    if (!header.variants.empty()) record.peaks_of = header.variants.front();
    for (const JournalStage& stage : header.stages)
        record.stages.push_back({stage.stage, stage.variant, stage.first_use, stage.uses, stage.hand, 0, {}});
    for (const JournalRecord& line : journal.records) {
        StageRecord& stage = record.stages.at(size_t(line.stage));
        const double hand_us = line.measurement.incumbent.of(header.cold);
        if (hand_us > 0 && (stage.hand_us == 0 || hand_us < stage.hand_us)) stage.hand_us = hand_us;
        stage.trials.push_back(make_trial(line, header.cold));
        record.elapsed = std::max(record.elapsed, line.at);
    }
    return record;
}

}  // namespace senetc::tune::report
