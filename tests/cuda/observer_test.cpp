// Observed runs on a device: step by step, without the graph.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "tests/cuda/support.h"
#include "tests/cuda/toy/gpu_toy.h"
#include "tests/runtime/support/toy_reference.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;

namespace {

struct Seen {
    std::vector<std::string> names;
    std::vector<double> seconds;
    std::vector<std::vector<float>> outputs;
};

void record(void* user, senet_session* session, const senet_step_event* event) {
    Seen& seen = *static_cast<Seen*>(user);
    seen.names.push_back(event->step->name);
    seen.seconds.push_back(event->seconds);
    const size_t pixels = event->step->height ? size_t{event->step->height} * event->step->width : 1;
    std::vector<float> output(event->batch * event->step->channels * pixels);
    CHECK(senet_session_read_output(session, output.data()) == SENET_OK);
    seen.outputs.push_back(output);
}

Seen observe(const Session& session, const std::vector<float>& images) {
    Seen seen;
    CHECK(senet_session_observe(session.get(), record, &seen) == SENET_OK);
    run(session, 2, images);
    senet_session_observe(session.get(), nullptr, nullptr);
    return seen;
}

}  // namespace

TEST_CASE("an observer sees the CPU's steps and outputs, and the device's times") {
    const FakeMachine machine;
    const Model gpu = open_gpu_toy(senet_model_gpu_toy), cpu = open_toy();
    const Session on_gpu = open_gpu_session(gpu, 3), on_cpu = open_session(cpu, 3, 1);
    const std::vector<float> images = toy_images(2);
    fake_cuda::forget_calls();
    const Seen seen = observe(on_gpu, images), right = observe(on_cpu, images);
    CHECK(seen.names == right.names);
    CHECK(seen.outputs == right.outputs);
    CHECK(count_calls("cuGraphLaunch") == 0);
    REQUIRE(seen.seconds.size() == 6);
    CHECK(std::abs(seen.seconds[1] - 0.000251) < 1e-6);  // one kernel, by the fake's clock
    CHECK(std::abs(seen.seconds[2] - 0.000501) < 1e-6);  // two
    CHECK(run(on_gpu, 2, images) == run(on_cpu, 2, images));
    CHECK(count_calls("cuGraphLaunch") == 1);
}
