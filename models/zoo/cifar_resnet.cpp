// SE-ResNet for CIFAR-10: a 3x3 stem and three layers of basic blocks, 16, 32 and 64 channels wide.
#include <fmt/format.h>

#include "models/zoo/families.h"
#include "models/zoo/residual_blocks.h"

namespace senetc {
namespace {

template <int blocks>
Graph build(const Network& network, const NetworkOptions& options) {
    Builder net(network, options);
    ValueId x = net.conv("conv1", net.input(), 16, 3, 1, 1);
    x = net.relu("relu", net.batch_norm("bn1", x));
    x = residual_layer(net, "layer1", x, Block::basic, 16, blocks, 1);
    x = residual_layer(net, "layer2", x, Block::basic, 32, blocks, 2);
    x = residual_layer(net, "layer3", x, Block::basic, 64, blocks, 2);
    return net.classify(x);
}

Network network(int blocks, Graph (*build)(const Network&, const NetworkOptions&)) {
    int depth = 6 * blocks + 2;
    Network network{fmt::format("se_resnet{}_cifar", depth), "", 10, 16, 32, 32, {}, build, {}};
    network.summary = fmt::format("SE-ResNet-{} for CIFAR-10 (basic blocks, 32x32, 10 classes)", depth);
    network.preprocess = Preprocess{0, 0, 0, {0.4914f, 0.4822f, 0.4465f}, {0.2023f, 0.1994f, 0.2010f}};
    network.labels = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
    return network;
}

}  // namespace

std::vector<Network> cifar_resnets() {
    return {network(3, build<3>), network(9, build<9>)};
}

}  // namespace senetc
