// A network on a device: right, and chained there.
#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "tests/cuda/support.h"
#include "tests/cuda/toy/gpu_toy.h"
#include "tests/runtime/support/toy_reference.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;
using toy::kClasses;

namespace {

constexpr uint32_t kMaxBatch = 4;
using Names = std::vector<std::string>;

std::vector<float> first_of(const std::vector<float>& logits, uint32_t batch) {
    return {logits.begin(), logits.begin() + batch * kClasses};
}

}  // namespace

TEST_CASE("any batch on the device gives the CPU's bits of batch 1, in any order of batches") {
    const FakeMachine machine;
    const Model model = open_gpu_toy(senet_model_gpu_toy);
    REQUIRE(model);
    CHECK(std::string(senet_model_device(model.get())) == "cuda:0, Fake 0, compute capability 9.0");
    const Session session = open_gpu_session(model, kMaxBatch);
    REQUIRE(session);
    CHECK(senet_session_threads(session.get()) == 1);
    const std::vector<float> images = toy_images(kMaxBatch), expected = expected_logits(images);
    for (uint32_t batch : {4u, 1u, 3u, 2u, 4u, 1u}) CHECK(run(session, batch, images) == first_of(expected, batch));
}

TEST_CASE("bytes are normalised on the device as on the CPU, and don't disturb runs on floats") {
    const FakeMachine machine;
    const Model gpu = open_gpu_toy(senet_model_gpu_toy), cpu = open_toy();
    const std::vector<uint8_t> bytes = toy_bytes(2);
    const std::vector<float> images = toy_images(2), floats = expected_logits(images);
    const float mean[] = {0.1f, 0.2f, 0.3f}, deviation[] = {1, -2, 0.5f};
    senet_session_options options{};
    options.max_batch = 2;
    for (bool own : {false, true}) {
        options.mean = own ? mean : nullptr;
        options.deviation = own ? deviation : nullptr;
        std::vector<float> logits[2] = {std::vector<float>(2 * kClasses), std::vector<float>(2 * kClasses)};
        for (int i = 0; i < 2; ++i) {
            senet_session* opened = nullptr;
            REQUIRE(senet_session_open((i ? gpu : cpu).get(), &options, &opened) == SENET_OK);
            const Session session(opened);
            CHECK(senet_session_run_u8(opened, 2, bytes.data(), logits[i].data()) == SENET_OK);
            CHECK(run(session, 2, images) == floats);
        }
        CHECK(logits[0] == logits[1]);
    }
}

TEST_CASE("a run is one copy in, one graph of the whole network and nothing else, one copy out, one wait") {
    const FakeMachine machine;
    const Model model = open_gpu_toy(senet_model_gpu_toy);
    const Session session = open_gpu_session(model, kMaxBatch);
    const std::vector<float> images = toy_images(kMaxBatch);
    for (uint32_t batch = 1; batch <= kMaxBatch; ++batch) {
        run(session, batch, images);  // records the batch's graph
        fake_cuda::forget_calls();
        run(session, batch, images);
        CHECK(call_names() == Names{"cuCtxPushCurrent", "cuMemcpyHtoDAsync", "cuGraphLaunch", "cuMemcpyDtoHAsync",
                                    "cuStreamSynchronize", "cuCtxPopCurrent"});
        CHECK(fake_cuda::calls()[2].detail == "8 kernels, 0 copies");
    }
}

TEST_CASE(
    "each batch's graph is recorded once for floats and once for bytes, the largest one's when the session opens") {
    const FakeMachine machine;
    const Model model = open_gpu_toy(senet_model_gpu_toy);
    const Session session = open_gpu_session(model, kMaxBatch);
    CHECK(count_calls("cuGraphInstantiateWithFlags") == 2);
    const std::vector<float> images = toy_images(kMaxBatch);
    const std::vector<uint8_t> bytes = toy_bytes(kMaxBatch);
    std::vector<float> logits(kMaxBatch * kClasses);
    const auto run_both = [&](uint32_t batch) {
        run(session, batch, images);
        CHECK(senet_session_run_u8(session.get(), batch, bytes.data(), logits.data()) == SENET_OK);
    };
    run_both(kMaxBatch);
    CHECK(count_calls("cuGraphInstantiateWithFlags") == 2);
    for (int round = 0; round < 3; ++round)
        for (uint32_t batch = 1; batch <= kMaxBatch; ++batch) run_both(batch);
    CHECK(count_calls("cuGraphInstantiateWithFlags") == 2 * kMaxBatch);
    CHECK(count_calls("cuStreamBeginCapture") == 2 * kMaxBatch);
}

