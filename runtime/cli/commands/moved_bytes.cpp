#include "runtime/cli/commands/moved_bytes.h"

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

// Of a view (c, x, y, block, image) or (x, y, channel, image).
int64_t pixels_of(const senet_buffer_v1_t& view) {
    const uint32_t x = view.dimensions - 4;
    return int64_t(view.dim[x].extent) * view.dim[x + 1].extent;
}

// A step's own: a map of fewer pixels than its output are sums, one cell for each of its tiles.
Kind kind_written(const senet_buffer_v1_t& view, const senet_step_v1_t& step) {
    if (view.dimensions < 4) return Kind::vector;
    return pixels_of(view) < int64_t(step.height) * step.width ? Kind::sums : Kind::map;
}

class Counter {
  public:
    explicit Counter(const senet_variant_v1_t& variant) : variant_(variant) {}

    void count(const senet_step_v1_t& step) {
        for (uint32_t i = 0; i < step.num_args; i++) {
            const senet_buffer_v1_t& view = variant_.buffers[variant_.args[step.first_arg + i]];
            if (view.storage == SENET_STORAGE_WEIGHTS) moved_.weights += bytes_of(view);
            if (view.storage != SENET_STORAGE_ARENA) continue;
            const bool output = i + 1 == step.num_args;
            const bool sums = i + 2 == step.num_args && kind_written(view, step) == Kind::sums;
            if (output || sums) kinds_[view.offset] = kind_written(view, step);
            add(kinds_[view.offset], bytes_of(view), output || sums);
        }
    }

    const MovedBytes& moved() const { return moved_; }

  private:
    void add(Kind kind, uint64_t bytes, bool written) {
        if (kind == Kind::vector)
            moved_.vectors += bytes;
        else if (kind == Kind::sums)
            moved_.sums += bytes;
        else
            (written ? moved_.maps_written : moved_.maps_read) += bytes;
    }

    const senet_variant_v1_t& variant_;
    std::map<uint64_t, Kind> kinds_;  // of what was last written at an offset of the arena
    MovedBytes moved_;
};

}  // namespace

MovedBytes moved_bytes(const senet_variant_v1_t& variant) {
    Counter counter(variant);
    for (const senet_step_v1_t* step : steps_of(variant, 0)) counter.count(*step);
    return counter.moved();
}

}  // namespace senet::cli
