// Measures a candidate for a stage: checks what it computes, then times it against the incumbent. What it does is in
// the job that senetc has linked with it, besides both kernels; it takes no arguments and prints one line of JSON.
#include "runtime/core/cpu.h"
#include "runtime/core/cpu_limit.h"
#include "runtime/core/pool.h"
#include "runtime/harness/check.h"
#include "runtime/harness/report.h"
#include "runtime/harness/timing.h"

// Names that the linker is told; weak functions would be called at 0 where it isn't.
extern "C" {
int senetc_candidate(void** args);
int senetc_incumbent(void** args);
extern const uint8_t senetc_job[];
}

namespace senet {
namespace {

constexpr uint32_t kCheckedImages = 3;

void check_machine(const senetc_job_header_t& job) {
    const CpuRegisters cpu = read_cpu();
    if ((job.cpu_features & ~cpu_features(cpu)) != 0) {
        char missing[200];
        list_missing(cpu, job.cpu_features, missing, sizeof missing);
        report_failure("failed", "this machine's CPU has no %s", missing);
    }
    const uint32_t cpus = usable_cpus();
    if (job.threads > cpus || (job.threads > 1 && ensure_workers(job.threads - 1) + 1 < job.threads))
        report_failure("failed", "%u threads are asked for and this machine has %u CPUs", job.threads, cpus);
}

// For as many images as a check wants; for one, and for those of a timed call, where memory is short.
void allocate(const Job& job, Arena& together, Arena& alone) {
    const uint32_t images = job.header().images;
    for (const uint32_t wanted : {images > kCheckedImages ? images : kCheckedImages, images})
        if (together.allocate(job, wanted) && alone.allocate_outputs(job, together)) return;
    report_failure("failed", "this machine has no memory for the stage's maps and weights");
}

void bind(const Job& job, const senetc_job_kernel_t& kernel, senet_kernel_v1_t entry, uint32_t threads, Call& call) {
    if (!call.bind(job, kernel, entry, threads))
        report_failure("crash", "there is no memory for %llu bytes of scratch on %u threads",
                       static_cast<unsigned long long>(kernel.scratch_bytes), threads);
}

[[noreturn]] void measure(const Job& job) {
    const senetc_job_header_t& header = job.header();
    if (header.magic != SENETC_JOB_MAGIC) report_failure("failed", "the program has no job");
    report_unexpected_ends(header.limit_seconds);
    now_runs("the program");
    check_machine(header);
    static Arena together, alone;
    allocate(job, together, alone);
    static Call candidate, incumbent, backwards;
    bind(job, header.candidate, senetc_candidate, header.threads, candidate);
    bind(job, header.candidate, senetc_candidate, 1, backwards);
    bind(job, header.incumbent, senetc_incumbent, header.threads, incumbent);
    backwards.run_backwards();
    const double error = check_candidate(candidate, backwards, together, alone);
    MeasurementReport report = time_calls(candidate, incumbent, together, header);
    report.error = error;
    report_measurement(report);
}

}  // namespace
}  // namespace senet

int main() {
    senet::measure(senet::Job(senetc_job));
}
