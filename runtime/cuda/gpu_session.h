// A session's part on its device: memory, stream, the recorded graphs, and what its kernels' launches go to now.
#pragma once

#include "runtime/core/session.h"
#include "runtime/core/session_layout.h"
#include "runtime/cuda/gpu_model.h"

namespace senet::cuda {

// What kernels' entries do when they are called.
enum class Mode {
    rehearse,  // load modules, measure scratch, launch nothing
    launch,    // launch into Session::target
};

struct Session {
    Model* model = nullptr;
    Stream stream = nullptr;       // the session's own
    Stream user_stream = nullptr;  // nullptr: none was given
    Event begin = nullptr, end = nullptr;

    Address memory = 0;  // arena, images, normalisation
    Address images = 0;  // of the largest batch, float
    Address scratch = 0;
    float* logits = nullptr;      // page-locked: the arena's logits, of the largest batch
    GraphExec* graphs = nullptr;  // [max_batch][2]: of batch - 1 and Input, or nullptr

    Mode mode = Mode::rehearse;
    Stream target = nullptr;
    const senet_step_v1_t* step = nullptr;  // whose entry is being called
    senet_status failed = SENET_OK;         // of a callback in this entry; its sentence is the thread's
    size_t scratch_used = 0, scratch_limit = 0;

    const Device& device() const { return model->device; }
    const Driver& driver() const { return model->device.driver; }
    GraphExec* graph(Input input, uint32_t batch) const {
        return graphs + 2 * size_t{batch - 1} + static_cast<size_t>(input);
    }
    Stream run_stream() const { return user_stream ? user_stream : stream; }
};

// `session` has its block, model and context; fills the rest, on the device too. To be closed even when it fails.
senet_status open_session(const ResolvedOptions& options, const SessionLayout& layout, senet_session* session);
void close_session(senet_session* session);

}  // namespace senet::cuda
