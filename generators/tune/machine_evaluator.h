// Measures candidates on real machines: each is compiled in a child process, linked with the measuring program
// (runtime/harness), and run here or by users' commands.
//
// Compiling goes ahead while runners measure; but what is measured here shares no core with a compiler. Whatever
// happens to a candidate becomes its Measurement's outcome; an Error thrown says that no candidate can be measured (no
// disk, no memory for a process, no measuring program for the target).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "generators/compiler/kernel_cache.h"
#include "generators/compiler/targets.h"
#include "generators/tune/evaluator.h"

namespace senetc::tune {

struct MachineOptions {
    std::vector<std::string> runners;  // shell commands; the program's path becomes the last word. None: one, here
    int threads = 1, images = 1;       // of every timed call
    double seconds = 0.4;              // that a program times, by a candidate's effort
    double give_up = 1.5;              // times the incumbent: beyond that a candidate gets a few calls only
    bool cold = true;
    uint64_t network_bytes = 0;  // of all parameters that a run of the network reads: where cold calls find theirs
    int compile_jobs = 0;        // children at once; 0: one a core
    int compile_seconds = 120, run_seconds = 60;  // limits
    int command_seconds = 900;                    // of a user's command: waiting in a queue counts
    int64_t memory_bytes = int64_t{6} << 30;      // limit of a child and of a program that runs here
    std::filesystem::path weights_folder;         // of cost models that autoschedulers use
    std::filesystem::path keep;                   // where programs are left; "": nowhere
};

class MachineEvaluator : public Evaluator {
  public:
    // Throws Error when this senetc has no measuring program for the target.
    MachineEvaluator(const TargetInfo& target, KernelCache cache, MachineOptions options);
    ~MachineEvaluator() override;  // ends what is under way

    int capacity() const override;
    void start(int id, const Candidate& candidate) override;
    std::optional<std::pair<int, Measurement>> wait(double seconds) override;

  private:
    class Work;
    std::unique_ptr<Work> work_;
};

}  // namespace senetc::tune
