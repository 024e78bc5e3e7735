// Zeroing borders: all of them, and nothing else.
#include <doctest/doctest.h>

#include <vector>

#include "runtime/core/halo.h"

namespace {

constexpr int kLanes = 16, kBlocks = 3, kImages = 2;

struct Border {
    int left, top, right, bottom;
};

// Fills a storage with ones, zeroes the halo, and returns whether exactly the cells outside the interior are zero.
bool zeroes_exactly(int width, int height, Border border) {
    const int columns = border.left + width + border.right, rows = border.top + height + border.bottom;
    const int row = columns * kLanes, plane = rows * row;
    std::vector<float> storage(static_cast<size_t>(kImages * kBlocks * plane), 1.0f);
    senet_dim_v1_t dim[] = {{0, kLanes, 1, 0},
                            {-border.left, columns, kLanes, 0},
                            {-border.top, rows, row, 0},
                            {0, kBlocks, plane, 0},
                            {0, kImages - 1, kBlocks * plane, 0}};
    senet_kernel_buffer_v1_t buffer{};
    buffer.host = reinterpret_cast<uint8_t*>(storage.data());
    buffer.dimensions = 5;
    buffer.dim = dim;
    senet::zero_halo(buffer, static_cast<uint32_t>(width), static_cast<uint32_t>(height));
    for (int i = 0; i < kImages * kBlocks * plane; ++i) {
        const int x = i % row / kLanes - border.left, y = i % plane / row - border.top;
        const bool inside = x >= 0 && x < width && y >= 0 && y < height;
        const bool of_run = i < (kImages - 1) * kBlocks * plane;  // the last image is beyond the batch
        if (storage[static_cast<size_t>(i)] != (inside || !of_run ? 1.0f : 0.0f)) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("exactly the cells around the interior become zero, in the run's images alone") {
    for (int width : {1, 2, 7})
        for (int height : {1, 3, 8})
            for (Border border : {Border{1, 1, 1, 1}, Border{0, 0, 0, 0}, Border{3, 3, 3, 3}, Border{1, 2, 3, 4},
                                  Border{0, 1, 0, 1}, Border{2, 0, 1, 0}})
                CHECK(zeroes_exactly(width, height, border));
}
