#include "tests/measure/bench.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "schedules/schedules.h"

namespace fs = std::filesystem;

namespace senetc::test {

namespace {

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// With the build's own kernel cache, so that real kernels are compiled once.
fs::path cache_folder() {
    return KernelCache::default_folder();
}

}  // namespace

tune::MachineOptions quick() {
    tune::MachineOptions options;
    options.seconds = 0.05;
    options.run_seconds = 20;
    return options;
}

Bench::Bench() : cache_(cache_folder(), KernelCache::kDefaultLimit) {}

Stage Bench::copying() {
    return parse_stage(
        "scale_add ch=16 h=5 w=7 in_halo=0 gate=0 residual=0 res_halo=0 out_halo=1 act=none sums=0 store=1");
}

tune::Candidate Bench::faulty(Fault fault, int64_t scratch_bytes) const {
    tune::Candidate candidate = by_hand(copying());
    candidate.schedule.params["fault"] = static_cast<int>(fault);
    const KernelSpec spec{candidate.stage, candidate.schedule, {candidate.variant}};
    const fs::path object = folder() / fmt::format("{}.o", spec.symbol());
    const std::string command = fmt::format(
        "{} -O2 -I{}/runtime/include -DFAULT={} -DKERNEL={}_argv -c {}/tests/measure/faulty_kernel.c -o {}",
        SENETC_C_COMPILER, SENETC_SOURCE, static_cast<int>(fault), spec.symbol(), SENETC_SOURCE, object.string());
    if (std::system(command.c_str()) != 0) throw std::runtime_error("cannot compile: " + command);
    cache_.store(spec, {read_file(object), scratch_bytes, ""});
    return candidate;
}

tune::Measurement Bench::measure(const tune::Candidate& candidate, const tune::MachineOptions& options) const {
    return measure(std::vector{candidate}, options).front();
}

std::vector<tune::Measurement> Bench::measure(const std::vector<tune::Candidate>& candidates,
                                              const tune::MachineOptions& options) const {
    tune::MachineEvaluator evaluator(target_of(find_variant(candidates.front().variant)), cache_, options);
    std::vector<tune::Measurement> measurements(candidates.size());
    size_t next = 0, done = 0;
    while (done < candidates.size()) {
        for (; next < candidates.size() && next - done < static_cast<size_t>(evaluator.capacity()); ++next)
            evaluator.start(static_cast<int>(next), candidates[next]);
        if (const auto ended = evaluator.wait(60)) {
            measurements.at(static_cast<size_t>(ended->first)) = ended->second;
            ++done;
        }
    }
    return measurements;
}

std::string variant() {
    return native_target()->variants.back().name;
}

tune::Candidate by_hand(const Stage& stage, const std::string& variant) {
    return {stage, variant, choose_schedule(stage, variant)};
}

std::string script(const fs::path& path, const std::string& lines) {
    std::ofstream(path) << "#!/bin/sh\n" << lines << '\n';
    fs::permissions(path, fs::perms::owner_all);
    return path;
}

}  // namespace senetc::test
