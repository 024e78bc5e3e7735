#include "runtime/core/session_options.h"

#include <cmath>

#include "runtime/core/cpu_limit.h"
#include "runtime/core/status.h"

namespace senet {
namespace {

constexpr uint32_t kMostThreads = 4096;
constexpr senet_session_options kDefaults{};

// Kernels count elements with 32 bits: the largest batch whose views they can address.
uint32_t largest_batch(const senet_variant_v1_t& variant) {
    uint32_t largest = INT32_MAX;
    for (uint32_t i = 0; i < variant.num_buffers; ++i) {
        const senet_buffer_v1_t& buffer = variant.buffers[i];
        const int32_t stride = buffer.batched ? buffer.dim[buffer.dimensions - 1].stride : 0;
        if (stride > 0 && static_cast<uint32_t>(INT32_MAX / stride) < largest) largest = INT32_MAX / stride;
    }
    return largest;
}

senet_status check_normalisation(const senet_model_v1_t& model, const ResolvedOptions& options) {
    for (uint32_t c = 0; c < model.channels; ++c) {
        if (!std::isfinite(options.mean[c])) return fail(SENET_INVALID_ARGUMENT, "mean of channel %u is not finite", c);
        if (!std::isfinite(options.deviation[c]) || options.deviation[c] == 0.0f)
            return fail(SENET_INVALID_ARGUMENT, "deviation of channel %u is %g: it must be finite and not zero", c,
                        static_cast<double>(options.deviation[c]));
    }
    return SENET_OK;
}

senet_status resolve_normalisation(const senet_model_v1_t& model, const senet_session_options& options,
                                   ResolvedOptions* resolved) {
    if ((options.mean == nullptr) != (options.deviation == nullptr))
        return fail(SENET_INVALID_ARGUMENT,
                    "mean and deviation go together: give both, or neither for the model's own");
    constexpr uint32_t kOwnChannels = sizeof(model.preprocess.mean) / sizeof(float);
    if (options.mean == nullptr && model.channels > kOwnChannels)
        return fail(SENET_INVALID_ARGUMENT, "%s has %u input channels: give mean and deviation", model.name,
                    model.channels);
    resolved->mean = options.mean ? options.mean : model.preprocess.mean;
    resolved->deviation = options.mean ? options.deviation : model.preprocess.deviation;
    return check_normalisation(model, *resolved);
}

}  // namespace

senet_status resolve_options(const senet_model& model, const senet_session_options* given, ResolvedOptions* resolved) {
    const senet_session_options& options = given ? *given : kDefaults;
    if (options.threads > kMostThreads)
        return fail(SENET_INVALID_ARGUMENT, "threads is %u: at most %u, or 0 for all CPUs", options.threads,
                    kMostThreads);
    if (options.cuda_stream != nullptr && model.gpu == nullptr)
        return fail(SENET_INVALID_ARGUMENT, "cuda_stream is given, and %s runs on the CPU here", model.tables->name);
    const uint32_t most = largest_batch(*model.variant);
    if (options.max_batch > most)
        return fail(SENET_INVALID_ARGUMENT, "max_batch is %u: %s takes at most %u images at once", options.max_batch,
                    model.tables->name, most);
    const uint32_t cpus = usable_cpus();
    resolved->max_batch = options.max_batch ? options.max_batch : 1;
    resolved->threads = options.threads && options.threads < cpus ? options.threads : cpus;
    if (model.gpu != nullptr) resolved->threads = 1;
    resolved->arena = options.arena;
    resolved->arena_bytes = options.arena_bytes;
    resolved->cuda_stream = options.cuda_stream;
    return resolve_normalisation(*model.tables, options, resolved);
}

}  // namespace senet
