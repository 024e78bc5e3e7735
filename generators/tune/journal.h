// What a tuning run has found, as lines of JSON in a file: everything that resuming, seeding another run and reporting
// need. Lines are only ever added, each by one write that is synced to the disk before the run goes on.
//
//     {"senetc_journal":1,"network":"se_resnet50, 1000 classes, 224x224",...,"stages":[{...},...]}
//     {"n":0,"stage":0,"schedule":"winograd ...","origin":"hand",...,"at":3.2}
//     {"event":"limits","after":412,"seconds":7200,"trials":0}
//
// One process at a time writes a journal: the file is locked. A last line without its end is what a killed run was
// writing: it is dropped. Every other damage is an error.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "generators/tune/measurement.h"
#include "generators/tune/peaks.h"

namespace senetc::tune {

// When a run ends: after so many seconds of tuning, so many trials of the search, or the first of both. 0: no limit.
struct Limits {
    double seconds = 0;
    int trials = 0;
    bool operator==(const Limits&) const = default;
};

// A distinct stage of a variant.
struct JournalStage {
    Stage stage;
    std::string variant, first_use;  // the first step of the network that uses it
    int uses = 0;
    Schedule hand;
    std::string algorithm_hash;   // of hand's algorithm (generators/compiler/algorithm_hash.h)
    std::vector<Schedule> seeds;  // that other journals proposed
    bool operator==(const JournalStage&) const = default;
};

// What was asked for, and of what. Two runs with equal headers and equal measurements propose the same candidates.
struct JournalHeader {
    std::string senetc;                 // its version
    std::string network, network_hash;  // description; hash of its text after all passes
    std::string target, cpu, machine;   // cpu: LLVM's name; machine: /proc/cpuinfo's
    std::vector<std::string> variants;
    int threads = 1, batch = 1;
    bool cold = false;     // parameters come from memory in the times that count
    std::string strategy;  // "search", "exhaustive"
    unsigned seed = 0;
    int window = 1;                 // candidates proposed before the first of them must be known
    std::vector<std::string> only;  // --stages
    std::vector<std::string> autoschedulers;
    Limits limits;
    Peaks peaks;  // of one thread
    std::vector<JournalStage> stages;
    bool operator==(const JournalHeader&) const = default;
};

// A candidate that was measured.
struct JournalRecord {
    int n = 0;      // the place in the order of proposals; measurements may end in another order
    int stage = 0;  // index in JournalHeader::stages
    Schedule schedule;
    int effort = 1;
    std::string origin;  // "hand", "seed", "usual", "random", "neighbour", "exhaustive", "auto", "final"
    Measurement measurement;
    double at = 0;  // seconds of tuning when it was done, of all sessions together
};

// Something that changed the run between two proposals.
struct JournalEvent {
    std::string kind;  // "limits", or "weights": of a cost model that was retrained
    int after = 0;     // proposals before it
    Limits limits;
    int weights = 0;
};

struct JournalContents {
    bool empty = true;  // not even a header
    JournalHeader header;
    std::vector<JournalRecord> records;
    std::vector<JournalEvent> events;
};

std::string line_of(const JournalHeader& header);  // JSON, without the line's end
std::string line_of(const JournalRecord& record);
std::string line_of(const JournalEvent& event);

// Throws Error that names `file`, the line and what to do. `torn`: bytes at the end that are no whole line.
JournalContents parse_journal(std::string_view text, const std::string& file, size_t* torn = nullptr);

// To look at a journal, also while a run writes it. A torn last line is left out. Throws Error.
JournalContents read_journal(const std::filesystem::path& path);

// To go on with one. The file is locked until the object goes.
class Journal {
  public:
    // Creates the file where there is none. Throws Error: it can't be written, is no journal or damaged, or another
    // process, which is named, holds it.
    explicit Journal(const std::filesystem::path& path);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    const std::filesystem::path& path() const { return path_; }
    const JournalContents& contents() const { return contents_; }  // when it was opened
    size_t dropped_bytes() const { return dropped_; }              // of a torn last line

    // Throws Error when the line isn't on the disk; the file then ends with the line before.
    void append(const std::string& line);

  private:
    void lock();

    std::filesystem::path path_;
    int file_ = -1;
    size_t dropped_ = 0;
    JournalContents contents_;
};

// Throws Error that names what differs when a journal was written for another run than `asked`, and says what to do.
// Limits, seeds, peaks and the window may differ: they are the journal's.
void check_same_run(const JournalHeader& written, const JournalHeader& asked, const std::string& file);

}  // namespace senetc::tune
