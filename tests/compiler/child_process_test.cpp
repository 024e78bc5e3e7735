// Whatever becomes of a child process becomes a sentence.
#include "generators/system/child_process.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <vector>

#include "models/error.h"

using namespace senetc;

namespace {

struct Ended {
    std::string words;
    ChildProcess::End how;
};

Ended ended(const std::function<void()>& body, unsigned seconds = 0, int64_t memory = 0) {
    ChildProcess child(body, seconds, memory);
    const std::string words = child.wait();
    return {words, child.end()};
}

// Takes memory and uses it.
void use(size_t bytes) {
    std::vector<char> block(bytes);
    std::memset(block.data(), 1, bytes);
    if (block[bytes / 2] != 1) throw Error("memory forgets");
}

constexpr size_t kMiB = size_t{1} << 20;

}  // namespace

TEST_CASE("work that ends well says nothing") {
    CHECK(ended([] {}).words == "");
    CHECK(ended([] {}).how == ChildProcess::End::well);
}

TEST_CASE("what is thrown comes back as it was said") {
    const Ended end = ended([] { throw Error("the tile is too wide"); });
    CHECK(end.words == "the tile is too wide");
    CHECK(end.how == ChildProcess::End::threw);
}

TEST_CASE("a signal is named") {
    const Ended end = ended([] { raise(SIGKILL); });
    CHECK(end.words.find("signal 9") != std::string::npos);
    CHECK(end.how == ChildProcess::End::died);
}

TEST_CASE("a child that takes too long is ended") {
    const Ended end = ended([] { pause(); }, 1);
    CHECK(end.words == "took longer than 1 s");
    CHECK(end.how == ChildProcess::End::timed_out);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they have their own words for it
TEST_CASE("a child gets the memory that it may have beyond its parent's, and no more") {
    const std::vector<char> of_parent(256 * kMiB, 1);
    CHECK(ended([] { use(64 * kMiB); }, 0, 128 * kMiB).words == "");
    const Ended end = ended([] { use(1024 * kMiB); }, 0, 128 * kMiB);
    CHECK(end.words == "not enough memory");
    CHECK(end.how == ChildProcess::End::died);
    CHECK(of_parent[kMiB] == 1);
}
#endif
