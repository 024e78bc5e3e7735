#include "generators/compiler/memory_plan.h"

#include <algorithm>
#include <numeric>

namespace senetc {
namespace {

int64_t aligned(int64_t bytes) {
    return (bytes + kArenaAlignment - 1) / kArenaAlignment * kArenaAlignment;
}

bool meet(const Lifetime& a, const Lifetime& b) {
    return a.first <= b.last && b.first <= a.last;
}

}  // namespace

MemoryPlan plan_memory(const std::vector<Lifetime>& values) {
    MemoryPlan plan{std::vector<int64_t>(values.size(), 0), 0};
    std::vector<size_t> order(values.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a].bytes > values[b].bytes; });

    std::vector<size_t> placed;  // by offset
    for (size_t v : order) {
        const int64_t bytes = aligned(values[v].bytes);
        if (bytes == 0) continue;
        int64_t offset = 0;
        for (size_t p : placed) {
            if (!meet(values[p], values[v])) continue;
            if (plan.offsets[p] >= offset + bytes) break;  // fits in the gap before p
            offset = std::max(offset, plan.offsets[p] + aligned(values[p].bytes));
        }
        plan.offsets[v] = offset;
        plan.bytes = std::max(plan.bytes, offset + bytes);
        auto later = [&](size_t p) { return plan.offsets[p] > offset; };
        placed.insert(std::find_if(placed.begin(), placed.end(), later), v);
    }
    return plan;
}

}  // namespace senetc
