#include "runtime/core/halo.h"

#include <cstring>

namespace senet {
namespace {

// One plane of one block. Rows follow each other in memory, so the right border of a row and the left border of the
// next are one run of bytes, and the rows above the interior are one run with the first row's left border.
void zero_border(uint8_t* plane, const senet_dim_v1_t* dim, int64_t width, int64_t height) {
    constexpr int64_t kElement = sizeof(float);
    const int64_t cell = dim[1].stride * kElement, row = dim[2].stride * kElement;
    const int64_t left = -dim[1].min, top = -dim[2].min;
    const int64_t end = (dim[2].extent - 1) * row + dim[1].extent * cell;
    int64_t begin = 0;
    for (int64_t y = 0; y < height; ++y) {
        const int64_t interior = (top + y) * row + left * cell;
        memset(plane + begin, 0, static_cast<size_t>(interior - begin));
        begin = interior + width * cell;
    }
    memset(plane + begin, 0, static_cast<size_t>(end - begin));
}

}  // namespace

void zero_halo(const senet_kernel_buffer_v1_t& storage, uint32_t interior_width, uint32_t interior_height) {
    const senet_dim_v1_t* dim = storage.dim;
    for (int64_t image = 0; image < dim[4].extent; ++image)
        for (int64_t block = 0; block < dim[3].extent; ++block) {
            const int64_t plane = image * dim[4].stride + block * dim[3].stride;
            zero_border(storage.host + plane * static_cast<int64_t>(sizeof(float)), dim, interior_width,
                        interior_height);
        }
}

}  // namespace senet
