// A user's stream, context and device memory.
#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>

#include "runtime/cuda/driver.h"
#include "tests/cuda/support.h"
#include "tests/cuda/toy/gpu_toy.h"
#include "tests/runtime/support/toy_reference.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;
using toy::kClasses;

namespace {

// A program that uses CUDA itself: a context, a stream and memory, by the driver.
class User {
  public:
    User() {
        REQUIRE(senet::cuda::load_driver(&driver) == SENET_OK);
        driver.cuInit(0);
        context = fake_cuda::create_context(0);
        driver.cuCtxPushCurrent(static_cast<senet::cuda::Context>(context));
        driver.cuStreamCreate(&stream, 0);
        driver.cuMemAlloc(&images, 1 << 16);
        driver.cuMemAlloc(&logits, 1 << 16);
    }
    ~User() {
        driver.cuMemFree(images);
        driver.cuMemFree(logits);
        driver.cuStreamDestroy(stream);
        senet::cuda::Context popped;
        driver.cuCtxPopCurrent(&popped);
        fake_cuda::destroy_context(context);
        senet::cuda::unload_driver(&driver);
    }
    User(const User&) = delete;
    User& operator=(const User&) = delete;

    std::vector<float> read_logits(uint32_t batch) {
        const auto* values = reinterpret_cast<const float*>(logits);  // the fake's device memory is memory
        return {values, values + batch * kClasses};
    }

    senet::cuda::Driver driver{};
    void* context = nullptr;
    senet::cuda::Stream stream = nullptr;
    senet::cuda::Address images = 0, logits = 0;
};

senet_status run_on_device(const Session& session, uint32_t batch, const User& user) {
    return senet_session_run_device_f32(session.get(), batch, reinterpret_cast<const float*>(user.images),
                                        reinterpret_cast<float*>(user.logits));
}

std::set<const void*> streams_used() {
    std::set<const void*> streams;
    for (const fake_cuda::Call& call : fake_cuda::calls())
        if (call.stream) streams.insert(call.stream);
    return streams;
}

}  // namespace

TEST_CASE("all that a run does goes to the user's stream, in the user's context, and no primary one is taken") {
    const FakeMachine machine;
    User user;
    const Model model = open_gpu_toy(senet_model_gpu_toy, nullptr, user.context);
    const Session session = open_gpu_session(model, 3, user.stream);
    REQUIRE(session);
    CHECK(count_calls("cuDevicePrimaryCtxRetain") == 0);
    const std::vector<float> images = toy_images(3);
    for (uint32_t batch : {3u, 3u}) {
        fake_cuda::forget_calls();
        run(session, batch, images);
        CHECK(streams_used() == std::set<const void*>{user.stream});
    }
}

TEST_CASE(
    "a run on device memory is two copies around a graph, queued behind what the user's stream does, and no wait") {
    const FakeMachine machine;
    User user;
    const Model model = open_gpu_toy(senet_model_gpu_toy, "cuda:0", user.context);
    const Session session = open_gpu_session(model, 4, user.stream);
    const std::vector<float> images = toy_images(4), expected = expected_logits(images);
    for (uint32_t batch = 1; batch <= 4; ++batch) {
        run_on_device(session, batch, user);  // records the batch's graph
        user.driver.cuMemcpyHtoDAsync(user.images, images.data(), images.size() * sizeof(float), user.stream);
        user.driver.cuMemsetD8Async(user.logits, 0xff, 1 << 16, user.stream);
        fake_cuda::forget_calls();
        CHECK(run_on_device(session, batch, user) == SENET_OK);
        CHECK(call_names() == std::vector<std::string>{"cuCtxPushCurrent", "cuMemcpy2DAsync", "cuGraphLaunch",
                                                       "cuMemcpy2DAsync", "cuCtxPopCurrent"});
        CHECK(streams_used() == std::set<const void*>{user.stream});
        user.driver.cuStreamSynchronize(user.stream);
        CHECK(user.read_logits(batch) == std::vector<float>(expected.begin(), expected.begin() + batch * kClasses));
        CHECK(std::isnan(user.read_logits(batch + 1).back()));
    }
}

