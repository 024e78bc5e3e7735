// What a session's options allow, and its caller's memory.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/runtime/support/handles.h"
#include "tests/runtime/support/toy_reference.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;

namespace {

struct Refusal {
    senet_status status;
    std::string message;
};

Refusal open_with(const Model& model, const senet_session_options& options) {
    senet_session* session = nullptr;
    const senet_status status = senet_session_open(model.get(), &options, &session);
    CHECK((session == nullptr) == (status != SENET_OK));
    senet_session_close(session);
    return {status, senet_last_message()};
}

bool contains(const std::string& text, const char* words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("absurd options are refused with a sentence") {
    const Model model = open_toy();
    senet_session_options options{};
    options.threads = 4'000'000'000u;
    CHECK(contains(open_with(model, options).message, "threads is 4000000000: at most 4096"));
    options = {};
    options.max_batch = UINT32_MAX;  // kernels count elements with 32 bits
    CHECK(contains(open_with(model, options).message, "toy takes at most"));
    CHECK(open_with(model, options).status == SENET_INVALID_ARGUMENT);
}

TEST_CASE("more memory than there is gives a status") {
    const Model model = open_toy();
    senet_session_options options{};
    options.max_batch = 1'000'000;
    size_t bytes = 0;
    CHECK(senet_session_arena_bytes(model.get(), &options, &bytes) == SENET_OK);
    CHECK(bytes > 1'000'000ull * 16384);
}

TEST_CASE("mean and deviation go together and are finite, the deviation not zero") {
    const Model model = open_toy();
    const float fine[] = {1, 1, 1}, zero[] = {1, 0, 1}, infinite[] = {1, 1, INFINITY}, nan[] = {NAN, 1, 1};
    senet_session_options options{};
    options.mean = fine;
    CHECK(contains(open_with(model, options).message, "mean and deviation go together"));
    options.deviation = fine;
    CHECK(open_with(model, options).status == SENET_OK);
    options.deviation = zero;
    CHECK(contains(open_with(model, options).message, "deviation of channel 1 is 0"));
    options.deviation = infinite;
    CHECK(contains(open_with(model, options).message, "deviation of channel 2 is inf"));
    options.deviation = fine;
    options.mean = nan;
    CHECK(contains(open_with(model, options).message, "mean of channel 0 is not finite"));
}

TEST_CASE("a run's arguments are checked") {
    const Model model = open_toy();
    const Session session = open_session(model, 2, 1);
    float image[3 * 2 * 35] = {}, logits[10];
    CHECK(senet_session_run_f32(session.get(), 0, image, logits) == SENET_INVALID_ARGUMENT);
    CHECK(senet_session_run_f32(session.get(), 3, image, logits) == SENET_INVALID_ARGUMENT);
    CHECK(contains(senet_last_message(), "batch is 3: this session takes 1 to 2 images"));
    CHECK(senet_session_run_f32(nullptr, 1, image, logits) == SENET_INVALID_ARGUMENT);
    CHECK(senet_session_run_f32(session.get(), 1, nullptr, logits) == SENET_INVALID_ARGUMENT);
    CHECK(senet_session_run_f32(session.get(), 1, image, nullptr) == SENET_INVALID_ARGUMENT);
    CHECK(senet_session_open(nullptr, nullptr, nullptr) == SENET_INVALID_ARGUMENT);
    CHECK(senet_session_open(model.get(), nullptr, nullptr) == SENET_INVALID_ARGUMENT);
    CHECK(senet_session_arena_bytes(model.get(), nullptr, nullptr) == SENET_INVALID_ARGUMENT);
}

TEST_CASE("a session lives wholly in its caller's arena, whatever that held before") {
    const Model model = open_toy();
    senet_session_options options{};
    options.max_batch = 3;
    options.threads = 2;
    size_t bytes = 0;
    REQUIRE(senet_session_arena_bytes(model.get(), &options, &bytes) == SENET_OK);
    const size_t guard = 256;
    auto* memory = static_cast<uint8_t*>(aligned_alloc(SENET_ARENA_ALIGNMENT, bytes + 2 * guard));
    memset(memory, 0xff, bytes + 2 * guard);  // floats of 0xff bytes are NaN
    options.arena = memory + guard;
    options.arena_bytes = bytes;
    senet_session* session = nullptr;
    REQUIRE(senet_session_open(model.get(), &options, &session) == SENET_OK);
    CHECK(static_cast<void*>(session) >= options.arena);
    CHECK(reinterpret_cast<uint8_t*>(session) < memory + guard + bytes);
    const std::vector<float> images = toy_images(3);
    const Session other = open_session(model, 3, 1);
    float logits[15], expected[15];
    CHECK(senet_session_run_f32(session, 3, images.data(), logits) == SENET_OK);
    CHECK(senet_session_run_f32(other.get(), 3, images.data(), expected) == SENET_OK);
    CHECK(memcmp(logits, expected, sizeof(logits)) == 0);
    senet_session_close(session);
    for (size_t i = 0; i < guard; ++i) CHECK((memory[i] == 0xff && memory[guard + bytes + i] == 0xff));
    free(memory);
}

TEST_CASE("an arena too small or misaligned is refused") {
    const Model model = open_toy();
    senet_session_options options{};
    size_t bytes = 0;
    REQUIRE(senet_session_arena_bytes(model.get(), &options, &bytes) == SENET_OK);
    CHECK(bytes % SENET_ARENA_ALIGNMENT == 0);
    auto* memory = static_cast<uint8_t*>(aligned_alloc(SENET_ARENA_ALIGNMENT, bytes + SENET_ARENA_ALIGNMENT));
    options.arena = memory;
    options.arena_bytes = bytes - 1;
    CHECK(contains(open_with(model, options).message, "are needed"));
    options.arena = memory + 64;
    options.arena_bytes = bytes;
    CHECK(contains(open_with(model, options).message, "not aligned to 128 bytes"));
    options.arena = memory;
    CHECK(open_with(model, options).status == SENET_OK);
    free(memory);
}
