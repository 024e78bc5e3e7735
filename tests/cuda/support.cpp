#include "tests/cuda/support.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/cuda/toy/gpu_toy.h"
#include "tests/runtime/toy/toy.h"

namespace senetc {

FakeMachine::FakeMachine(const fake_cuda::Machine& machine) {
    fake_cuda::reset(machine);
    gpu_toy::define_kernels();
    gpu_toy::behave(gpu_toy::Behaviour::right);
}

FakeMachine::~FakeMachine() {
    for (const std::string& violation : fake_cuda::violations()) CHECK(violation == "");
    CHECK(fake_cuda::alive() == "");
    CHECK(fake_cuda::dropped() == 0);
}

Model open_gpu_toy(senet_model_query_v1_t query, const char* device, void* context) {
    senet_model_options options{};
    options.device = device;
    options.cuda_context = context;
    return open_linked(query, options);
}

Session open_gpu_session(const Model& model, uint32_t max_batch, void* stream) {
    senet_session_options options{};
    options.max_batch = max_batch;
    options.cuda_stream = stream;
    return open_session(model, options);
}

std::vector<float> expected_logits(const std::vector<float>& images) {
    const Model model = open_toy();
    const Session session = open_session(model, 1, 1);
    constexpr size_t kImage = size_t{toy::kChannels} * toy::kHeight * toy::kWidth;
    std::vector<float> logits(images.size() / kImage * toy::kClasses);
    for (size_t i = 0; i < images.size() / kImage; ++i)
        senet_session_run_f32(session.get(), 1, images.data() + i * kImage, logits.data() + i * toy::kClasses);
    return logits;
}

std::vector<float> run(const Session& session, uint32_t batch, const std::vector<float>& images) {
    std::vector<float> logits(batch * size_t{toy::kClasses}, NAN);
    const senet_status status = senet_session_run_f32(session.get(), batch, images.data(), logits.data());
    INFO(senet_last_message());
    CHECK(status == SENET_OK);
    return logits;
}

std::vector<std::string> call_names() {
    std::vector<std::string> names;
    for (const fake_cuda::Call& call : fake_cuda::calls()) names.push_back(call.name);
    return names;
}

long count_calls(const std::string& name) {
    long count = 0;
    for (const fake_cuda::Call& call : fake_cuda::calls()) count += call.name == name;
    return count;
}

}  // namespace senetc
