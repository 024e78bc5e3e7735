// The thread pool by itself, with more threads than this machine may have CPUs.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "runtime/core/pool.h"

namespace {

constexpr uint32_t kThreads = 4;

struct Counts {
    std::vector<std::atomic<int>> of_index;
    std::atomic<uint32_t> busy[kThreads] = {};
    std::atomic<bool> shared_number{false};
    explicit Counts(int indices) : of_index(static_cast<size_t>(indices)) {}
};

int count(void* user, uint32_t participant, int index) {
    Counts& counts = *static_cast<Counts*>(user);
    if (participant >= kThreads || counts.busy[participant].fetch_add(1) != 0) counts.shared_number = true;
    counts.of_index[static_cast<size_t>(index)].fetch_add(1);
    counts.busy[participant].fetch_sub(1);
    return 0;
}

bool each_once(const Counts& counts) {
    for (const std::atomic<int>& times : counts.of_index)
        if (times != 1) return false;
    return !counts.shared_number;
}

}  // namespace

TEST_CASE("every index runs once, and no two threads at once have one number") {
    CHECK(senet::ensure_workers(kThreads - 1) >= kThreads - 1);
    for (int round = 0; round < 2000; ++round) {
        Counts counts(1 + round % 40);
        CHECK(senet::parallel_for(kThreads, count, &counts, 0, 1 + round % 40) == 0);
        REQUIRE(each_once(counts));
    }
}

TEST_CASE("many callers at once all finish") {
    senet::ensure_workers(kThreads - 1);
    std::vector<std::thread> callers;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 80; ++t)  // more than the pool has places for loops
        callers.emplace_back([&] {
            for (int round = 0; round < 30; ++round) {
                Counts counts(17);
                senet::parallel_for(kThreads, count, &counts, 0, 17);
                if (!each_once(counts)) ++wrong;
            }
        });
    for (std::thread& caller : callers) caller.join();
    CHECK(wrong == 0);
}

TEST_CASE("a loop inside a loop runs in place") {
    senet::ensure_workers(kThreads - 1);
    std::atomic<int> total{0};
    const auto outer = [](void* user, uint32_t, int) {
        CHECK(senet::inside_loop());
        const auto thread = std::this_thread::get_id();
        struct Inner {
            std::atomic<int>* total;
            std::thread::id thread;
        } inner{static_cast<std::atomic<int>*>(user), thread};
        return senet::parallel_for(
            kThreads,
            [](void* data, uint32_t, int) {
                const Inner& own = *static_cast<Inner*>(data);
                ++*own.total;
                return std::this_thread::get_id() == own.thread ? 0 : 1;
            },
            &inner, 0, 10);
    };
    CHECK(senet::parallel_for(kThreads, outer, &total, 0, 20) == 0);
    CHECK(total == 200);
    CHECK_FALSE(senet::inside_loop());
}

TEST_CASE("a non-zero result stops the loop and is returned") {
    senet::ensure_workers(kThreads - 1);
    std::atomic<int> ran{0};
    const auto body = [](void* user, uint32_t, int index) {
        ++*static_cast<std::atomic<int>*>(user);
        return index == 3 ? -17 : 0;
    };
    CHECK(senet::parallel_for(kThreads, body, &ran, 0, 1'000'000) == -17);
    CHECK(ran < 1'000'000);
    CHECK(senet::parallel_for(1, body, &ran, 0, 1'000'000) == -17);
}

TEST_CASE("empty loops and loops up to the largest index are fine") {
    std::atomic<int> ran{0};
    const auto body = [](void* user, uint32_t, int) {
        ++*static_cast<std::atomic<int>*>(user);
        return 0;
    };
    CHECK(senet::parallel_for(kThreads, body, &ran, 5, 0) == 0);
    CHECK(senet::parallel_for(kThreads, body, &ran, 5, -3) == 0);
    CHECK(ran == 0);
    CHECK(senet::parallel_for(kThreads, body, &ran, INT32_MAX - 6, 7) == 0);
    CHECK(ran == 7);
}

TEST_CASE("workers that slept are woken") {
    senet::ensure_workers(kThreads - 1);
    for (int round = 0; round < 20; ++round) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        Counts counts(8);
        senet::parallel_for(kThreads, count, &counts, 0, 8);
        REQUIRE(each_once(counts));
    }
}
