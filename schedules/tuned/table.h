// Tuned schedules as text: for each stage and variant the schedule that was measured fastest on one CPU.
//
//     senetc-schedules 1
//     target x86-64
//     cpu sapphirerapids
//     machine Intel(R) Xeon(R) Processor @ 2.70GHz
//     threads 1
//
//     # variant | hash of the algorithm | stage | schedule | its time | the hand schedule's
//     avx512 | 1f2e3d4c5b6a7988 | conv act=relu ... | direct axis=2 ... | 541.250 | 573.100
//
// Empty lines and what follows a # are left out. A table is for one CPU; `machine` says for people where it was made.
// Times are microseconds of one image, both measured in one run.
#pragma once

#include <string>
#include <vector>

#include "generators/compiler/stage.h"

namespace senetc {

struct TableEntry {
    std::string variant;         // of generators/compiler/targets.h
    std::string algorithm_hash;  // of the algorithm that was measured (generators/compiler/algorithm_hash.h)
    Stage stage;
    Schedule schedule;
    double us = 0, hand_us = 0;
    int line = 0;  // of the table's file; 0: made here
};

struct ScheduleTable {
    std::string target;  // of generators/compiler/targets.h
    std::string cpu;     // LLVM's name
    std::string machine;
    int threads = 1;
    std::vector<TableEntry> entries;
    std::string file;  // that it was read from, for messages
};

std::string print(const ScheduleTable& table);

// Throws Error that names `file`, the line, and what to do. A stage that a variant has twice with different schedules
// is a conflict; the same line twice is taken once.
ScheduleTable parse_table(const std::string& text, const std::string& file);

// A file and parse_table. Throws Error.
ScheduleTable read_table(const std::string& path);

// Aside, then renamed: readers see the old table or the new one. Throws Error.
void write_table(const std::string& path, const ScheduleTable& table);

}  // namespace senetc
