// SE-MobileNetV1, width 1.0: thirteen depthwise-separable blocks with SE after each block's last ReLU.
#include <fmt/format.h>

#include "models/zoo/builder.h"
#include "models/zoo/families.h"

namespace senetc {
namespace {

struct Separable {
    int out, stride;
};
constexpr Separable kPlan[] = {{64, 1},  {128, 2}, {128, 1}, {256, 2}, {256, 1},  {512, 2}, {512, 1},
                               {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1}};

ValueId separable_block(Builder& net, const std::string& name, ValueId x, Separable block) {
    ValueId y = net.conv(name + ".depthwise", x, net.channels(x), 3, block.stride, 1, net.channels(x));
    y = net.relu(name + ".relu1", net.batch_norm(name + ".bn1", y));
    y = net.conv(name + ".pointwise", y, block.out, 1, 1, 0);
    y = net.relu(name + ".relu2", net.batch_norm(name + ".bn2", y));
    y = net.se(name + ".se", y);
    net.mark_stage(y, net.plain() ? name : name + ".se");
    return y;
}

Graph build(const Network& network, const NetworkOptions& options) {
    Builder net(network, options);
    ValueId x = net.conv("conv1", net.input(), 32, 3, 2, 1);
    x = net.relu("relu", net.batch_norm("bn1", x));
    int i = 0;
    for (Separable block : kPlan) x = separable_block(net, fmt::format("blocks.{}", i++), x, block);
    return net.classify(x);
}

}  // namespace

std::vector<Network> mobilenets() {
    Network imagenet{"se_mobilenet_v1",
                     "SE-MobileNetV1 (width 1.0, 224x224, 1000 classes)",
                     1000,
                     16,
                     224,
                     224,
                     imagenet_preprocess(256, 224),
                     build,
                     {}};
    Network stl10{"se_mobilenet_v1_stl10",
                  "SE-MobileNetV1 for STL-10 (width 1.0, 96x96, 10 classes)",
                  10,
                  16,
                  96,
                  96,
                  imagenet_preprocess(96, 96),
                  build,
                  {"airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"}};
    return {imagenet, stl10};
}

}  // namespace senetc
