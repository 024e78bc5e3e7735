// SE-ResNet for ImageNet: a 7x7 stem and four layers of basic or bottleneck blocks.
#include <fmt/format.h>

#include "models/zoo/families.h"
#include "models/zoo/residual_blocks.h"

namespace senetc {
namespace {

template <Block kind, int... blocks>
Graph build(const Network& network, const NetworkOptions& options) {
    Builder net(network, options);
    ValueId x = net.conv("conv1", net.input(), 64, 7, 2, 3);
    x = net.relu("relu", net.batch_norm("bn1", x));
    x = net.max_pool("maxpool", x, 3, 2, 1);
    int layer = 0;
    for (int count : {blocks...}) {
        x = residual_layer(net, fmt::format("layer{}", layer + 1), x, kind, 64 << layer, count, layer == 0 ? 1 : 2);
        layer++;
    }
    return net.classify(x);
}

Network network(int depth, const char* block, Graph (*build)(const Network&, const NetworkOptions&)) {
    return {fmt::format("se_resnet{}", depth),
            fmt::format("SE-ResNet-{} ({} blocks, 224x224, 1000 classes)", depth, block),
            1000,
            16,
            224,
            224,
            imagenet_preprocess(256, 224),
            build,
            {}};
}

}  // namespace

std::vector<Network> resnets() {
    return {network(18, "basic", build<Block::basic, 2, 2, 2, 2>),
            network(34, "basic", build<Block::basic, 3, 4, 6, 3>),
            network(50, "bottleneck", build<Block::bottleneck, 3, 4, 6, 3>),
            network(101, "bottleneck", build<Block::bottleneck, 3, 4, 23, 3>),
            network(152, "bottleneck", build<Block::bottleneck, 3, 8, 36, 3>)};
}

}  // namespace senetc
