#include "runtime/cli/commands/moved_bytes.h"

#include <cstring>
#include <map>

#include "runtime/cli/commands/network.h"

namespace senet::cli {

namespace {

enum class Kind { map, sums, vector };

uint64_t bytes_of(const senet_buffer_v1_t& view) {
    uint64_t bytes = view.type_bits / 8;
    for (uint32_t d = 0; d < view.dimensions; d++) bytes *= uint64_t(view.dim[d].extent);
    return bytes;
}

// Whether the step's result is the sums of a map that nobody needs.
bool stores_sums_alone(const senet_step_v1_t& step) {
    return std::strstr(step.kernel, " store=0") != nullptr;
}

class Counter {
  public:
    explicit Counter(const senet_variant_v1_t& variant) : variant_(variant) {}

    void count(const senet_step_v1_t& step) {
        const uint64_t weights = weight_bytes(variant_, step);
        uint64_t rest = step.bytes - weights;  // a kernel may read less of a map than its view shows; bytes know
        moved_.weights += weights;
        for (uint32_t i = 0; i < step.num_args; i++) {
            const senet_buffer_v1_t& view = variant_.buffers[variant_.args[step.first_arg + i]];
            const bool written = i + step.num_outputs >= step.num_args;
            if (written) kinds_[view.offset] = kind_written(step, i + 1 == step.num_args && !stores_sums_alone(step));
            if (view.storage == SENET_STORAGE_WEIGHTS) continue;
            uint64_t* total = total_of(view, written);
            if (total == &moved_.maps_read) continue;
            rest -= bytes_of(view);
            if (total) *total += bytes_of(view);
        }
        moved_.maps_read += rest;
    }

    const MovedBytes& moved() const { return moved_; }

  private:
    static Kind kind_written(const senet_step_v1_t& step, bool result) {
        if (!result) return Kind::sums;
        return step.height == 0 ? Kind::vector : Kind::map;
    }

    // NULL for what the caller gives.
    uint64_t* total_of(const senet_buffer_v1_t& view, bool written) {
        if (view.storage != SENET_STORAGE_ARENA) return nullptr;
        const Kind kind = kinds_[view.offset];
        if (kind == Kind::vector) return &moved_.vectors;
        if (kind == Kind::sums) return &moved_.sums;
        return written ? &moved_.maps_written : &moved_.maps_read;
    }

    const senet_variant_v1_t& variant_;
    std::map<uint64_t, Kind> kinds_;  // of what was last written at an offset of the arena
    MovedBytes moved_;
};

}  // namespace

uint64_t weight_bytes(const senet_variant_v1_t& variant, const senet_step_v1_t& step) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < step.num_args; i++) {
        const senet_buffer_v1_t& view = variant.buffers[variant.args[step.first_arg + i]];
        if (view.storage == SENET_STORAGE_WEIGHTS) bytes += bytes_of(view);
    }
    return bytes;
}

MovedBytes moved_bytes(const senet_variant_v1_t& variant) {
    Counter counter(variant);
    for (const senet_step_v1_t* step : steps_of(variant, 0)) counter.count(*step);
    return counter.moved();
}

}  // namespace senet::cli
