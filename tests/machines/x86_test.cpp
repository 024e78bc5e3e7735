// x86 machines with less than the one that builds: without AVX-512, and without AVX2.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/machines/machines.h"

using namespace senetc;
using namespace senetc::test;

namespace {

const std::string kShip = SENETC_SOURCE "/models/demo/ship/ship-water.png";

bool contains(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("without AVX-512 the AVX2 variant runs, with the same result as here") {
    const std::string line = fmt::format("run {} {} --top 3 --output -", trained_library(), kShip);
    const Outcome older = run(fmt::format("{} {}", senet_on("Haswell"), line));
    const Outcome here = run(fmt::format("{{senet}} {} --variant avx2", line));
    CHECK_MESSAGE(older.status == 0, older.errors);
    CHECK(contains(older.output, "ship"));
    if (here.status == 0) CHECK(older.output == here.output);

    const Outcome info = run(fmt::format("{} info {}", senet_on("Haswell"), trained_library()));
    CHECK(contains(info.output, "* avx2"));
    CHECK(
        contains(info.output, "not here: this CPU can't run variant avx512 of se_resnet20_cifar: it lacks avx512f, "));
}

TEST_CASE("without AVX2 a library is described, and running it refused: one sentence says what the CPU lacks") {
    const std::string library = trained_library();
    const Outcome info = run(fmt::format("{} info {}", senet_on("Nehalem"), library));
    CHECK_MESSAGE(info.status == 0, info.errors);
    CHECK(contains(info.output, "name         se_resnet20_cifar\n"));
    CHECK(contains(info.output, "runs on      nothing here\n"));
    CHECK(contains(info.output, "not here: this CPU can't run variant avx2 of se_resnet20_cifar: it lacks avx, "));
    CHECK_FALSE(contains(info.output, "memory"));  // which a session would say
    for (const std::string& command : {"bench " + library, "run " + library + " " + kShip}) {
        const Outcome outcome = run(senet_on("Nehalem") + " " + command);
        CHECK(outcome.status == 2);
        CHECK(outcome.output.empty());
        CHECK(contains(outcome.errors,
                       "senet: this CPU runs no variant of se_resnet20_cifar (avx512, avx2): for avx2 it lacks avx, "
                       "fma, f16c, avx2, the operating system's support for ymm registers\n"));
    }
}

TEST_CASE("without AVX2 a library of another machine is still named by its machine") {
    const TemporaryFolder folder;
    const Outcome built = run(fmt::format("{{senetc}} build se_resnet20_cifar --target arm-64 --weights {} -o {}",
                                          kTrainedWeights, folder.path().string()));
    REQUIRE_MESSAGE(built.status == 0, built.errors);
    const std::string library = folder.path() / "arm-64" / "libse_resnet20_cifar.so";
    for (const std::string& senet : {std::string("{senet}"), senet_on("Nehalem")}) {
        const Outcome outcome = run(fmt::format("{} info {}", senet, library));
        CHECK(outcome.status == 2);
        CHECK(contains(outcome.errors, "senet: " + library +
                                           " is built for arm-64 and this machine is x86-64: take the "
                                           "library that senetc build --target x86-64 writes\n"));
    }
}

TEST_CASE("senetc itself needs neither AVX2 nor AVX-512") {
    const Outcome outcome = run("qemu-x86_64 -cpu Nehalem {senetc} show se_resnet20_cifar");
    CHECK_MESSAGE(outcome.status == 0, outcome.errors);
    CHECK(outcome.output == run("{senetc} show se_resnet20_cifar").output);
}
