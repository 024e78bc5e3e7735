#include "generators/compiler/memory_plan.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace senetc;

namespace {

bool overlap(int64_t a, int64_t a_bytes, int64_t b, int64_t b_bytes) {
    return a < b + b_bytes && b < a + a_bytes;
}

// Bytes alive at the busiest step: no plan can be smaller.
int64_t lower_bound(const std::vector<Lifetime>& values) {
    int64_t most = 0;
    for (const Lifetime& at : values) {
        int64_t alive = 0;
        for (const Lifetime& v : values)
            if (v.first <= at.first && at.first <= v.last)
                alive += (v.bytes + kArenaAlignment - 1) / kArenaAlignment * kArenaAlignment;
        most = std::max(most, alive);
    }
    return most;
}

}  // namespace

TEST_CASE("values alive at the same step never overlap, and every offset is aligned") {
    std::mt19937 random(7);
    for (int trial = 0; trial < 200; ++trial) {
        std::vector<Lifetime> values(1 + random() % 40);
        for (Lifetime& v : values) {
            v.bytes = random() % 5000;
            v.first = int(random() % 30);
            v.last = v.first + int(random() % 6);
        }
        const MemoryPlan plan = plan_memory(values);
        for (size_t a = 0; a < values.size(); ++a) {
            CHECK(plan.offsets[a] % kArenaAlignment == 0);
            CHECK(plan.offsets[a] + values[a].bytes <= plan.bytes);
            for (size_t b = 0; b < a; ++b)
                if (values[a].first <= values[b].last && values[b].first <= values[a].last && values[a].bytes &&
                    values[b].bytes)
                    CHECK_FALSE(overlap(plan.offsets[a], values[a].bytes, plan.offsets[b], values[b].bytes));
        }
        CHECK(plan.bytes >= lower_bound(values));
    }
}

TEST_CASE("a chain of equal values needs the memory of two") {
    std::vector<Lifetime> chain;
    for (int step = 0; step < 50; ++step) chain.push_back({1024, step, step + 1});
    CHECK(plan_memory(chain).bytes == 2 * 1024);
}

TEST_CASE("a value of no bytes takes no memory") {
    CHECK(plan_memory({{0, 0, 3}, {128, 1, 2}}).bytes == 128);
}
