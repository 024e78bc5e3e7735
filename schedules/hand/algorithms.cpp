// Which convolutions are done by Winograd's minimal filtering, and in tiles of what size.
//
// Measured, one core of a busy Sapphire Rapids virtual machine, one image, microseconds. "warm": weights as near as
// they fit; "cold": weights from memory, as within a network whose weights exceed the caches. Direct convolution: what
// conv_avx512.cpp and conv_avx2.cpp choose.
//
//                        AVX-512 warm / cold                            AVX2 warm / cold
//     channels@map  direct      F(2)        F(4)        F(6)        direct      F(2)        F(4)
//     64@56         1681/1705   944/977     573/629     549/640     2745/2776   1469/1495   918/965
//     128@28        1663/1718   860/944     551/671     579/747     2891/2963   1341/1412   806/946
//     256@14        1673/1838   902/1125    784/1220    888/1675    2966/3389   1307/1555   1102/1648
//     512@7         1892/2393   1321/2110   1521/3157   4879/5561   3951/4497   1905/2880   -
//     512@14        6743/7292   3947/4782   3841/3536   -           -           -           -
//     256@7         443/574     328/523     321/755     -           -           -           -
//     128@7         105/143     68/129      66/192      -           -           -           -
//     64@8          35/45       29/40       14/54       26/92       -           -           -
//     32@16         35/38       25/28       16/23       17/33       -           -           -
//     16@32         37/38       32/34       23/27       25/27       -           -           -
//
// SE-ResNet-50 with AVX-512, one thread, milliseconds an image, one at a time and (eight): direct 69.0; by side of the
// map F(4) at 56 and 28 with
//     F(2) at 14, F(2) at 7      58.3 (54.0)
//     F(4) at 14, F(2) at 7      59.2 (53.7)
//     F(4) at 14, direct at 7    59.4 (55.1)
//     F(4) at 14, F(4) at 7      61.0
// SE-ResNet-20 for CIFAR, one image: direct 0.615 (AVX2 1.04), F(4) everywhere 0.425 (0.56), F(2) at 8 0.40 (0.61).
//
// Transformed weights take (m+2)^2 / 9 times the space: where few tiles share them, reading them decides. Errors: the
// largest of an output, relative to the largest output, is 1e-6 with F(2), 2e-6 to 3e-6 with F(4) and 7e-6 to 1.1e-5
// with F(6), which gains too little for that.
#include <algorithm>

#include "schedules/hand/choose.h"

namespace senetc {

namespace {

// The first row that fits decides.
struct Row {
    int max_side;         // of the map: the larger of width and height
    int64_t min_filters;  // input channels times output channels
    int m;                // 0: direct
};

constexpr Row kRows[] = {
    {3, 0, 0},           // most of a tile would lie outside the map
    {7, 100 * 100, 2},   // 4 tiles of F(4) against 16 of F(2), and 9/4 of its weights to read
    {16, 200 * 200, 2},  // F(4) computes less, but reads as much longer: equal, and F(2) has half the error and weights
    {1 << 30, 0, 4},
};

// Stages whose geometry Winograd's generator has.
bool fits(const Stage& s) {
    return s.number("kernel_h") == 3 && s.number("kernel_w") == 3 && s.number("stride") == 1 && s.number("pad") == 1 &&
           s.number("in_halo") >= 1 && s.params.at("layout") == "blocked";
}

}  // namespace

int choose_winograd_tile(const Stage& stage) {
    if (!fits(stage)) return 0;
    const int side = std::max(stage.number("in_h"), stage.number("in_w"));
    const int64_t filters = int64_t{1} * stage.number("ci") * stage.number("co");
    for (const Row& row : kRows) {
        if (side <= row.max_side && filters >= row.min_filters) return row.m;
    }
    return 0;
}

}  // namespace senetc
