// The program that makes weights where only the libraries travel to (bench/peers-gpu).
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/programs/programs.h"

using namespace senetc::test;
namespace fs = std::filesystem;

namespace {

// A library of se_resnet20_cifar for GPU and CPU, whose weights are packed differently for both, in a file beside.
struct Built {
    senetc::TemporaryFolder folder;
    fs::path library = folder.path() / "x86-64-cuda/libse_resnet20_cifar.so";
    fs::path weights = folder.path() / "x86-64-cuda/se_resnet20_cifar.weights";

    explicit Built(const std::string& safetensors, const std::string& options = "") {
        const Outcome built =
            run(fmt::format("{{senetc}} build se_resnet20_cifar --weights {} -o {} --target x86-64-cuda "
                            "--variants cuda,avx2 --weights-beside {}",
                            safetensors, folder.path().string(), options));
        REQUIRE_MESSAGE(built.status == 0, built.errors);
    }
};

Outcome write_weights(const fs::path& library) {
    return run(WRITE_WEIGHTS_PROGRAM " " + library.string());
}

}  // namespace

TEST_CASE("write_weights makes a library's file of formula weights as senetc wrote it, byte for byte") {
    const senetc::TemporaryFolder folder;
    const std::string safetensors = folder.path() / "w.safetensors";
    REQUIRE(run("{senetc} weights se_resnet20_cifar -o " + safetensors).status == 0);
    const Built built(safetensors);
    const std::string expected = read_text(built.weights);
    fs::remove(built.weights);
    const Outcome outcome = write_weights(built.library);
    REQUIRE_MESSAGE(outcome.status == 0, outcome.errors);
    CHECK(read_text(built.weights) == expected);
    CHECK(run("{senet} bench --device cpu --seconds 0 " + built.library.string()).status == 0);
}

TEST_CASE("write_weights writes nothing for a library with other weights, and says so") {
    const Built built(kTrainedWeights);
    fs::remove(built.weights);
    const Outcome outcome = write_weights(built.library);
    CHECK(outcome.status == 2);
    CHECK(outcome.errors.find("its weights aren't those by formula") != std::string::npos);
    CHECK_FALSE(fs::exists(built.weights));
}

TEST_CASE("write_weights says of a library whose steps it can't make that it is built otherwise") {
    const Outcome outcome = write_weights(Built(kTrainedWeights, "--without fuse_activation").library);
    CHECK(outcome.status == 2);
    CHECK(outcome.errors.find("its steps aren't those that this program makes of its network") != std::string::npos);
}

TEST_CASE("write_weights says of a file what it lacks") {
    CHECK(write_weights(trained_library()).errors.find("has its weights inside; build it with --weights-beside") !=
          std::string::npos);
    CHECK(write_weights(kTrainedWeights).status == 2);
}
