// What an observer may read: a step's output, out of the kernels' blocked layouts into the usual ones.
#include "runtime/core/session_observe.h"

#include <cstdlib>

#include "runtime/core/status.h"
#include "runtime/cuda/gpu_run.h"

namespace senet {
namespace {

// The output's element of logical channel c at (x, y): a channel lies in block c / dim[0].extent.
class Output {
  public:
    Output(const senet_kernel_buffer_v1_t& view, const senet_step_v1_t& step)
        : view_(view),
          values_(reinterpret_cast<const float*>(view_.host)),
          channels_(step.channels),
          width_(step.width) {}

    // (c, x, y, block, image), or planar (x, y, channel, image); a map without a halo may be one long row
    float map(uint32_t n, uint32_t c, int64_t y, int64_t x) const {
        const senet_dim_v1_t& rows = view_.dim[view_.dimensions == 4 ? 1 : 2];
        if (rows.extent == 1 && y > 0) {
            x += y * width_;
            y = 0;
        }
        if (view_.dimensions == 4) return values_[at(0, x) + at(1, y) + at(2, c) + at(3, n)];
        return values_[at(0, c % lanes()) + at(1, x) + at(2, y) + at(3, c / lanes()) + at(4, n)];
    }

    // Dense (c, image); (c, block, image); (c, block, tap, image), where one tap's channels follow another's; or a map
    // of one pixel
    float vector(uint32_t n, uint32_t c) const {
        if (view_.dimensions == 2) return values_[at(0, c) + at(1, n)];
        if (view_.dimensions == 5) return map(n, c, 0, 0);
        if (view_.dimensions == 3) return values_[at(0, c % lanes()) + at(1, c / lanes()) + at(2, n)];
        const uint32_t taps = static_cast<uint32_t>(view_.dim[2].extent);
        const uint32_t per_tap = (channels_ + taps - 1) / taps, of_tap = c % per_tap;
        return values_[at(0, of_tap % lanes()) + at(1, of_tap / lanes()) + at(2, c / per_tap) + at(3, n)];
    }

    bool is_known(bool is_map) const {
        const bool known = view_.dimensions >= (is_map ? 4 : 2) && view_.dimensions <= 5;
        return known && view_.type_code == 2 && view_.type_bits == 32;
    }

  private:
    uint32_t lanes() const { return static_cast<uint32_t>(view_.dim[0].extent); }
    int64_t at(int dimension, int64_t coordinate) const {
        const senet_dim_v1_t& dim = view_.dim[dimension];
        return (coordinate - dim.min) * dim.stride;
    }

    const senet_kernel_buffer_v1_t& view_;
    const float* const values_;
    const uint32_t channels_;
    const int64_t width_;
};

void read_maps(const Output& output, const senet_step_v1_t& step, uint32_t batch, float* values) {
    for (uint32_t n = 0; n < batch; ++n)
        for (uint32_t c = 0; c < step.channels; ++c)
            for (uint32_t y = 0; y < step.height; ++y)
                for (uint32_t x = 0; x < step.width; ++x) *values++ = output.map(n, c, y, x);
}

void read_vectors(const Output& output, const senet_step_v1_t& step, uint32_t batch, float* values) {
    for (uint32_t n = 0; n < batch; ++n)
        for (uint32_t c = 0; c < step.channels; ++c) *values++ = output.vector(n, c);
}

void read_values(const Output& output, const senet_step_v1_t& step, uint32_t batch, float* values) {
    if (step.height > 0)
        read_maps(output, step, batch, values);
    else
        read_vectors(output, step, batch, values);
}

// From the element at all `min` to the last.
size_t bytes_of(const senet_kernel_buffer_v1_t& view) {
    size_t last = 0;
    for (int32_t d = 0; d < view.dimensions; ++d)
        last += static_cast<size_t>(view.dim[d].extent - 1) * static_cast<size_t>(view.dim[d].stride);
    return (last + 1) * sizeof(float);
}

// By way of a copy of the whole output in host memory.
senet_status read_from_device(senet_session* session, senet_kernel_buffer_v1_t view, float* values) {
    const size_t bytes = bytes_of(view);
    view.host = static_cast<uint8_t*>(malloc(bytes));
    if (view.host == nullptr)
        return fail(SENET_OUT_OF_MEMORY, "no memory for the %zu bytes of %s", bytes, session->observed->name);
    const senet_status status = cuda::read_buffer(session, view, view.host, bytes);
    if (status == SENET_OK)
        read_values(Output(view, *session->observed), *session->observed, session->observed_batch, values);
    free(view.host);
    return status;
}

}  // namespace

void tell_observer(senet_session* session, const senet_step_v1_t& step, uint32_t index, uint32_t batch,
                   double seconds) {
    const senet_step_event event{&step, index, batch, seconds};
    session->observed = &step;
    session->observed_batch = batch;
    session->observer(session->observer_user, session, &event);
    session->observed = nullptr;
}

}  // namespace senet

extern "C" senet_status senet_session_observe(senet_session* session, senet_observer observer, void* user) {
    if (session == nullptr) return senet::fail(SENET_INVALID_ARGUMENT, "session is NULL");
    session->observer = observer;
    session->observer_user = user;
    return SENET_OK;
}

extern "C" senet_status senet_session_read_output(senet_session* session, float* values) {
    if (session == nullptr || values == nullptr)
        return senet::fail(SENET_INVALID_ARGUMENT, "%s is NULL", session ? "values" : "session");
    if (session->observed == nullptr)
        return senet::fail(SENET_INVALID_ARGUMENT,
                           "a step's output can be read only from inside the session's observer");
    const senet_step_v1_t& step = *session->observed;
    const senet_kernel_buffer_v1_t& view = session->buffers[session->variant->args[step.first_arg + step.num_args - 1]];
    const senet::Output output(view, step);
    if (!output.is_known(step.height > 0))
        return senet::fail(SENET_INVALID_ARGUMENT, "the output of %s is in a layout that can't be read out", step.name);
    if (session->gpu != nullptr) return senet::read_from_device(session, view, values);
    senet::read_values(output, step, session->observed_batch, values);
    return SENET_OK;
}
