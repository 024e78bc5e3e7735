// The toy model's kernels, in the argv form that the runtime calls.
#pragma once

namespace toy {

int ingest_f32(void** args);
int ingest_u8(void** args);
int conv(void** args);
int box(void** args);
int box_greedy(void** args);  // allocates more than was planned
int box_failing(void** args);
int squeeze(void** args);
int dense(void** args);

}  // namespace toy
