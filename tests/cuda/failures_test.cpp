// Every call to the driver fails once, for every batch: a status and a sentence come of it, nothing is left behind, and
// the session goes on or is closed.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <string>

#include "tests/cuda/support.h"
#include "tests/cuda/toy/gpu_toy.h"
#include "tests/runtime/support/toy_reference.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;
using toy::kClasses;

namespace {

constexpr uint32_t kMaxBatch = 3;
constexpr int kOutOfMemory = 2, kUnknown = 999, kLaunchFailed = 719;

void ignore_step(void*, senet_session* session, const senet_step_event* event) {
    if (event->index != 3) return;
    std::vector<float> values(event->batch * size_t{event->step->channels} * event->step->height * event->step->width);
    senet_session_read_output(session, values.data());
}

struct Attempt {
    senet_status status = SENET_OK;  // of the first call that failed
    std::string message;
    bool right = true;  // what succeeded gave the right logits
};

// Notes a call's status. Whether it succeeded.
bool noted(Attempt* attempt, senet_status status) {
    if (status == SENET_OK || attempt->status != SENET_OK) return status == SENET_OK;
    attempt->status = status;
    attempt->message = senet_last_message();
    return false;
}

// A run; when it fails, once more, which must succeed.
template <typename Run>
void run_twice(Attempt* attempt, const std::vector<float>& expected, Run run) {
    std::vector<float> logits(expected.size(), NAN);
    if (!noted(attempt, run(logits.data()))) attempt->right &= run(logits.data()) == SENET_OK;
    attempt->right &= logits == expected;
}

struct Expected {
    std::vector<float> images = toy_images(kMaxBatch), from_floats, from_bytes;
    std::vector<uint8_t> bytes = toy_bytes(kMaxBatch);

    explicit Expected(uint32_t batch) : from_floats(expected_logits(images)), from_bytes(batch * kClasses) {
        from_floats.resize(batch * kClasses);
        const Model model = open_toy();
        senet_session_run_u8(open_session(model, batch, 1).get(), batch, bytes.data(), from_bytes.data());
    }
};

// Opens, runs images of both kinds, observed too, and closes.
Attempt attempt(uint32_t batch, const Expected& expected) {
    Attempt attempt;
    senet_model_options options{};
    options.device = "cuda";
    senet_model* model = nullptr;
    if (!noted(&attempt, senet_model_open_linked(senet_model_gpu_toy, &options, &model))) return attempt;
    const Model model_owner(model);
    senet_session_options session_options{};
    session_options.max_batch = kMaxBatch;
    senet_session* session = nullptr;
    if (!noted(&attempt, senet_session_open(model, &session_options, &session))) return attempt;
    const Session session_owner(session);
    const auto floats = [&](float* logits) {
        return senet_session_run_f32(session, batch, expected.images.data(), logits);
    };
    run_twice(&attempt, expected.from_floats, floats);
    run_twice(&attempt, expected.from_bytes,
              [&](float* logits) { return senet_session_run_u8(session, batch, expected.bytes.data(), logits); });
    senet_session_observe(session, ignore_step, nullptr);
    run_twice(&attempt, expected.from_floats, floats);
    return attempt;
}

bool is_expected(senet_status status, int result) {
    return status == SENET_NO_DEVICE || status == (result == kOutOfMemory ? SENET_OUT_OF_MEMORY : SENET_DEVICE_FAILED);
}

// As many attempts as there are calls; how many of them were refused.
long fail_each(uint32_t batch, int result, long* calls) {
    const Expected expected(batch);
    long refused = 0;
    for (*calls = 1;; ++*calls) {
        fake_cuda::reset();
        fake_cuda::fail_call(*calls, result);
        const Attempt now = attempt(batch, expected);
        const std::vector<std::string> names = call_names();
        const bool fired = static_cast<long>(names.size()) >= *calls;
        CAPTURE(batch);
        CAPTURE(fired ? names[static_cast<size_t>(*calls - 1)] : "none");
        CAPTURE(now.message);
        CHECK(now.right);
        CHECK(fake_cuda::alive() == "");
        CHECK(fake_cuda::violations() == std::vector<std::string>());
        if (!fired) {
            CHECK(now.status == SENET_OK);
            return refused;
        }
        if (now.status == SENET_OK) continue;
        ++refused;
        CHECK(is_expected(now.status, result));
        CHECK((now.message.find("CUDA") != std::string::npos && now.message.find("failed with") != std::string::npos));
    }
}

}  // namespace

TEST_CASE("whichever call fails, for every batch: a status, a sentence, nothing left, and the next run is right") {
    const FakeMachine machine;
    for (uint32_t batch = 1; batch <= kMaxBatch; ++batch)
        for (int result : {kOutOfMemory, kUnknown}) {
            long calls = 0;
            const long refused = fail_each(batch, result, &calls);
            MESSAGE("batch " << batch << ", error " << result << ": " << calls - 1 << " calls, each failed once; "
                             << refused << " refused");
            CHECK(refused > 60);
        }
    fake_cuda::reset();
}

TEST_CASE("a device that is lost fails every run, says so, and can be closed") {
    const FakeMachine machine;
    const Model model = open_gpu_toy(senet_model_gpu_toy);
    const Session session = open_gpu_session(model, 2);
    const std::vector<float> images = toy_images(2);
    std::vector<float> logits(2 * kClasses);
    fake_cuda::lose_device(kLaunchFailed);
    for (int i = 0; i < 2; ++i) {
        CHECK(senet_session_run_f32(session.get(), 2, images.data(), logits.data()) == SENET_DEVICE_FAILED);
        CHECK(std::string(senet_last_message()).find("context is lost: close its sessions") != std::string::npos);
    }
}

TEST_CASE("a kernel's entry that fails, needs more scratch than before, or launches what it hasn't loaded, is named") {
    const FakeMachine machine;
    const Model model = open_gpu_toy(senet_model_gpu_toy);
    const std::vector<float> images = toy_images(2);
    std::vector<float> logits(2 * kClasses);
    const auto sentence = [&](gpu_toy::Behaviour behaviour) {
        const Session session = open_gpu_session(model, 2);
        gpu_toy::behave(behaviour);
        CHECK(senet_session_run_f32(session.get(), 1, images.data(), logits.data()) == SENET_KERNEL_FAILED);
        const std::string message = senet_last_message();
        gpu_toy::behave(gpu_toy::Behaviour::right);
        CHECK(run(session, 2, images) == expected_logits(images));
        return message;
    };
    CHECK(sentence(gpu_toy::Behaviour::returns_seven) == "toy: the kernel of box1 returned 7");
    CHECK(sentence(gpu_toy::Behaviour::launches_unloaded) ==
          "the kernel of box1 launches what it hasn't loaded; build the model again");
    CHECK(sentence(gpu_toy::Behaviour::more_scratch_for_one).find("the kernel of box1 needs more device scratch") == 0);
}

TEST_CASE("a batch for which a kernel can't count its scratch is refused when the session opens") {
    const FakeMachine machine;
    const Model model = open_gpu_toy(senet_model_gpu_toy);
    gpu_toy::behave(gpu_toy::Behaviour::uncountable_scratch);
    CHECK(open_gpu_session(model, 2) == nullptr);
    CHECK(std::string(senet_last_message()) ==
          "the kernel of box1 can't count the elements of its scratch: take a smaller max_batch");
}
