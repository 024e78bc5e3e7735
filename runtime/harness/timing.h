// Two kernels timed against each other.
#pragma once

#include "runtime/harness/call.h"
#include "runtime/harness/report.h"

namespace senet {

// Candidate and incumbent take turns, so that a slow moment of the machine hits both; the least time of a call counts.
// Warm first: calls follow each other. Then cold (cold.h). A candidate that is clearly slower gets a few turns only.
MeasurementReport time_calls(Call& candidate, Call& incumbent, const Arena& arena, const senetc_job_header_t& job);

}  // namespace senet
