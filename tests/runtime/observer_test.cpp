// What an observer is told, and what it may read.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "tests/runtime/support/handles.h"
#include "tests/runtime/support/toy_reference.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;

namespace {

struct Seen {
    std::vector<std::string> names;
    std::vector<std::vector<float>> outputs;
    double seconds = 0;
};

void record(void* user, senet_session* session, const senet_step_event* event) {
    Seen& seen = *static_cast<Seen*>(user);
    CHECK(event->index == seen.names.size());
    seen.names.push_back(event->step->name);
    seen.seconds += event->seconds;
    const size_t pixels = event->step->height ? size_t{event->step->height} * event->step->width : 1;
    std::vector<float> output(event->batch * event->step->channels * pixels);
    CHECK(senet_session_read_output(session, output.data()) == SENET_OK);
    seen.outputs.push_back(output);
}

void expect(const std::vector<float>& batch, size_t image, const std::vector<double>& expected) {
    double largest = 0;
    for (double value : expected) largest = std::max(largest, std::abs(value));
    CHECK(largest > 0);
    REQUIRE(batch.size() >= (image + 1) * expected.size());
    for (size_t i = 0; i < expected.size(); ++i)
        CHECK(std::abs(batch[image * expected.size() + i] - expected[i]) < 1e-5 * largest);
}

}  // namespace

TEST_CASE("an observer sees every step in order and reads its output in the usual layout") {
    const Model model = open_toy();
    const Session session = open_session(model, 3, 2);
    Seen seen;
    REQUIRE(senet_session_observe(session.get(), record, &seen) == SENET_OK);
    const std::vector<float> images = toy_images(2);
    float logits[10];
    REQUIRE(senet_session_run_f32(session.get(), 2, images.data(), logits) == SENET_OK);
    CHECK(seen.names == std::vector<std::string>{"input", "conv", "box1", "box2", "squeeze", "dense"});
    CHECK(seen.seconds > 0);
    CHECK(seen.outputs[0] == images);
    for (size_t n = 0; n < 2; ++n) {
        const auto begin = images.begin() + static_cast<long>(n * images.size() / 2);
        const ToyValues values = evaluate_toy({begin, begin + static_cast<long>(images.size() / 2)});
        expect(seen.outputs[1], n, values.conv);
        expect(seen.outputs[2], n, values.box1);
        expect(seen.outputs[3], n, values.box2);
        expect(seen.outputs[4], n, values.squeeze);
        expect(seen.outputs[5], n, values.dense);
    }
    CHECK(seen.outputs[5] == std::vector<float>(logits, logits + 10));
}

TEST_CASE("NULL stops observing") {
    const Model model = open_toy();
    const Session session = open_session(model, 1, 1);
    Seen seen;
    senet_session_observe(session.get(), record, &seen);
    senet_session_observe(session.get(), nullptr, nullptr);
    const std::vector<float> image = toy_images(1);
    float logits[5];
    CHECK(senet_session_run_f32(session.get(), 1, image.data(), logits) == SENET_OK);
    CHECK(seen.names.empty());
}

TEST_CASE("outputs are read only inside the observer, and an observer doesn't run its own session") {
    const Model model = open_toy();
    const Session session = open_session(model, 1, 1);
    float value[1000];
    CHECK(senet_session_read_output(session.get(), value) == SENET_INVALID_ARGUMENT);
    const auto run_again = [](void* user, senet_session* running, const senet_step_event*) {
        float image[105] = {}, logits[5];
        *static_cast<senet_status*>(user) = senet_session_run_f32(running, 1, image, logits);
        CHECK(std::string(senet_last_message()).find("running already") != std::string::npos);
    };
    senet_status status = SENET_OK;
    senet_session_observe(session.get(), run_again, &status);
    const std::vector<float> image = toy_images(1);
    float logits[5];
    CHECK(senet_session_run_f32(session.get(), 1, image.data(), logits) == SENET_OK);
    CHECK(status == SENET_INVALID_ARGUMENT);
}
