// A process that forks: the child must not wait for threads that it doesn't have.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "tests/runtime/support/handles.h"
#include "tests/runtime/support/toy_reference.h"

using namespace senetc;

namespace {

constexpr uint32_t kBatch = 4;

bool runs_right(senet_session* session, const std::vector<float>& images, const float* expected) {
    float logits[kBatch * 5];
    return senet_session_run_f32(session, kBatch, images.data(), logits) == SENET_OK &&
           memcmp(logits, expected, sizeof(logits)) == 0;
}

// In the child: the parent's session, then one of its own.
int child(senet_session* inherited, const Model& model, const std::vector<float>& images, const float* expected) {
    alarm(20);
    if (!runs_right(inherited, images, expected)) return 1;
    const Session own = open_session(model, kBatch, 0);
    for (int i = 0; i < 20; ++i)
        if (!runs_right(own.get(), images, expected)) return 2;
    return 0;
}

}  // namespace

TEST_CASE("after a fork both sides run, even while other threads run") {
    const Model model = open_toy();
    const Session session = open_session(model, kBatch, 0);
    const std::vector<float> images = toy_images(kBatch);
    float expected[kBatch * 5];
    REQUIRE(senet_session_run_f32(session.get(), kBatch, images.data(), expected) == SENET_OK);

    std::atomic<bool> stop{false};
    std::thread busy([&] {
        const Session other = open_session(model, kBatch, 0);
        while (!stop) runs_right(other.get(), images, expected);
    });
    for (int i = 0; i < 10; ++i) {
        const pid_t pid = fork();
        REQUIRE(pid >= 0);
        if (pid == 0) _exit(child(session.get(), model, images, expected));
        int status = 0;
        REQUIRE(waitpid(pid, &status, 0) == pid);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
        CHECK(runs_right(session.get(), images, expected));
    }
    stop = true;
    busy.join();
}
