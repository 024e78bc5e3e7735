#include "generators/compiler/bench_stages.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>

namespace senetc {
namespace {

using Clock = std::chrono::steady_clock;

// ---- What kernels ask of their session: scratch, and parallel loops, here run one after another

void* allocate(void*, size_t bytes) {
    return std::aligned_alloc(128, (bytes + 127) / 128 * 128);
}
void release(void*, void* pointer) {
    std::free(pointer);
}
int run_tasks(void* context, senet_task_v1_t task, int min, int extent, uint8_t* closure) {
    for (int i = min; i < min + extent; ++i)
        if (int error = task(context, i, closure)) return error;
    return 0;
}

struct FreeDeleter {
    void operator()(void* pointer) const { std::free(pointer); }
};

// A block of floats in (0, 1]: no zeros that a CPU might take for cheaper, no denormals.
class RandomBlock {
  public:
    explicit RandomBlock(size_t bytes) : bytes_(static_cast<uint8_t*>(allocate(nullptr, bytes + 128))) {
        if (!bytes_) throw std::bad_alloc();
        float* values = reinterpret_cast<float*>(bytes_.get());
        uint32_t state = 1;
        for (size_t i = 0; i < bytes / sizeof(float); ++i) {
            state = state * 1664525u + 1013904223u;
            values[i] = float((state >> 8) + 1) / float(1 << 24);
        }
    }
    uint8_t* data() const { return bytes_.get(); }

  private:
    std::unique_ptr<uint8_t, FreeDeleter> bytes_;
};

// One step's arguments, ready to be called again and again.
class Call {
  public:
    Call(const senet_variant_v1_t& variant, const senet_step_v1_t& step, uint8_t* arena, const uint8_t* weights)
        : entry_(step.entry), buffers_(step.num_args), dims_(step.num_args) {
        args_.push_back(&context_pointer_);
        for (uint32_t i = 0; i < step.num_args; ++i) {
            const senet_buffer_v1_t& view = variant.buffers[variant.args[step.first_arg + i]];
            const uint8_t* base = view.storage == SENET_STORAGE_ARENA ? arena : weights;
            std::copy(view.dim, view.dim + SENET_MAX_DIMS, dims_[i].begin());
            buffers_[i] = {};
            buffers_[i].host = const_cast<uint8_t*>(base) + view.offset + view.start;
            buffers_[i].type_code = uint8_t(view.type_code);
            buffers_[i].type_bits = uint8_t(view.type_bits);
            buffers_[i].type_lanes = 1;
            buffers_[i].dimensions = int32_t(view.dimensions);
            buffers_[i].dim = dims_[i].data();
            args_.push_back(&buffers_[i]);
        }
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    // The least time of one run, of as many as fit in `seconds`, after one to warm up.
    double time(double seconds) {
        entry_(args_.data());
        double least = 1e30;
        const Clock::time_point stop =
            Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
        for (Clock::time_point before = Clock::now(), after; before < stop; before = after) {
            if (entry_(args_.data()) != 0) throw std::runtime_error("a kernel failed");
            after = Clock::now();
            least = std::min(least, std::chrono::duration<double>(after - before).count());
        }
        return least;
    }

  private:
    senet_kernel_v1_t entry_;
    senet_kernel_context_v1_t context_{allocate, release, run_tasks};
    void* context_pointer_ = &context_;
    std::vector<senet_kernel_buffer_v1_t> buffers_;
    std::vector<std::array<senet_dim_v1_t, SENET_MAX_DIMS>> dims_;
    std::vector<void*> args_;
};

}  // namespace

std::vector<StageTime> time_stages(const senet_model_v1_t& model, const senet_variant_v1_t& variant,
                                   const std::string& only, int rounds, double seconds_a_visit) {
    const RandomBlock arena(variant.arena_bytes);
    std::vector<StageTime> times;
    std::vector<std::unique_ptr<Call>> calls;
    std::map<senet_kernel_v1_t, size_t> known;
    for (uint32_t i = 0; i < variant.num_steps; ++i) {
        const senet_step_v1_t& step = variant.steps[i];
        if (std::string(step.kernel).find(only) == std::string::npos) continue;
        auto [entry, fresh] = known.try_emplace(step.entry, times.size());
        if (fresh) {
            times.push_back({step.kernel, step.schedule_source ? step.schedule_source : "", step.name, 0, 1e30,
                             step.flops, step.bytes});
            calls.push_back(std::make_unique<Call>(variant, step, arena.data(), model.weights));
        }
        ++times[entry->second].uses;
    }
    for (int round = 0; round < rounds; ++round)
        for (size_t i = 0; i < calls.size(); ++i)
            times[i].seconds = std::min(times[i].seconds, calls[i]->time(seconds_a_visit));
    return times;
}

}  // namespace senetc
