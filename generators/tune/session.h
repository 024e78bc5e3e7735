// One session of a tuning run, from the journal's opening to the written table.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "generators/tune/result_table.h"
#include "generators/tune/tuner.h"

namespace senetc::tune {

struct SessionRequest {
    JournalHeader asked;            // without seeds
    std::vector<StageTask> stages;  // as asked.stages
    std::filesystem::path journal;
    std::vector<std::filesystem::path> seed_from;  // journals; taken when the run begins
    std::string output;                            // the table's path
};

struct SessionReport {
    TunerEnd end = TunerEnd::finished;
    Progress progress;
    std::vector<Decision> decisions;  // by stage
    ScheduleTable table;              // as it was written
};

// Stages as a journal's header has them.
std::vector<JournalStage> journal_stages(const std::vector<StageTask>& stages, const AlgorithmHash& hash);

class Session {
  public:
    // Begins or resumes the journal; says on the observer what it found. Throws Error: the journal is another run's, is
    // damaged, or can't be written; the table in `output` is for another machine.
    Session(SessionRequest request, Observer& observer);
    const JournalHeader& header() const { return header_; }  // the journal's: with its seeds, window and peaks

    SessionReport run(TunerWorld world, const AlgorithmHash& hash);

  private:
    void begin();
    void resume(Observer& observer);
    void copy_weights(const ScheduleTable& table) const;

    SessionRequest request_;
    std::vector<JournalContents> others_;  // to take seeds from
    Journal journal_;
    JournalHeader header_;
    bool limits_changed_ = false;
};

}  // namespace senetc::tune
