// senet on 64-bit ARM: real images give the same predictions as on the machine that built the library, and a library
// for x86-64 is refused.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/machines/machines.h"

using namespace senetc;
using namespace senetc::test;
namespace fs = std::filesystem;

namespace {

const fs::path kImages = fs::path(SENETC_SHARED) / "data" / "cifar10-test";

// Every n-th of the 500 images, so that all classes are there; SENETC_ALL_IMAGES=1 takes all of them.
std::string write_list(const fs::path& path) {
    std::vector<std::string> images;
    for (const auto& entry : fs::recursive_directory_iterator(kImages))
        if (entry.is_regular_file()) images.push_back(entry.path());
    std::sort(images.begin(), images.end());
    REQUIRE(images.size() == 500);
    std::ofstream list(path);
    for (size_t i = 0; i < images.size(); i += std::getenv("SENETC_ALL_IMAGES") ? 1 : 5) list << images[i] << '\n';
    return path;
}

nlohmann::json classify(const std::string& senet, const std::string& library, const std::string& list) {
    const Outcome outcome = run(fmt::format("{} run {} - --top 10 --format json < {}", senet, library, list));
    REQUIRE_MESSAGE(outcome.status == 0, outcome.errors);
    return nlohmann::json::parse(outcome.output);
}

}  // namespace

TEST_CASE("the trained CIFAR-10 network predicts on ARM what it does on x86-64") {
    if (!fs::exists(kImages)) {
        MESSAGE("SKIPPED: needs ", kImages.string());
        return;
    }
    const TemporaryFolder folder;
    const Outcome built =
        run(fmt::format("{{senetc}} build se_resnet20_cifar --target x86-64,arm-64 --weights {} -o {}", kTrainedWeights,
                        folder.path().string()));
    REQUIRE_MESSAGE(built.status == 0, built.errors);
    const std::string list = write_list(folder.path() / "list"), name = "libse_resnet20_cifar.so";
    const nlohmann::json here = classify("{senet}", folder.path() / "x86-64" / name, list);
    const nlohmann::json arm = classify(kSenetOnArm, folder.path() / "arm-64" / name, list);
    REQUIRE(here.size() == arm.size());
    size_t right = 0;
    double error = 0, largest = 0;
    for (size_t i = 0; i < here.size(); ++i) {
        INFO(here[i]["path"].get<std::string>());
        const nlohmann::json &ours = arm[i]["predictions"], &expected = here[i]["predictions"];
        CHECK(ours[0]["index"] == expected[0]["index"]);
        right += ours[0]["label"] == fs::path(arm[i]["path"].get<std::string>()).parent_path().filename().string();
        std::map<int, double> logits;
        for (const auto& prediction : expected) logits[prediction["index"]] = prediction["logit"];
        for (const auto& prediction : ours)
            error = std::max(error, std::abs(prediction["logit"].get<double>() - logits.at(prediction["index"])));
        largest = std::max(largest, expected[0]["logit"].get<double>());
    }
    fmt::print("cifar10-test on ARM: {} of {} right; largest difference to x86-64 {:.1e} of {:.1f}\n", right,
               here.size(), error, largest);
    CHECK(error <= 1e-5 * largest);
}

TEST_CASE("on ARM a library for x86-64 is refused, in one sentence, by every command") {
    const std::string library = trained_library();
    for (const std::string& command : {"info " + library, "bench " + library, "run " + library + " x.jpg"}) {
        const Outcome outcome = run(kSenetOnArm + " " + command);
        CHECK(outcome.status == 2);
        CHECK(outcome.output.empty());
        CHECK(outcome.errors == "senet: " + library +
                                    " is built for x86-64 and this machine is arm-64: take the library that senetc "
                                    "build --target arm-64 writes\n");
    }
}