TEST_CASE("runs allocate nothing on the device, even a batch's first") {
    const FakeMachine machine;
    const Model model = open_gpu_toy(senet_model_gpu_toy);
    const Session session = open_gpu_session(model, kMaxBatch);
    fake_cuda::forget_calls();
    const std::vector<float> images = toy_images(kMaxBatch);
    for (uint32_t batch = 1; batch <= kMaxBatch; ++batch) run(session, batch, images);
    for (const char* name : {"cuMemAlloc", "cuMemAllocHost", "cuMemFree", "cuModuleLoadDataEx", "cuModuleGetFunction"})
        CHECK(count_calls(name) == 0);
}

TEST_CASE("weights and modules are loaded once for all sessions of a model, equal kernels once") {
    const FakeMachine machine;
    const Model model = open_gpu_toy(senet_model_gpu_toy);
    {
        const Session first = open_gpu_session(model, 1);
        CHECK(count_calls("cuModuleLoadDataEx") == 6);
    }
    const Session second = open_gpu_session(model, 2), third = open_gpu_session(model, 3);
    CHECK(count_calls("cuModuleLoadDataEx") == 6);
    const std::string bytes = std::to_string(senet_model_describe(model.get())->weights_bytes);
    const std::vector<fake_cuda::Call> calls = fake_cuda::calls();
    CHECK(std::count_if(calls.begin(), calls.end(), [&](const fake_cuda::Call& call) {
              return call.name == "cuMemcpyHtoD" && call.detail == bytes;
          }) == 1);
}

TEST_CASE("PTX is compiled with all registers; code made for the device's architecture is taken instead") {
    const auto loaded = [](int capability) {
        const FakeMachine machine({12040, 1, capability});
        const Model model = open_gpu_toy(senet_model_gpu_toy_coded);
        const Session session = open_gpu_session(model, 1);
        const std::vector<float> image = toy_images(1);
        CHECK(run(session, 1, image) == expected_logits(image));
        for (const fake_cuda::Call& call : fake_cuda::calls())
            if (call.name == "cuModuleLoadDataEx") return call.detail;
        return std::string();
    };
    CHECK(loaded(75) == "ptx, registers 255");
    CHECK(loaded(80) == "cubin");
    CHECK(loaded(89) == "cubin");
    CHECK(loaded(90) == "cubin");
    CHECK(loaded(100) == "ptx, registers 255");
}

TEST_CASE("a kernel with more than 48 KiB of shared memory is allowed it once") {
    const FakeMachine machine;
    const Model model = open_gpu_toy(senet_model_gpu_toy);
    const Session session = open_gpu_session(model, 1), other = open_gpu_session(model, 1);
    CHECK(count_calls("cuFuncSetAttribute") == 1);
}

TEST_CASE("several sessions run at once from several threads, the first that open included") {
    const FakeMachine machine;
    const Model model = open_gpu_toy(senet_model_gpu_toy);
    const std::vector<float> images = toy_images(kMaxBatch), expected = expected_logits(images);
    std::vector<std::thread> callers;
    int wrong[4] = {};
    for (int t = 0; t < 4; ++t)
        callers.emplace_back([&, t] {
            const Session session = open_gpu_session(model, kMaxBatch);
            std::vector<float> logits(kMaxBatch * kClasses);
            for (int i = 0; i < 20; ++i) {
                const bool fine =
                    senet_session_run_f32(session.get(), kMaxBatch, images.data(), logits.data()) == SENET_OK;
                wrong[t] += !fine || logits != expected;
            }
        });
    for (std::thread& caller : callers) caller.join();
    for (int count : wrong) CHECK(count == 0);
}
