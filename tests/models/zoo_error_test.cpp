#include "models/zoo/zoo.h"
#include "support.h"

using namespace senetc;

namespace {

std::string build_error(const NetworkOptions& options) {
    const Network& network = find_network("se_resnet18");
    return error_of([&] { network.build(network, options); });
}

}  // namespace

TEST_CASE("an unknown network's error offers the near names") {
    CHECK(error_of([] { find_network("se_resnet5O"); }) ==
          "there is no network 'se_resnet5O'; did you mean se_resnet50, se_resnet18, se_resnet34, se_resnet152, "
          "se_resnet101?");
    CHECK(error_of([] { find_network("vgg"); }) == "there is no network 'vgg'; 'senetc list' shows all");
}

TEST_CASE("options that make no network are refused by name") {
    NetworkOptions classes, reduction, height, width, huge;
    classes.classes = 0, reduction.reduction = -3, height.height = 0, width.width = -1, huge.height = 1 << 20;
    CHECK(build_error(classes) == "--classes is 0 but must be at least 1");
    CHECK(build_error(reduction) == "--reduction is -3 but must be at least 1");
    CHECK(build_error(height) == "--input's height is 0 but must be at least 1");
    CHECK(build_error(width) == "--input's width is -1 but must be at least 1");
    CHECK(build_error(huge) ==
          "%input (input): the value f32[3,1048576,224] isn't between 1 and 65536 channels, 65536 a side and "
          "1073741824 elements");
}
