#include "models/zoo/residual_blocks.h"

#include <fmt/format.h>

namespace senetc {
namespace {

constexpr int kBottleneckExpansion = 4;

ValueId basic(Builder& net, const std::string& name, ValueId x, int width, int stride) {
    ValueId y = net.conv(name + ".conv1", x, width, 3, stride, 1);
    y = net.relu(name + ".relu1", net.batch_norm(name + ".bn1", y));
    y = net.conv(name + ".conv2", y, width, 3, 1, 1);
    return net.batch_norm(name + ".bn2", y);
}

ValueId bottleneck(Builder& net, const std::string& name, ValueId x, int width, int stride) {
    ValueId y = net.conv(name + ".conv1", x, width, 1, 1, 0);
    y = net.relu(name + ".relu1", net.batch_norm(name + ".bn1", y));
    y = net.conv(name + ".conv2", y, width, 3, stride, 1);
    y = net.relu(name + ".relu2", net.batch_norm(name + ".bn2", y));
    y = net.conv(name + ".conv3", y, width * kBottleneckExpansion, 1, 1, 0);
    return net.batch_norm(name + ".bn3", y);
}

ValueId residual_block(Builder& net, const std::string& name, ValueId x, Block block, int width, int stride) {
    ValueId y = block == Block::basic ? basic(net, name, x, width, stride) : bottleneck(net, name, x, width, stride);
    y = net.se(name + ".se", y);
    ValueId residual = x;
    if (stride != 1 || net.channels(x) != net.channels(y)) {
        residual = net.conv(name + ".downsample.0", x, net.channels(y), 1, stride, 0);
        residual = net.batch_norm(name + ".downsample.1", residual);
    }
    return net.relu(name + ".relu", net.add(name + ".add", y, residual));
}

}  // namespace

ValueId residual_layer(Builder& net, const std::string& layer, ValueId x, Block block, int width, int blocks,
                       int stride) {
    for (int i = 0; i < blocks; i++)
        x = residual_block(net, fmt::format("{}.{}", layer, i), x, block, width, i == 0 ? stride : 1);
    net.mark_stage(x, layer);
    return x;
}

}  // namespace senetc
