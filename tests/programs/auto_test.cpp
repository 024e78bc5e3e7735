// Networks whose kernels Halide's autoschedulers schedule, as senetc's users ask for them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/programs/programs.h"

using namespace senetc;
using namespace senetc::test;

namespace {

const std::string kPictures = SENETC_SOURCE "/models/demo";

// Builds the trained CIFAR-10 network. Returns the library's path.
std::string build(const TemporaryFolder& folder, const std::string& schedules, std::string& said) {
    const Outcome built = run(fmt::format("{{senetc}} build se_resnet20_cifar --weights {} -o {} --variants avx2 {}",
                                          kTrainedWeights, folder.path().string(), schedules));
    CHECK_MESSAGE(built.status == 0, built.errors);
    said = built.output + built.errors;
    return folder.path() / "x86-64/libse_resnet20_cifar.so";
}

std::string classes_of(const std::string& library, const std::string& options) {
    const Outcome outcome = run(fmt::format("{{senet}} run {} {} --format csv {}", library, kPictures, options));
    CHECK_MESSAGE(outcome.status == 0, outcome.errors);
    return outcome.output;
}

void check_says(const Outcome& outcome, int status, const std::string& part) {
    INFO(outcome.output, outcome.errors);
    CHECK(outcome.status == status);
    CHECK((outcome.output + outcome.errors).find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("an autoscheduled network is right, and the same for any batch and number of threads") {
    const TemporaryFolder folder;
    std::string said;
    const std::string library = build(folder, "--schedule auto:Mullapudi2016", said);
    CHECK(said.find("24 auto:Mullapudi2016") != std::string::npos);
    check_says(run(fmt::format("{{senetc}} verify {} --weights {}", library, kTrainedWeights)), 0, "");
    const std::string alone = classes_of(library, "--threads 1 --batch 1");
    CHECK(alone == classes_of(library, "--threads 4 --batch 1"));
    CHECK(alone == classes_of(library, "--threads 3 --batch 8"));
    check_says(run("{senetc} inspect se_resnet20_cifar --variants avx2 --schedule auto:Mullapudi2016"), 0, "unknown");
}

TEST_CASE("what an autoscheduler can't do is named, and hand's only where that is asked for") {
    const TemporaryFolder folder;
    const std::string build_command =
        fmt::format("{{senetc}} build se_resnet20_cifar --weights {} -o {} --variants avx2 --schedule auto:Li2018",
                    kTrainedWeights, folder.path().string());
    check_says(run(build_command), 2, "can't be compiled by auto:Li2018: threads would add to");
    std::string said;
    const std::string library = build(folder, "--schedule auto:Li2018 --fallback", said);
    CHECK(said.find("it gets hand's schedule") != std::string::npos);
    check_says(run(fmt::format("{{senetc}} verify {} --weights {}", library, kTrainedWeights)), 0, "");
}

TEST_CASE("Anderson2021 schedules a GPU's kernels, and the CPU's beside them stay hand's") {
    const TemporaryFolder folder;
    const std::string command = fmt::format(
        "{{senetc}} build se_resnet20_cifar --weights {} -o {} --target x86-64-cuda --schedule auto:Anderson2021",
        kTrainedWeights, folder.path().string());
    const Outcome refused = run(command);
    check_says(refused, 2, "layer1.0.se.gate (cuda, 'excite ch=16 hidden=1 out=16 segments=9') can't be compiled");
    check_says(refused, 2, "zero parallel tilings; choose another schedule for it");
    const Outcome built = run(command + " --fallback");
    check_says(built, 0, "auto:Anderson2021");
    CHECK(built.errors.find("it gets hand's schedule") != std::string::npos);
    const std::string library = folder.path() / "x86-64-cuda/libse_resnet20_cifar.so";
    check_says(run("{senetc} inspect " + library), 0, " auto:Anderson2021, 1 hand\n");
    check_says(run(fmt::format("{{senetc}} verify {} --weights {}", library, kTrainedWeights)), 0, "");
}

TEST_CASE("autoschedulers and options that there aren't cost one sentence") {
    const std::string build =
        fmt::format("{{senetc}} build se_resnet20_cifar --weights {} --schedule ", kTrainedWeights);
    check_says(run(build + "auto:Halide2030"), 2, "Halide has Mullapudi2016, Li2018, Adams2019, Anderson2021");
    check_says(run(build + "auto:Anderson2021"), 2, "Anderson2021 schedules for GPUs alone");
    check_says(run(build + "auto:Adams2019,beam_size=0"), 2, "beam_size=0 is outside 1 to 1000");
    check_says(run(build + "auto:Li2018,beam_size=4"), 2, "Li2018 has no option 'beam_size'");
}

TEST_CASE("schedules of one stage are timed beside hand's") {
    const std::string stage = "'dense act=none in=64 logits=1 out=10'";
    check_says(run("{senetc} bench-schedules " + stage + " Adams2019"), 0, "Adams2019 parallelism=16\n");
    check_says(run("{senetc} bench-schedules " + stage + " 'Adams2019 weights=5'"), 0, "Adams2019-5.weights");
    check_says(run("{senetc} bench-schedules 'dense in=64'"), 2, "is missing in 'dense in=64'");
    check_says(run("{senetc} bench-schedules " + stage + " 'direct parallel=0 tile_k=9'"), 2, "tile_k=9 is outside");
}
