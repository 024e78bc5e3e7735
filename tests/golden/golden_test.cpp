// Whole networks against their PyTorch definitions run in double (goldens.json): compiled, loaded and run as a user
// would, in every variant that this CPU runs.
#include <doctest/doctest.h>

#include "generators/compiler/temporary_folder.h"
#include "senet/senet.h"
#include "tests/golden/reference.h"

using namespace senetc;
namespace fs = std::filesystem;

namespace {

struct Golden {
    std::string library;
    std::set<std::string> stages;  // that the library shows
};

Golden build_golden(const std::string& name, const PassOptions& passes, const fs::path& folder) {
    BuildRequest request = golden::request(name, passes);
    request.targets = {{"x86-64", {"avx512", "avx2"}, folder.string()}};
    build(request, KernelCache(KernelCache::default_folder(), KernelCache::kDefaultLimit), {});
    return {(folder / ("lib" + name + ".so")).string(), golden::shown_stages(request)};
}

void keep_stage(void* user, senet_session* session, const senet_step_event* event) {
    const senet_step_v1_t& step = *event->step;
    if (!step.stage) return;
    const size_t pixels = step.height ? size_t(step.height) * step.width : 1;
    std::vector<float> values(event->batch * step.channels * pixels);
    if (senet_session_read_output(session, values.data()) == SENET_OK)
        (*static_cast<golden::Stages*>(user))[step.stage] = std::move(values);
}

void check_variant(const std::string& name, const Golden& built, const char* variant) {
    INFO("variant ", variant);
    const senet_model_options options{variant, nullptr, nullptr, nullptr};
    senet_model* model = nullptr;
    const senet_status opened = senet_model_open(built.library.c_str(), &options, &model);
    if (opened == SENET_UNSUPPORTED_CPU) {
        MESSAGE("SKIPPED: ", senet_last_message());
        return;
    }
    REQUIRE_MESSAGE(opened == SENET_OK, senet_last_message());
    const senet_model_v1_t& about = *senet_model_describe(model);
    senet_session_options batch_of_two{};
    batch_of_two.max_batch = 2;
    senet_session* session = nullptr;
    REQUIRE(senet_session_open(model, &batch_of_two, &session) == SENET_OK);
    golden::Stages stages;
    REQUIRE(senet_session_observe(session, keep_stage, &stages) == SENET_OK);

    const std::vector<float> images = golden::images(int(about.channels), int(about.height), int(about.width));
    std::vector<float> logits(2 * about.classes);
    REQUIRE(senet_session_run_f32(session, 2, images.data(), logits.data()) == SENET_OK);
    golden::check_logits(name, variant, logits);
    golden::check_stages(name, built.stages, stages);
    senet_session_close(session);
    senet_model_close(model);
}

void check_built(const std::string& name, const Golden& golden) {
    check_variant(name, golden, "avx512");
    check_variant(name, golden, "avx2");
}

// As users build it: maps that nothing needs aren't stored, so their stages can't be seen.
void check_network(const std::string& name) {
    const TemporaryFolder folder;
    check_built(name, build_golden(name, {}, folder.path()));
}

void check_all_stages(const std::string& name) {
    const TemporaryFolder folder;
    const Golden golden = build_golden(name, {{"release_stages"}}, folder.path());
    CHECK(golden.stages.size() == golden::expected(name)["stages"].size());
    check_built(name, golden);
}

}  // namespace

TEST_CASE("se_resnet18 gives the reference's logits and stages") {
    check_network("se_resnet18");
}
TEST_CASE("se_resnet34 gives the reference's logits and stages") {
    check_network("se_resnet34");
}
TEST_CASE("se_resnet50 gives the reference's logits and stages") {
    check_network("se_resnet50");
}
TEST_CASE("se_resnet101 gives the reference's logits and stages") {
    check_network("se_resnet101");
}
TEST_CASE("se_resnet152 gives the reference's logits and stages") {
    check_network("se_resnet152");
}
TEST_CASE("se_resnet20_cifar gives the reference's logits and stages") {
    check_network("se_resnet20_cifar");
}
TEST_CASE("se_resnet56_cifar gives the reference's logits and stages") {
    check_network("se_resnet56_cifar");
}
TEST_CASE("se_mobilenet_v1 gives the reference's logits and stages") {
    check_network("se_mobilenet_v1");
}
TEST_CASE("se_mobilenet_v1_stl10 gives the reference's logits and stages") {
    check_network("se_mobilenet_v1_stl10");
}

TEST_CASE("se_resnet20_cifar gives all of the reference's stages when none is released") {
    check_all_stages("se_resnet20_cifar");
}
TEST_CASE("se_mobilenet_v1_stl10 gives all of the reference's stages when none is released") {
    check_all_stages("se_mobilenet_v1_stl10");
}

int main(int argc, char** argv) {
    if (!golden::is_present()) return 77;
    return doctest::Context(argc, argv).run();
}
