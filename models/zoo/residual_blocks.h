// The residual layers that the ResNet families share (He et al. 2016, with SE before the addition as in Hu et al.
// 2018).
#pragma once

#include <string>

#include "models/zoo/builder.h"

namespace senetc {

enum class Block {
    basic,       // 3x3, 3x3
    bottleneck,  // 1x1, 3x3 with the stride, 1x1 to four times the width
};

// `blocks` blocks named layer.0, layer.1, ...; the first has the stride. The result is the stage `layer`.
ValueId residual_layer(Builder& net, const std::string& layer, ValueId x, Block block, int width, int blocks,
                       int stride);

}  // namespace senetc
