#include "tests/runtime/toy/kernels.h"

#include "tests/runtime/toy/toy.h"

namespace toy {
namespace {

using Buffer = senet_kernel_buffer_v1_t;

Buffer& buffer(void** args, int index) {
    return *static_cast<Buffer*>(args[index + 1]);
}
void* context(void** args) {
    return *static_cast<void**>(args[0]);
}

template <typename T, typename... Coordinates>
T& at(const Buffer& buffer, Coordinates... coordinates) {
    long offset = 0;
    int d = 0;
    ((offset += long{coordinates - buffer.dim[d].min} * buffer.dim[d].stride, ++d), ...);
    return reinterpret_cast<T*>(buffer.host)[offset];
}

// (c, x, y, block, image)
float& cell(const Buffer& map, int c, int x, int y, int n) {
    return at<float>(map, c % kLanes, x, y, c / kLanes, n);
}

template <typename Task>
int parallel(void** args, int extent, Task) {
    const auto* callbacks = static_cast<const senet_kernel_context_v1_t*>(context(args));
    senet_task_v1_t task = [](void* context, int index, uint8_t* closure) {
        return Task()(context, reinterpret_cast<void**>(closure), index);
    };
    return callbacks->do_par_for(context(args), task, 0, extent, reinterpret_cast<uint8_t*>(args));
}

// input map (halo 1), weights, output map; index: image * height + row
struct ConvRow {
    int operator()(void*, void** args, int index) const {
        const Buffer &in = buffer(args, 0), &out = buffer(args, 2);
        const float* w = reinterpret_cast<const float*>(buffer(args, 1).host);
        const int n = index / kHeight, y = index % kHeight;
        for (int f = 0; f < kFeatures; ++f)
            for (int x = 0; x < kWidth; ++x) {
                float sum = 0;
                for (int c = 0; c < kChannels; ++c)
                    for (int k = 0; k < 9; ++k)
                        sum += w[(f * kChannels + c) * 9 + k] * cell(in, c, x + k % 3 - 1, y + k / 3 - 1, n);
                cell(out, f, x, y, n) = sum;
            }
        return 0;
    }
};

// The vertical sums of a plane go through scratch, horizontally summed after. index: image * kFeatures + channel
template <int ScratchFactor>
struct BoxPlane {
    int operator()(void* context, void** args, int index) const {
        const auto* callbacks = static_cast<const senet_kernel_context_v1_t*>(context);
        const Buffer &in = buffer(args, 0), &out = buffer(args, 1);
        const int n = index / kFeatures, f = index % kFeatures;
        for (int y = 0; y < kHeight; ++y) {
            auto* column =
                static_cast<float*>(callbacks->allocate(context, ScratchFactor * sizeof(float) * (kWidth + 2)));
            if (column == nullptr) return -11;
            for (int x = -1; x <= kWidth; ++x)
                column[x + 1] = cell(in, f, x, y - 1, n) + cell(in, f, x, y, n) + cell(in, f, x, y + 1, n);
            for (int x = 0; x < kWidth; ++x) cell(out, f, x, y, n) = column[x] + column[x + 1] + column[x + 2];
            callbacks->release(context, column);
        }
        return 0;
    }
};

int images(void** args) {
    const Buffer& map = buffer(args, 0);
    return map.dim[map.dimensions - 1].extent;
}

}  // namespace

// image (x, y, c, n), normalisation, map
int ingest_f32(void** args) {
    const Buffer &in = buffer(args, 0), &out = buffer(args, 2);
    for (int n = 0; n < images(args); ++n)
        for (int y = 0; y < kHeight; ++y)
            for (int x = 0; x < kWidth; ++x)
                for (int c = 0; c < kLanes; ++c) cell(out, c, x, y, n) = c < kChannels ? at<float>(in, x, y, c, n) : 0;
    return 0;
}

// image (c, x, y, n), normalisation (c, 2), map
int ingest_u8(void** args) {
    const Buffer &in = buffer(args, 0), &normalisation = buffer(args, 1), &out = buffer(args, 2);
    for (int n = 0; n < images(args); ++n)
        for (int y = 0; y < kHeight; ++y)
            for (int x = 0; x < kWidth; ++x)
                for (int c = 0; c < kLanes; ++c)
                    cell(out, c, x, y, n) = c < kChannels
                                                ? at<uint8_t>(in, c, x, y, n) * at<float>(normalisation, c, 0) +
                                                      at<float>(normalisation, c, 1)
                                                : 0;
    return 0;
}

int conv(void** args) {
    return parallel(args, images(args) * kHeight, ConvRow());
}
int box(void** args) {
    return parallel(args, images(args) * kFeatures, BoxPlane<1>());
}
int box_greedy(void** args) {
    return parallel(args, images(args) * kFeatures, BoxPlane<8>());
}
int box_failing(void**) {
    return 7;
}

// map, vector (c, block, image)
int squeeze(void** args) {
    const Buffer &in = buffer(args, 0), &out = buffer(args, 1);
    for (int n = 0; n < images(args); ++n)
        for (int f = 0; f < kFeatures; ++f) {
            float sum = 0;
            for (int i = 0; i < kHeight * kWidth; ++i) sum += cell(in, f, i % kWidth, i / kWidth, n);
            at<float>(out, f % kLanes, f / kLanes, n) = sum / (kHeight * kWidth);
        }
    return 0;
}

// vector, weights, logits (class, image)
int dense(void** args) {
    const Buffer &in = buffer(args, 0), &out = buffer(args, 2);
    const float* w = reinterpret_cast<const float*>(buffer(args, 1).host);
    for (int n = 0; n < images(args); ++n)
        for (int k = 0; k < kClasses; ++k) {
            float sum = 0;
            for (int f = 0; f < kFeatures; ++f) sum += w[k * kFeatures + f] * at<float>(in, f % kLanes, f / kLanes, n);
            at<float>(out, k, n) = sum;
        }
    return 0;
}

}  // namespace toy
