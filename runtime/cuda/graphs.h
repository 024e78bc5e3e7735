// A batch's launches, recorded once and replayed by each run.
#pragma once

#include "runtime/cuda/gpu_session.h"

namespace senet::cuda {

// Records the steps after the ingest for `batch` images, if that hasn't been done; binds that batch.
senet_status record_graph(senet_session* session, uint32_t batch);

}  // namespace senet::cuda
