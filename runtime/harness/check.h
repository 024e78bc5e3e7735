// Whether a candidate computes what it should.
#pragma once

#include "runtime/harness/call.h"

namespace senet {

// Runs the candidate on as many images at once as the arena has: the first must be as the job expects, halos and all,
// and each must be the same bits when it is computed alone, on one thread, tasks backwards, into `alone`. Returns the
// largest error relative to what is allowed; reports a failure that ends the program.
double check_candidate(Call& candidate, Call& alone_call, const Arena& together, const Arena& alone);

// Runs it once; a failure is the kernel's, and ends the program.
void run_checked(Call& call, const char* name);

}  // namespace senet
