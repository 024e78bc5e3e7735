#include "runtime/core/session_layout.h"

#include "runtime/core/session.h"
#include "runtime/core/status.h"
#include "runtime/cuda/gpu_session.h"

namespace senet {
namespace {

// Hands out consecutive ranges and remembers whether any sum or product overflowed.
class Ranges {
  public:
    size_t take(uint64_t count, uint64_t bytes) {
        uint64_t size = 0, end = 0;
        overflow_ |= __builtin_mul_overflow(count, bytes, &size);
        overflow_ |= __builtin_add_overflow(size, uint64_t{SENET_ARENA_ALIGNMENT - 1}, &size);
        size &= ~uint64_t{SENET_ARENA_ALIGNMENT - 1};
        overflow_ |= __builtin_add_overflow(end_, size, &end);
        const uint64_t begin = end_;
        end_ = end;
        return static_cast<size_t>(begin);
    }
    uint64_t end() const { return end_; }
    bool overflow() const { return overflow_ || end_ > PTRDIFF_MAX; }

  private:
    uint64_t end_ = 0;
    bool overflow_ = false;
};

uint64_t count_args(const senet_variant_v1_t& variant) {
    uint64_t count = 0;
    for (const senet_step_v1_t& step : variant.ingest) count += step.num_args + 1;
    for (uint32_t i = 0; i < variant.num_steps; ++i) count += variant.steps[i].num_args + 1;
    return count;
}

void lay_out_gpu(const senet_model_v1_t& tables, const ResolvedOptions& options, Ranges* ranges, Ranges* device,
                 SessionLayout* layout) {
    layout->gpu = ranges->take(1, sizeof(cuda::Session));
    layout->graphs = ranges->take(2 * size_t{options.max_batch}, sizeof(cuda::GraphExec));
    layout->device_images =
        device->take(options.max_batch, uint64_t{tables.channels} * tables.height * tables.width * sizeof(float));
    layout->device_normalisation = device->take(uint64_t{tables.channels} * 4, sizeof(float));
    layout->device_total = device->end();
}

}  // namespace

senet_status lay_out(const senet_model& model, const ResolvedOptions& options, SessionLayout* layout) {
    const senet_variant_v1_t& variant = *model.variant;
    Ranges ranges, slot, device;
    ranges.take(1, sizeof(senet_session));
    layout->buffers = ranges.take(variant.num_buffers, sizeof(senet_kernel_buffer_v1_t));
    layout->dims = ranges.take(variant.num_buffers, SENET_MAX_DIMS * sizeof(senet_dim_v1_t));
    layout->args = ranges.take(count_args(variant), sizeof(void*));
    layout->first_arg = ranges.take(uint64_t{variant.num_steps} + 2, sizeof(uint32_t));
    layout->scratch_states = ranges.take(options.threads, sizeof(Scratch));
    layout->normalisation = ranges.take(uint64_t{model.tables->channels} * 4, sizeof(float));
    layout->arena = (model.gpu ? device : ranges).take(options.max_batch, variant.arena_bytes);
    if (model.gpu) lay_out_gpu(*model.tables, options, &ranges, &device, layout);
    slot.take(1, variant.scratch_bytes);
    slot.take(1, variant.scratch_bytes ? kScratchSlack : 0);
    layout->scratch_slot = slot.end();
    layout->scratch = ranges.take(options.threads, slot.end());
    layout->total = ranges.end();
    if (ranges.overflow() || slot.overflow() || device.overflow())
        return fail(SENET_OUT_OF_MEMORY,
                    "%s with max_batch %u and %u threads needs more memory than there are addresses",
                    model.tables->name, options.max_batch, options.threads);
    return SENET_OK;
}

}  // namespace senet
