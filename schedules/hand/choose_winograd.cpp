// Numbers of the Winograd convolution (schedules/hand/winograd.cpp).
//
// Register tile: as in the direct convolution up to 28 accumulators of AVX-512's 32 registers, 12 of AVX2's 16 and 24
// of NEON's 32, and two output blocks where AVX-512 has pairs; with one block each FMA needs a load of its own: 128
// channels at 28 x 28 take 0.56 ms with 7 x 2 tiles by blocks, 0.66 with 14 x 1. The inner loops have no spills.
//
// Bands: a band's spectrum and one task's products stay in L2, so few tile rows are enough where the weights lie there,
// too. Larger weights are read once a band: then the whole image is one band, and tasks lie along output blocks.
//
// Images: up to four share one reading of weights that L2 can't hold. 256 channels, 14 x 14, batch 8, microseconds an
// image, weights cold: 1220 one at a time, 897 in twos, 854 in fours, 799 all eight, which take 5.5 MB of scratch.
// 512 channels, 14 x 14, milliseconds an image of three layers, alone and (eight), and the session's memory: two bands
// of up to 1.5 MB 15.9 (13.2) in 15.9 MB; one of 1.6 MB 14.0 (11.6) in 14.4 MB, by twos 14.0 (12.5) in 7.7 MB. With
// 2.4 MB of weights (128 channels, 56 x 56) one band is no gain: 7.7 (11.3) instead of 7.2 (11.1).
//
// 64 channels at 56 x 56 take 0.573 ms; the products alone, at the 140 GFLOP/s of the direct kernel's loop, would take
// 0.413: transforms and stores are the rest.
#include <algorithm>
#include <cmath>

#include "generators/stages/winograd_transforms.h"
#include "schedules/hand/choose.h"
#include "schedules/hand/lanes.h"
#include "schedules/hand/map_loops.h"
#include "schedules/hand/tasks.h"
#include "schedules/hand/tiling.h"

namespace senetc {

namespace {

constexpr int64_t kNearWeights = 1 << 20;  // stay in L2 beside a band
constexpr int64_t kSmallBand = 512 << 10;  // spectrum and products, beside such weights
constexpr int64_t kLargeBand = 3 << 19;    // spectrum, where the weights stream past
constexpr int64_t kFarWeights = 4 << 20;   // come from L3 or memory
constexpr int64_t kLargestBand = 2 << 20;  // spectrum, where they do
constexpr int kImagesTogether = 4;

int square(int a) {
    return a * a;
}

bool by_lane(const VariantInfo& variant) {
    return variant.lanes == kQuad;
}

struct Choice {
    int tile_p = 1, tile_k = 1, rows = 1;
    double cost = HUGE_VAL;
};

class Chooser {
  public:
    Chooser(const Stage& stage, const VariantInfo& variant, int m)
        : variant_(variant),
          elements_(square(winograd_elements(m, stage.number("stride")))),
          weights_(square(m + 2)),
          ci_(blocks(stage.number("ci")) * kBlock),
          co_(blocks(stage.number("co")) * kBlock),
          tiles_x_(divide_up(output_map(stage).width, m)),
          tiles_y_(divide_up(output_map(stage).height, m)) {}

    int64_t weight_bytes() const { return int64_t{4} * weights_ * ci_ * co_; }
    int bands(int rows) const { return divide_up(tiles_y_, rows); }

    Choice best() const {
        Choice best;
        const int max_k = variant_.lanes == kBlock && co_ / kBlock % 2 == 0 ? 2 : 1;
        for (int tile_k = 1; tile_k <= max_k; tile_k++) {
            const int vectors = tile_k * kBlock / variant_.lanes;
            for (int tile_p = 1; tile_p <= accumulators() / vectors; tile_p++) {
                for (int rows = 1; rows <= tiles_y_; rows++) {
                    if (rows > 1 && !fits(rows, tile_p, tile_k)) break;
                    const Choice choice{tile_p, tile_k, rows, cost(rows, tile_p, vectors)};
                    if (choice.cost < best.cost) best = choice;
                }
            }
        }
        return best;
    }

  private:
    // As many as registers hold beside a step's weights and broadcast.
    int accumulators() const { return variant_.lanes == kBlock ? 28 : variant_.lanes == 8 ? 12 : 24; }

    int band_tiles(int rows, int tile_p) const { return divide_up(rows * tiles_x_, tile_p) * tile_p; }

    bool fits(int rows, int tile_p, int tile_k) const {
        const int64_t per_channel = int64_t{4} * elements_ * band_tiles(rows, tile_p);
        const int64_t spectrum = per_channel * ci_;
        if (weight_bytes() > kFarWeights) return spectrum <= kLargestBand;
        if (weight_bytes() > kNearWeights) return spectrum <= kLargeBand;
        return per_channel * (ci_ + tile_k * kBlock) <= kSmallBand;
    }

    // Of all bands' products, in slots a vector of output; weights that aren't near cost about two slots a line a band.
    double cost(int rows, int tile_p, int vectors) const {
        const double products = band_tiles(rows, tile_p) / tile_p *
                                step_cost(tile_p, vectors, by_lane(variant_) ? 1.0 / kQuad : 1) / vectors;
        return bands(rows) * (products + (weight_bytes() > kNearWeights ? 2 : 0));
    }

    const VariantInfo& variant_;
    int elements_, weights_;  // elements of a tile's spectrum and of a transformed filter
    int ci_, co_, tiles_x_, tiles_y_;
};

}  // namespace

Schedule choose_winograd(const Stage& stage, const VariantInfo& variant, int m) {
    const Chooser chooser(stage, variant, m);
    const Choice choice = chooser.best();
    const int bands = chooser.bands(choice.rows);
    const int level = parallel_level(flops(stage) / 3);
    const bool along_blocks = bands < 4 && blocks(stage.number("co")) / choice.tile_k >= bands;
    Schedule schedule{"winograd",
                      {{"m", m},
                       {"lanes", variant.lanes},
                       {"tile_p", choice.tile_p},
                       {"tile_k", choice.tile_k},
                       {"rows", choice.rows}}};
    if (by_lane(variant)) schedule.params["by_lane"] = 1;
    schedule.params["axis"] = level < 2 ? level : along_blocks ? kBlocks : kBands;
    schedule.params["images"] = chooser.weight_bytes() > kFarWeights ? kImagesTogether : 1;
    schedule.params["pad"] = choice.rows * m >= output_map(stage).height ? 1 : 0;
    return schedule;
}

}  // namespace senetc