TEST_CASE("runs on device memory queue up, and runs from the host fit between them") {
    const FakeMachine machine;
    User user;
    const Model model = open_gpu_toy(senet_model_gpu_toy, nullptr, user.context);
    const Session session = open_gpu_session(model, 2, user.stream);
    const std::vector<float> images = toy_images(2), expected = expected_logits(images);
    user.driver.cuMemcpyHtoDAsync(user.images, images.data(), images.size() * sizeof(float), user.stream);
    CHECK(run_on_device(session, 1, user) == SENET_OK);
    CHECK(run_on_device(session, 2, user) == SENET_OK);
    CHECK(run(session, 2, images) == expected);
    CHECK(user.read_logits(2) == expected);
}

TEST_CASE("whichever call of a run on device memory fails, there is a sentence, and the next run is right") {
    const FakeMachine machine;
    User user;
    const Model model = open_gpu_toy(senet_model_gpu_toy, nullptr, user.context);
    const std::vector<float> images = toy_images(2), expected = expected_logits(images);
    constexpr int kUnknown = 999;
    long refused = 0;
    for (long n = 1; n <= 30; ++n) {
        const Session session = open_gpu_session(model, 3, user.stream);
        user.driver.cuMemcpyHtoDAsync(user.images, images.data(), images.size() * sizeof(float), user.stream);
        fake_cuda::fail_call(n, kUnknown);
        if (const senet_status status = run_on_device(session, 2, user)) {
            ++refused;
            CHECK(status == SENET_DEVICE_FAILED);
            CHECK(std::string(senet_last_message()).find("failed with") != std::string::npos);
        }
        fake_cuda::fail_call(0, 0);
        CHECK(run_on_device(session, 2, user) == SENET_OK);
        user.driver.cuStreamSynchronize(user.stream);
        CHECK(user.read_logits(2) == expected);
    }
    CHECK(refused == 18);  // all but the last: giving the context back
}

TEST_CASE("CUDA's default stream can be named") {
    const FakeMachine machine;
    const Model model = open_gpu_toy(senet_model_gpu_toy);
    void* const kLegacy = reinterpret_cast<void*>(1);
    const Session session = open_gpu_session(model, 2, kLegacy);
    const std::vector<float> images = toy_images(2);
    CHECK(run(session, 2, images) == expected_logits(images));
}

TEST_CASE("without a stream, or on the CPU, a run on device memory is refused with a sentence") {
    const FakeMachine machine;
    const Model gpu = open_gpu_toy(senet_model_gpu_toy), cpu = open_gpu_toy(senet_model_gpu_toy, "cpu");
    const Session own = open_gpu_session(gpu, 1), host = open_gpu_session(cpu, 1);
    float value = 0;
    CHECK(senet_session_run_device_f32(own.get(), 1, &value, &value) == SENET_INVALID_ARGUMENT);
    CHECK(std::string(senet_last_message()).find("has no cuda_stream") != std::string::npos);
    CHECK(senet_session_run_device_f32(host.get(), 1, &value, &value) == SENET_INVALID_ARGUMENT);
    CHECK(std::string(senet_last_message()).find("runs on the CPU") != std::string::npos);
    CHECK(senet_session_run_device_f32(own.get(), 2, &value, &value) == SENET_INVALID_ARGUMENT);
    CHECK(senet_session_run_device_f32(own.get(), 1, nullptr, &value) == SENET_INVALID_ARGUMENT);
    CHECK(senet_session_run_device_f32(nullptr, 1, &value, &value) == SENET_INVALID_ARGUMENT);
    CHECK(open_gpu_session(cpu, 1, reinterpret_cast<void*>(1)) == nullptr);
    CHECK(std::string(senet_last_message()).find("cuda_stream is given, and toy runs on the CPU") != std::string::npos);
}

TEST_CASE("a context of another device than the one asked for is refused") {
    const FakeMachine machine({12040, 2, 90});
    User user;
    CHECK(open_gpu_toy(senet_model_gpu_toy, "cuda:1", user.context) == nullptr);
    CHECK(std::string(senet_last_message()) == "cuda_context is of device 0, and device says cuda:1");
    CHECK(open_gpu_toy(senet_model_gpu_toy, "cpu", user.context) == nullptr);
    CHECK(std::string(senet_last_message()) == "device is cpu, so cuda_context must be NULL");
}
