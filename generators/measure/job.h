// The job of a measuring program: what it checks and times (runtime/harness/job.h).
#pragma once

#include <cstdint>
#include <string>

#include "generators/oracle/evaluate.h"

namespace senetc::measure {

struct JobKernel {
    Schedule schedule;
    int64_t scratch_bytes = 0;
};

struct JobOptions {
    uint64_t cpu_features = 0;  // SENET_CPU_*
    int threads = 1, images = 1;
    bool cold = true;
    uint64_t network_bytes = 0;  // of all parameters that a run of the network reads; 0: more than any cache holds
    int limit_seconds = 60;
    double seconds = 0.4, give_up = 1.5;
};

// The arguments of every job of a stage, whatever its schedule is.
oracle::Arguments job_arguments(const Stage& stage, const Schedule& schedule);

// `result`: what the stage makes of them (oracle::evaluate_result).
std::string make_job(const Stage& stage, const JobKernel& candidate, const JobKernel& incumbent,
                     oracle::Expected result, const JobOptions& options);

}  // namespace senetc::measure
