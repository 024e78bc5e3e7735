// Which device a model runs on, and what is said when it can't.
#include <doctest/doctest.h>

#include <string>

#include "tests/cuda/support.h"
#include "tests/cuda/toy/gpu_toy.h"
#include "tests/runtime/support/toy_reference.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;

namespace {

struct Opened {
    senet_status status;
    std::string device, message;
};

Opened open(senet_model_query_v1_t query, const char* device, const char* variant = nullptr) {
    senet_model_options options{};
    options.device = device;
    options.variant = variant;
    senet_model* model = nullptr;
    const senet_status status = senet_model_open_linked(query, &options, &model);
    const Model owner(model);
    CHECK((model == nullptr) == (status != SENET_OK));
    return {status, model ? senet_model_device(model) : "", senet_last_message()};
}

bool contains(const std::string& text, const char* words) {
    INFO(text);
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("without a wish a GPU is taken where there is one, else the CPU, silently") {
    senet_model_open("/no/such/file", nullptr, nullptr);  // the message that must stay
    const std::string before = senet_last_message();
    for (const auto& [machine, device] :
         {std::pair<fake_cuda::Machine, const char*>{{12040, 1, 70}, "cuda:0, Fake 0, compute capability 7.0"},
          {{12040, 0, 90}, "cpu"},
          {{12040, 1, 61}, "cpu"},
          {{11030, 1, 90}, "cpu"}}) {
        const FakeMachine fake(machine);
        const Opened opened = open(senet_model_gpu_toy, nullptr);
        CHECK(opened.status == SENET_OK);
        CHECK(opened.device == device);
        CHECK(opened.message == before);
    }
}

TEST_CASE("a wish for a GPU that isn't there, or is too old, is one sentence") {
    const auto refusal = [](const fake_cuda::Machine& machine, const char* device) {
        const FakeMachine fake(machine);
        const Opened opened = open(senet_model_gpu_toy, device);
        CHECK(opened.status == SENET_NO_DEVICE);
        return opened.message;
    };
    CHECK(refusal({12040, 0, 90}, "cuda") ==
          "the NVIDIA driver offers no device: cuInit failed with CUDA_ERROR_NO_DEVICE (100: no CUDA-capable device is "
          "detected)");
    CHECK(refusal({12040, 2, 90}, "cuda:2") == "there is no CUDA device 2: the driver has 2, counted from 0");
    CHECK(refusal({12040, 1, 61}, "cuda:0") ==
          "CUDA device 0 (Fake 0) is too old: it has compute capability 6.1, and the model needs 7.0");
    CHECK(refusal({11030, 1, 90}, "cuda") ==
          "the NVIDIA driver is too old: it is for CUDA 11.3; install one for CUDA 11.4 or later");
}

TEST_CASE("the second device, the CPU, or a variant can be named") {
    const FakeMachine machine({12040, 2, 86});
    CHECK(open(senet_model_gpu_toy, "cuda:1").device == "cuda:1, Fake 1, compute capability 8.6");
    CHECK(open(senet_model_gpu_toy, "cpu").device == "cpu");
    CHECK(open(senet_model_gpu_toy, nullptr, "plain").device == "cpu");
    CHECK(open(senet_model_gpu_toy, nullptr, "cuda").device == "cuda:0, Fake 0, compute capability 8.6");
    CHECK(senet_model_device(nullptr) == nullptr);
}

TEST_CASE("wishes that make no sense, or contradict each other, are refused") {
    const FakeMachine machine;
    for (const char* device : {"gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1x", "cuda:99999", ""}) {
        const Opened opened = open(senet_model_gpu_toy, device);
        CHECK(opened.status == SENET_INVALID_ARGUMENT);
        CHECK(opened.message == "device is '" + std::string(device) + "': say cpu, cuda or cuda:N");
    }
    CHECK(contains(open(senet_model_gpu_toy, "cpu", "cuda").message, "variant cuda of toy runs on CUDA devices"));
    CHECK(contains(open(senet_model_gpu_toy, "cuda", "plain").message, "variant plain of toy runs on the CPU"));
    CHECK(contains(open(senet_model_gpu_toy_alone, "cpu").message, "toy was built for CUDA devices alone"));
    CHECK(contains(open(senet_model_toy, "cuda").message, "toy has no kernels for CUDA devices: build it with"));
}

TEST_CASE("a model for GPUs alone says why it doesn't run without one") {
    const FakeMachine machine({12040, 0, 90});
    const Opened opened = open(senet_model_gpu_toy_alone, nullptr);
    CHECK(opened.status == SENET_NO_DEVICE);
    CHECK(contains(opened.message, "no CUDA-capable device is detected"));
}

TEST_CASE("a GPU that fails isn't passed over for the CPU") {
    const FakeMachine machine;
    fake_cuda::fail_function("cuMemAlloc", 2);
    const Opened opened = open(senet_model_gpu_toy, nullptr);
    CHECK(opened.status == SENET_OUT_OF_MEMORY);
    CHECK(opened.message ==
          "CUDA device 0 (Fake 0): cuMemAlloc failed with CUDA_ERROR_OUT_OF_MEMORY (2: out of memory); take a smaller "
          "max_batch, or free memory on the device");
}
