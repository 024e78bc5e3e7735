#include "generators/inspect/arena_map.h"

#include <map>

namespace senetc::inspect {
namespace {

// All views of a value have its storage's offset, and the distance to the next image's.
uint64_t storage_bytes(const senet_buffer_v1_t& view) {
    return uint64_t(view.dim[view.dimensions - 1].stride) * view.type_bits / 8;
}

class Values {
  public:
    explicit Values(const PlanVariant& variant) : variant_(variant) {}

    void add(const PlanStep& step, int number) {
        const size_t first_output = step.args.size() - step.outputs;
        for (size_t i = 0; i < step.args.size(); ++i) {
            const senet_buffer_v1_t& view = variant_.buffers[step.args[i]];
            if (view.storage != SENET_STORAGE_ARENA) continue;
            if (i >= first_output) {
                const bool beside = i + 1 < step.args.size();
                newest_[view.offset] = values_.size();
                values_.push_back(
                    {beside ? step.name + " sums" : step.name, view.offset, storage_bytes(view), number, number});
            } else if (const auto known = newest_.find(view.offset); known != newest_.end()) {
                values_[known->second].last = number;
            }
        }
    }

    std::vector<ArenaValue> take() { return std::move(values_); }

  private:
    const PlanVariant& variant_;
    std::map<uint64_t, size_t> newest_;  // the value written last at an offset
    std::vector<ArenaValue> values_;
};

}  // namespace

std::vector<ArenaValue> arena_map(const PlanVariant& variant) {
    Values values(variant);
    values.add(variant.ingest[0], 0);
    for (size_t i = 0; i < variant.steps.size(); ++i) values.add(variant.steps[i], int(i) + 1);
    return values.take();
}

}  // namespace senetc::inspect
