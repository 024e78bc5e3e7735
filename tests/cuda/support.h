// What the tests of CUDA sessions share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/cuda/fake/fake.h"
#include "tests/runtime/support/handles.h"

namespace senetc {

// The machine that the fake driver is until the end of a test, which then finds nothing wrong and nothing left.
class FakeMachine {
  public:
    explicit FakeMachine(const fake_cuda::Machine& machine = {});
    ~FakeMachine();
    FakeMachine(const FakeMachine&) = delete;
    FakeMachine& operator=(const FakeMachine&) = delete;
};

Model open_gpu_toy(senet_model_query_v1_t query, const char* device = "cuda", void* context = nullptr);
Session open_gpu_session(const Model& model, uint32_t max_batch, void* stream = nullptr);

// The plain variant's logits, image by image: what every batch on the device must give, to the bit.
std::vector<float> expected_logits(const std::vector<float>& images);

std::vector<float> run(const Session& session, uint32_t batch, const std::vector<float>& images);

// Names of the calls since fake_cuda::forget_calls.
std::vector<std::string> call_names();
long count_calls(const std::string& name);

}  // namespace senetc
