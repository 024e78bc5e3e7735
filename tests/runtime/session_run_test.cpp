// What sessions compute: right, and the same bits for any batch and thread count.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <thread>

#include "tests/runtime/support/handles.h"
#include "tests/runtime/support/toy_reference.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;
using toy::kClasses;

namespace {

constexpr int kImage = toy::kChannels * toy::kHeight * toy::kWidth;
constexpr int kMaxBatch = 5;

std::vector<float> run(const Session& session, const std::vector<float>& images) {
    const size_t batch = images.size() / kImage;
    std::vector<float> logits(batch * kClasses, NAN);
    CHECK(senet_session_run_f32(session.get(), static_cast<uint32_t>(batch), images.data(), logits.data()) == SENET_OK);
    return logits;
}

bool equal_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

std::vector<float> one_by_one(const std::vector<float>& images) {
    const Model model = open_toy();
    const Session session = open_session(model, 1, 1);
    std::vector<float> all;
    for (size_t i = 0; i < images.size(); i += kImage) {
        const auto begin = images.begin() + static_cast<long>(i);
        const std::vector<float> logits = run(session, {begin, begin + kImage});
        all.insert(all.end(), logits.begin(), logits.end());
    }
    return all;
}

double largest_error(const std::vector<float>& values, const std::vector<double>& expected) {
    REQUIRE(values.size() == expected.size());
    double error = 0, largest = 0;
    for (size_t i = 0; i < values.size(); ++i) {
        error = std::max(error, std::abs(values[i] - expected[i]));
        largest = std::max(largest, std::abs(expected[i]));
    }
    CHECK(largest > 0);
    return error / largest;
}

}  // namespace

TEST_CASE("logits are the network's") {
    const Model model = open_toy();
    const Session session = open_session(model, 1, 1);
    const std::vector<float> image = toy_images(1);
    CHECK(largest_error(run(session, image), evaluate_toy({image.begin(), image.end()}).dense) < 1e-5);
}

TEST_CASE("bytes are normalised by the model's mean and deviation, or the caller's") {
    const Model model = open_toy();
    const std::vector<uint8_t> bytes = toy_bytes(1);
    const float own_mean[] = {0.1f, 0.2f, 0.3f}, own_deviation[] = {1, -2, 0.5f};
    for (bool own : {false, true}) {
        senet_session_options options{};
        options.mean = own ? own_mean : nullptr;
        options.deviation = own ? own_deviation : nullptr;
        senet_session* session = nullptr;
        REQUIRE(senet_session_open(model.get(), &options, &session) == SENET_OK);
        const senet_preprocess_v1_t& preprocess = senet_model_describe(model.get())->preprocess;
        std::vector<double> image(kImage);
        for (int i = 0; i < kImage; ++i) {  // [y][x][c] -> [c][y][x]
            const int c = i % toy::kChannels;
            const double mean = own ? own_mean[c] : preprocess.mean[c];
            const double deviation = own ? own_deviation[c] : preprocess.deviation[c];
            image[static_cast<size_t>(c * kImage / toy::kChannels + i / toy::kChannels)] =
                (bytes[static_cast<size_t>(i)] / 255.0 - mean) / deviation;
        }
        std::vector<float> logits(kClasses);
        CHECK(senet_session_run_u8(session, 1, bytes.data(), logits.data()) == SENET_OK);
        CHECK(largest_error(logits, evaluate_toy(image).dense) < 1e-5);
        senet_session_close(session);
    }
}

TEST_CASE("any batch up to the maximum gives the bits of batch 1, in any order of batches") {
    const Model model = open_toy();
    const std::vector<float> images = toy_images(kMaxBatch), expected = one_by_one(images);
    const Session session = open_session(model, kMaxBatch, 1);
    for (int batch : {1, 5, 2, 4, 3, 5, 1}) {
        const std::vector<float> logits = run(session, {images.begin(), images.begin() + batch * kImage});
        CHECK(equal_bits(logits, {expected.begin(), expected.begin() + batch * kClasses}));
    }
}

TEST_CASE("any number of threads gives the same bits") {
    const Model model = open_toy();
    const std::vector<float> images = toy_images(kMaxBatch), expected = one_by_one(images);
    for (uint32_t threads : {1u, 2u, 3u, 4u, 0u}) {
        const Session session = open_session(model, kMaxBatch, threads);
        CHECK(senet_session_threads(session.get()) >= 1);
        if (threads != 0) CHECK(senet_session_threads(session.get()) <= threads);
        for (int i = 0; i < 50; ++i) CHECK(equal_bits(run(session, images), expected));
    }
}

TEST_CASE("float and byte runs of one session don't disturb each other") {
    const Model model = open_toy();
    const Session session = open_session(model, 2, 1);
    const std::vector<float> images = toy_images(2), expected = run(session, images);
    const std::vector<uint8_t> bytes = toy_bytes(2);
    std::vector<float> first(2 * kClasses), second(2 * kClasses);
    CHECK(senet_session_run_u8(session.get(), 2, bytes.data(), first.data()) == SENET_OK);
    CHECK(equal_bits(run(session, images), expected));
    CHECK(senet_session_run_u8(session.get(), 2, bytes.data(), second.data()) == SENET_OK);
    CHECK(equal_bits(first, second));
}

TEST_CASE("several sessions run at once from several threads") {
    const Model model = open_toy();
    const std::vector<float> images = toy_images(kMaxBatch), expected = one_by_one(images);
    std::vector<std::thread> callers;
    int wrong[6] = {};
    for (int t = 0; t < 6; ++t)
        callers.emplace_back([&, t] {
            const Session session = open_session(model, kMaxBatch, 0);
            for (int i = 0; i < 100; ++i) {
                std::vector<float> logits(kMaxBatch * kClasses);
                if (senet_session_run_f32(session.get(), kMaxBatch, images.data(), logits.data()) != SENET_OK ||
                    !equal_bits(logits, expected))
                    ++wrong[t];
            }
        });
    for (std::thread& caller : callers) caller.join();
    for (int count : wrong) CHECK(count == 0);
}

TEST_CASE("a kernel that fails, or asks for more scratch than planned, fails the run with a sentence") {
    const std::vector<float> image = toy_images(1);
    std::vector<float> logits(kClasses);
    const Model failing = open_toy("failing"), greedy = open_toy("greedy");
    for (uint32_t threads : {1u, 2u}) {
        const Session first = open_session(failing, 1, threads), second = open_session(greedy, 1, threads);
        CHECK(senet_session_run_f32(first.get(), 1, image.data(), logits.data()) == SENET_KERNEL_FAILED);
        CHECK(std::string(senet_last_message()) == "toy: the kernel of box1 returned 7");
        CHECK(senet_session_run_f32(second.get(), 1, image.data(), logits.data()) == SENET_KERNEL_FAILED);
        CHECK(std::string(senet_last_message()).find("box1 needs more scratch than the 36 bytes planned") !=
              std::string::npos);
    }
}
