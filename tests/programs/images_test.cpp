// Real images through both programs, against the evaluator in double.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "generators/compiler/network_source.h"
#include "models/passes/passes.h"
#include "models/reference/evaluate.h"
#include "models/weights/bind.h"
#include "runtime/cli/image/decode.h"
#include "runtime/cli/input/read_file.h"
#include "tests/programs/programs.h"

using namespace senetc;
using namespace senetc::test;
namespace fs = std::filesystem;

namespace {

const fs::path kData = fs::path(SENETC_SHARED) / "data";

bool present(const fs::path& folder) {
    if (!fs::exists(folder)) MESSAGE("SKIPPED: needs ", folder.string());
    return fs::exists(folder);
}

nlohmann::json classify(const std::string& library, const fs::path& images, const std::string& flags,
                        int expected_status) {
    const Outcome outcome = run(fmt::format("{{senet}} run {} {} --format json {}", library, images.string(), flags));
    CHECK_MESSAGE(outcome.status == expected_status, outcome.errors);
    return nlohmann::json::parse(outcome.output);
}

// The network as trained, evaluated in double on the pixels that senet sees.
class Oracle {
  public:
    Oracle() {
        network_ = load_network({"se_resnet20_cifar", {}});
        graph_ = run_passes(bind_weights(network_.graph, read_safetensors(kTrainedWeights)));
    }

    std::vector<double> logits(const std::string& path) const {
        const senet::cli::Image image = senet::cli::decode_image(senet::cli::read_file(path));
        REQUIRE(image.width == 32);
        REQUIRE(image.height == 32);
        std::vector<double> input(3 * 32 * 32);
        for (size_t p = 0; p < 32 * 32; ++p)
            for (size_t c = 0; c < 3; ++c)
                input[c * 32 * 32 + p] =
                    (image.rgb[p * 3 + c] / 255.0 - network_.preprocess.mean[c]) / network_.preprocess.deviation[c];
        return evaluate(graph_, input)[size_t(graph_.output)];
    }

  private:
    LoadedNetwork network_;
    Graph graph_;
};

// Images below a folder, in the order in which senet reads them.
size_t count_files(const fs::path& folder) {
    size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        std::string extension = entry.path().extension();
        std::transform(extension.begin(), extension.end(), extension.begin(),
                       [](char c) { return char(std::tolower(c)); });
        count += extension == ".jpg" || extension == ".jpeg" || extension == ".png";
    }
    return count;
}

}  // namespace

TEST_CASE("the trained CIFAR-10 network predicts what the evaluator does on every test image, in both variants") {
    const fs::path images = kData / "cifar10-test";
    if (!present(images)) return;
    const nlohmann::json best = classify(trained_library(), images, "--top 10", 0);
    const nlohmann::json avx2 = classify(trained_library(), images, "--top 10 --variant avx2 --batch 7 --threads 2", 0);
    REQUIRE(best.size() == 500);
    REQUIRE(avx2.size() == 500);
    const Oracle oracle;
    int right = 0;
    double error = 0, largest = 0;
    for (size_t i = 0; i < best.size(); ++i) {
        const std::string path = best[i]["path"];
        const std::vector<double> logits = oracle.logits(path);
        const auto top = size_t(std::max_element(logits.begin(), logits.end()) - logits.begin());
        INFO(path);
        CHECK(best[i]["predictions"][0]["index"] == top);
        CHECK(avx2[i]["predictions"][0]["index"] == top);
        for (const auto& prediction : best[i]["predictions"])
            error = std::max(error,
                             std::abs(prediction["logit"].get<double>() - logits[prediction["index"].get<size_t>()]));
        largest = std::max(largest, *std::max_element(logits.begin(), logits.end()));
        right += best[i]["predictions"][0]["label"] == fs::path(path).parent_path().filename().string();
    }
    fmt::print("cifar10-test: {} of 500 right, {:.1f} %; largest error of a logit {:.1e} of {:.1f}\n", right,
               right / 5.0, error, largest);
    CHECK(error <= 1e-5 * largest);
}

TEST_CASE("photographs go through se_resnet50, a right row for each") {
    const fs::path photos = kData / "photos";
    if (!present(photos)) return;
    const TemporaryFolder folder;
    const std::string weights = folder.path() / "w.safetensors";
    CHECK(run(fmt::format("{{senetc}} weights se_resnet50 -o {}", weights)).status == 0);
    const Outcome built =
        run(fmt::format("{{senetc}} build se_resnet50 --weights {} -o {}", weights, folder.path().string()));
    REQUIRE_MESSAGE(built.status == 0, built.errors);
    const std::string library = folder.path() / "x86-64" / "libse_resnet50.so";
    const nlohmann::json rows = classify(library, photos, "--top 5 --batch 8", 0);
    const nlohmann::json alone = classify(library, photos, "--top 5 --batch 1 --threads 1", 0);
    CHECK(rows.size() == count_files(photos));
    CHECK(rows == alone);
    for (const auto& row : rows) {
        CHECK(row["predictions"].size() == 5);
        CHECK(std::isfinite(row["predictions"][0]["logit"].get<double>()));
    }
}

TEST_CASE("broken and odd images each get a row of their own, and the good ones are classified") {
    const fs::path images = kData / "bad-images";
    if (!present(images)) return;
    const nlohmann::json rows = classify(trained_library(), images, "--top 1", 1);
    CHECK(rows.size() == count_files(images));
    size_t errors = 0;
    for (const auto& row : rows) {
        const bool is_error = row.contains("error") && !row["error"].get<std::string>().empty();
        CHECK(is_error != (row.contains("predictions") && !row["predictions"].empty()));
        errors += is_error;
    }
    CHECK(errors > 10);
    CHECK(errors < rows.size());
}
