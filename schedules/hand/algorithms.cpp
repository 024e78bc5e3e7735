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
//     512@14        6743/7292   3947/4782   4497/5318   -           -           -           -
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
// Stride 2, by the side of its output; F(3) and F(4) were slower than F(2), or at most 5 % faster:
//
//                        AVX-512 warm / cold            AVX2 warm / cold
//     channels@output    direct       F(2)              direct       F(2)
//     64->128@28         835/866      668/719           1446/1485    1090/1133
//     128->128@28        1708/1765    1342/1419         2901/2998    2183/2269
//     128->256@14        828/912      664/762           1441/1576    1022/1143
//     256->256@14        1671/1821    1380/1596         3202/3415    2036/2274
//     128->128@14        415/459      330/417           718/781      612/687
//     64->64@14          105/115      90/108            180/194      137/150
//     512->512@7         1881/2386    1964/2813         3737/4518    3020/3846
//     128->128@7         105/147      110/190           214/270      192/275
//     32->64@8           18/23        16/24             31/38        25/33
//     32->32@28          105/108      104/109           180/185      156/158
//     16->32@16          18/20        19/22             31/33        28/29
//
// At 7 x 7 AVX2 stays direct, too. Within whole networks, where the direct kernel skips the padding's rows, F(2) took
// 2.13 ms instead of 2.09 (SE-ResNet-18's 256->512) and 4.36 instead of 4.19 (SE-ResNet-50's 512->512); of eight images
// 1.66 instead of 1.77 and 3.65 instead of 3.71, with 16/9 of the weights.
//
// NEON, where nothing could be measured: millions of multiplications, over 8 a cycle, and megabytes of weights, over 4
// bytes a cycle, of one image, both in millions of cycles of a Neoverse N1 at 3 GHz whose core gets 12 GB/s:
//
//     channels@map   direct     F(2)       F(4)
//     64@56          14.5/0.0   6.4/0.1    3.6/0.1
//     256@14         14.5/0.6   6.4/1.0    4.7/2.4
//     512@7          14.5/2.4   8.4/4.2    4.7/9.4
//
// Slower cores, as of phones, multiply at half that rate and read at a third of it. So F(4) is better at 14, too: the
// products take longer than the weights; not at 7. By llvm-mca a tile's transforms in F(4) take 314 cycles for 4
// channels in and 4 out, its products with 16 channels 288 for each 4 out: with 16 channels it still is 1.9 times as
// fast as the direct convolution, and 1.2 times as fast as F(2).
//
// Transformed weights take (m+2)^2 / 9 times the space: where few tiles share them, reading them decides. The
// largest difference from the direct convolution, relative to the largest output: 0.4e-6 to 2e-6 with F(2), 0.8e-6 to
// 5e-6 with F(4), 4e-6 to 12e-6 with F(6), which gains too little for that.
#include <algorithm>
#include <span>

#include "schedules/hand/choose.h"

namespace senetc {

namespace {

// The first row that fits decides.
struct Row {
    int max_side;         // of the output: the larger of width and height
    int64_t min_filters;  // input channels times output channels
    int m;                // 0: direct
};

constexpr Row kStride1[] = {
    {3, 0, 0},           // most of a tile would lie outside the map
    {7, 100 * 100, 2},   // 4 tiles of F(4) against 16 of F(2), and 9/4 of its weights to read
    {16, 200 * 200, 2},  // F(4) computes less, but reads as much longer: equal, and F(2) has half the error and weights
    {1 << 30, 0, 4},
};

constexpr Row kStride1Neon[] = {
    {3, 0, 0},
    {7, 100 * 100, 2},
    {1 << 30, 0, 4},
};

constexpr Row kStride2[] = {
    {7, 0, 0},  // a quarter of the products lie outside of a map of 7 x 7, and larger weights are waited for
    {1 << 30, 64 * 64, 2},
    {1 << 30, 0, 0},  // transforms take what the products save
};

int tile_by(std::span<const Row> rows, const Stage& stage) {
    const MapShape map = output_map(stage);
    const int side = std::max(map.height, map.width);
    const int64_t filters = int64_t{1} * stage.number("ci") * stage.number("co");
    for (const Row& row : rows) {
        if (side <= row.max_side && filters >= row.min_filters) return row.m;
    }
    return 0;
}

}  // namespace

bool winograd_fits(const Stage& s) {
    return s.number("kernel_h") == 3 && s.number("kernel_w") == 3 && s.number("stride") <= 2 && s.number("pad") == 1 &&
           s.number("in_halo") >= 1 && s.params.at("layout") == "blocked" && !has_shortcut(s);
}

int choose_winograd_tile(const Stage& stage, const VariantInfo& variant) {
    if (!winograd_fits(stage)) return 0;
    if (stage.number("stride") == 2) return tile_by(kStride2, stage);
    return variant.name == "neon" ? tile_by(kStride1Neon, stage) : tile_by(kStride1, stage);
}

}  // namespace senetc
