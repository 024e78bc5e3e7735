// What a block of threads has in shared memory at a time where it stages (staging.h).
#pragma once

#include <algorithm>

#include "generators/compiler/stage.h"

namespace senetc::gpu {

constexpr int kStagedPixel = 20;  // floats, of 16 channels

struct StagedCopy {
    int pixels;   // of 16 channels
    int weights;  // of 16 output channels, one input channel and tap

    int loads() const { return 4 * (pixels + weights); }  // of 16 bytes
    int bytes() const { return 4 * (kStagedPixel * pixels + kBlock * weights); }
};

// Of tiles of tile_x by tile_y pixels, `tiles` along a row, and `channel_blocks`; a window has kernel_w columns.
inline StagedCopy staged_copy(int tile_x, int tile_y, int tiles, int channel_blocks, int stage_k, int stride = 1,
                              int kernel_w = 1) {
    const int columns = (tile_x * tiles - 1) * stride + kernel_w, rows = (tile_y - 1) * stride + 1;
    return {columns * rows * stage_k, kernel_w * kBlock * channel_blocks * stage_k};
}

// Of a conv and its shortcut.
inline int largest_stride(const Stage& conv) {
    const int stride = conv.number("stride");
    return has_shortcut(conv) ? std::max(stride, conv.number("shortcut_stride")) : stride;
}

}  // namespace senetc::gpu
