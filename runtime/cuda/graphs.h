// The launches of a kind of images and a batch, recorded once and replayed by each run.
#pragma once

#include "runtime/cuda/gpu_session.h"

namespace senet::cuda {

// Records the network, from `batch` images of this kind in the session's own memory on, if that hasn't been done; binds
// that input.
senet_status record_graph(senet_session* session, Input input, uint32_t batch);

}  // namespace senet::cuda
