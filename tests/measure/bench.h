// Candidates measured in tests: real kernels, and faulty ones that are put into the cache in a real one's place.
#pragma once

#include <string>
#include <vector>

#include "generators/compiler/temporary_folder.h"
#include "generators/tune/machine_evaluator.h"

namespace senetc::test {

enum class Fault { none, crash, hang, scratch, idle, past_end, halo, count, slow, status };

// What tests can do without: seconds.
tune::MachineOptions quick();

class Bench {
  public:
    Bench();

    // A stage that copies a map of 16 channels with a halo around the output, and a candidate for it that does so
    // with a fault. `scratch_bytes`: what it says that it needs.
    static Stage copying();
    tune::Candidate faulty(Fault fault, int64_t scratch_bytes = 0) const;

    tune::Measurement measure(const tune::Candidate& candidate, const tune::MachineOptions& options = quick()) const;
    // In the order of the candidates.
    std::vector<tune::Measurement> measure(const std::vector<tune::Candidate>& candidates,
                                           const tune::MachineOptions& options) const;

    const KernelCache& cache() const { return cache_; }
    std::filesystem::path folder() const { return folder_.path(); }

  private:
    TemporaryFolder folder_;
    KernelCache cache_;
};

// Of this machine's target, one that this CPU runs.
std::string variant();

tune::Candidate by_hand(const Stage& stage, const std::string& variant = test::variant());

// An executable shell script.
std::string script(const std::filesystem::path& path, const std::string& lines);

}  // namespace senetc::test
