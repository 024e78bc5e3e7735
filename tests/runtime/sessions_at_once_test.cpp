// Several threads that open models and sessions, run them and close them, all at once; under ThreadSanitizer too.
#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <thread>
#include <vector>

#include "tests/runtime/support/files.h"
#include "tests/runtime/support/handles.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;

namespace {

constexpr int kThreads = 4, kRounds = 12;
constexpr uint32_t kBatch = 3;
constexpr size_t kImage = size_t{toy::kChannels} * toy::kHeight * toy::kWidth;

std::vector<float> images_of(int seed) {
    std::vector<float> images(kBatch * kImage);
    for (size_t i = 0; i < images.size(); ++i) images[i] = std::sin(0.37f * float(i) + 1.3f * float(seed));
    return images;
}

std::vector<float> run(senet_session* session, const std::vector<float>& images) {
    std::vector<float> logits(size_t{kBatch} * toy::kClasses, NAN);
    if (senet_session_run_f32(session, kBatch, images.data(), logits.data()) != SENET_OK) logits.clear();
    return logits;
}

bool equal_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

std::vector<float> expected(int seed) {
    const Model model = open_toy("plain");
    const Session session = open_session(model, kBatch, 1);
    return run(session.get(), images_of(seed));
}

// Opens the library and a session for each round; the number of rounds with other logits than when alone.
int use_library(const char* path, int seed) {
    const std::vector<float> images = images_of(seed), right = expected(seed);
    int wrong = 0;
    for (int round = 0; round < kRounds; ++round) {
        const senet_model_options options{"plain", nullptr, nullptr, nullptr};
        senet_model* opened = nullptr;
        if (senet_model_open(path, &options, &opened) != SENET_OK) return kRounds;
        const Model model(opened);
        const Session session = open_session(model, kBatch, 1 + uint32_t(round + seed) % 3);
        wrong += !equal_bits(run(session.get(), images), right);
    }
    return wrong;
}

}  // namespace

TEST_CASE("threads that each open, run and close a model and a session get what they would alone") {
    const TemporaryFolder folder;
    write_file(folder / "libtoy.so", toy_library());
    const std::string path = folder / "libtoy.so";
#ifdef __SANITIZE_THREAD__
    // The dynamic linker orders loading and unloading by a lock of its own, which ThreadSanitizer doesn't see: there
    // the library stays loaded.
    senet_model* kept = nullptr;
    REQUIRE(senet_model_open(path.c_str(), nullptr, &kept) == SENET_OK);
    const Model keeps_loaded(kept);
#endif
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) threads.emplace_back([&, t] { wrong += use_library(path.c_str(), t); });
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
}

TEST_CASE("sessions of one model that come and go don't disturb one that stays") {
    const Model model = open_toy("plain");
    const Session staying = open_session(model, kBatch, 3);
    const std::vector<float> images = images_of(9), right = expected(9);
    std::atomic<bool> done{false};
    std::vector<std::thread> threads;
    for (int t = 0; t < 2; ++t)
        threads.emplace_back([&, t] {
            for (int round = 0; !done; ++round) {
                const Session session = open_session(model, kBatch, 1 + uint32_t(round) % 3);
                run(session.get(), images_of(t));
            }
        });
    int wrong = 0;
    for (int round = 0; round < 100; ++round) wrong += !equal_bits(run(staying.get(), images), right);
    done = true;
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
}
