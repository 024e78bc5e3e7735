// Whole networks on 64-bit ARM, in qemu's user mode, against the reference: built here, run there.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "generators/compiler/temporary_folder.h"
#include "models/weights/safetensors.h"
#include "models/weights/safetensors_writer.h"
#include "tests/golden/reference.h"
#include "tests/machines/machines.h"

using namespace senetc;
using namespace senetc::test;

namespace {

golden::Stages run_on_arm(const std::string& library, const Graph& graph, const TemporaryFolder& folder) {
    const Type& type = graph.nodes[0].type;
    const std::string in = folder.path() / "in.safetensors", out = folder.path() / "out.safetensors";
    write_safetensors(
        in, {{"images",
              {{2, type.channels, type.height, type.width}, golden::images(type.channels, type.height, type.width)}}});
    const Outcome outcome =
        run(fmt::format("{} run {} --tensors {} --output {} --stages --batch 2", kSenetOnArm, library, in, out));
    REQUIRE_MESSAGE(outcome.status == 0, outcome.errors);
    golden::Stages values;
    for (const auto& [name, tensor] : read_safetensors(out).tensors) values[name] = tensor.to_floats();
    return values;
}

void check_on_arm(const std::string& name) {
    const TemporaryFolder folder;
    BuildRequest request = golden::request(name);
    request.targets = {{"arm-64", {"neon"}, folder.path().string()}};
    build(request, KernelCache(KernelCache::default_folder(), KernelCache::kDefaultLimit), {});
    golden::Stages values = run_on_arm(folder.path() / ("lib" + name + ".so"), request.network.graph, folder);
    golden::check_logits(name, "neon", values.extract("logits").mapped());
    golden::check_stages(name, golden::shown_stages(request), values);
}

}  // namespace

TEST_CASE("se_resnet20_cifar gives the reference's logits and stages on ARM") {
    check_on_arm("se_resnet20_cifar");
}
TEST_CASE("se_resnet56_cifar gives the reference's logits and stages on ARM") {
    check_on_arm("se_resnet56_cifar");
}
TEST_CASE("se_mobilenet_v1_stl10 gives the reference's logits and stages on ARM") {
    check_on_arm("se_mobilenet_v1_stl10");
}
TEST_CASE("se_resnet18 gives the reference's logits and stages on ARM") {
    check_on_arm("se_resnet18");
}

int main(int argc, char** argv) {
    if (!has_arm() || !golden::is_present()) return 77;
    return doctest::Context(argc, argv).run();
}
