// libsenet where the n-th allocation, read, mmap, open or thread fails, for every n: opening, a session and runs each
// give SENET_OK and right logits, or another status and a sentence. Afterwards nothing is left of it: as many
// allocations, file descriptors and mappings as before, and the next attempt succeeds.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "senet/senet.h"
#include "tests/faults/faults.h"
#include "tests/runtime/support/files.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;
using faults::Kind;

namespace {

constexpr uint32_t kBatch = 2;
constexpr size_t kImage = size_t{toy::kChannels} * toy::kHeight * toy::kWidth;

struct Held {
    int64_t allocations;
    size_t descriptors, mappings;
    bool operator==(const Held&) const = default;
};

size_t entries(const char* folder) {
    size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
    return count;
}

size_t lines(const char* path) {
    std::ifstream file(path);
    size_t count = 0;
    for (std::string line; std::getline(file, line);) ++count;
    return count;
}

Held held() {
    return {faults::live_allocations(), entries("/proc/self/fd"), lines("/proc/self/maps")};
}

struct Attempt {
    senet_status status = SENET_OK;
    std::vector<float> logits = std::vector<float>(size_t{kBatch} * toy::kClasses);
};

// Opens a library, runs images of both kinds and closes all.
void attempt(const char* path, const senet_model_options& options, uint32_t threads, const std::vector<float>& images,
             Attempt& result) {
    senet_model* model = nullptr;
    senet_session* session = nullptr;
    senet_session_options session_options{};
    session_options.max_batch = kBatch;
    session_options.threads = threads;
    result.status = senet_model_open(path, &options, &model);
    if (result.status == SENET_OK) result.status = senet_session_open(model, &session_options, &session);
    if (result.status == SENET_OK)
        result.status = senet_session_run_f32(session, kBatch, images.data(), result.logits.data());
    senet_session_close(session);
    senet_model_close(model);
}

// How many attempts were refused, of those in which the call failed.
struct Counts {
    int64_t calls = 0, refused = 0;
};

Counts fail_each(const char* path, const senet_model_options& options, Kind kind, uint32_t threads) {
    std::vector<float> images(kBatch * kImage, 0.25f);
    Attempt right, result;
    for (int warm_up = 0; warm_up < 3; ++warm_up) attempt(path, options, threads, images, right);
    REQUIRE(right.status == SENET_OK);
    Counts counts;
    faults::arm(kind, 0);
    attempt(path, options, threads, images, result);
    faults::disarm();
    counts.calls = faults::counted();
    for (int64_t n = 1; n <= counts.calls; ++n) {
        const Held before = held();
        faults::arm(kind, n);
        attempt(path, options, threads, images, result);
        faults::disarm();
        const senet_status status = result.status;
        const bool same = result.logits == right.logits, said = strlen(senet_last_message()) > 20;
        attempt(path, options, threads, images, result);
        const Held after = held();
        CAPTURE(n);
        CHECK(faults::fired());
        CHECK((status == SENET_OK ? same : said));
        CHECK(result.status == SENET_OK);
        CHECK(result.logits == right.logits);
        CHECK(after.allocations == before.allocations);
        CHECK(after.descriptors == before.descriptors);
        CHECK(after.mappings == before.mappings);
        counts.refused += status != SENET_OK;
    }
    return counts;
}

constexpr senet_model_options kPlain{"plain", nullptr, nullptr, nullptr};

// In a process of its own, whose pool has no workers yet.
template <typename Body>
int in_child(Body body) {
    const pid_t child = fork();
    if (child == 0) _exit(body());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a failed allocation, read, open or mmap is a status, leaks nothing, and the next attempt succeeds") {
    const TemporaryFolder folder;
    write_file(folder / "libtoy.so", toy_library());
    for (const auto& [name, kind] :
         {std::pair<std::string, Kind>{"allocation", Kind::allocation},
          std::pair<std::string, Kind>{"read", Kind::read}, std::pair<std::string, Kind>{"mmap", Kind::mmap},
          std::pair<std::string, Kind>{"open", Kind::open}}) {
        const Counts counts = fail_each((folder / "libtoy.so").c_str(), kPlain, kind, 1);
        MESSAGE(name << ": " << counts.calls << " calls, each failed once; " << counts.refused << " refused");
        CHECK(counts.calls > 0);
    }
}

TEST_CASE("the same with weights beside the library") {
    const TemporaryFolder folder;
    write_file(folder / "libtoy.so", toy_beside_library());
    write_file(folder / "toy.weights", toy_weights_file());
    for (const Kind kind : {Kind::allocation, Kind::mmap, Kind::open}) {
        const Counts counts = fail_each((folder / "libtoy.so").c_str(), kPlain, kind, 1);
        CHECK(counts.calls > 0);
    }
}

TEST_CASE("where threads can't be started, a session has fewer, and computes the same") {
    const TemporaryFolder folder;
    write_file(folder / "libtoy.so", toy_library());
    const std::vector<float> images(kBatch * kImage, 0.25f);
    Attempt alone;
    attempt((folder / "libtoy.so").c_str(), kPlain, 1, images, alone);
    for (int64_t n = 1; n <= 3; ++n) {
        const int status = in_child([&] {
            Attempt result;
            faults::arm(Kind::thread, n, true);
            attempt((folder / "libtoy.so").c_str(), kPlain, 4, images, result);
            return result.status == SENET_OK && result.logits == alone.logits ? 0 : 1;
        });
        CHECK(status == 0);
    }
}
