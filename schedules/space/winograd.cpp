// Winograd convolutions (schedules/hand/winograd.cpp): tile_p tiles by tile_k blocks are the accumulators of the
// products; a band of tile rows has its spectrum and one task's products in L2.
//
// m = 6 is in the space: its error is below the oracle's bound, which knows the transforms' magnitudes, though larger
// than that of m = 4.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "generators/stages/winograd_transforms.h"
#include "schedules/hand/choose.h"
#include "schedules/hand/lanes.h"
#include "schedules/hand/map_loops.h"
#include "schedules/hand/tiling.h"
#include "schedules/schedules.h"
#include "schedules/space/map_tiles.h"

namespace senetc::space {

namespace {

constexpr int64_t kLargestBand = 2 << 20;      // bytes of spectrum, where weights stream past anyway
constexpr int64_t kLargestProducts = 1 << 20;  // bytes, of a task
constexpr double kMostOutside = 2;             // outputs computed over those that the map has
constexpr int kTogether = 4;                   // images
constexpr int64_t kPage = 4096;                // bytes: elements of the spectrum so far apart share L1's sets

struct Band {
    int tiles_x, tiles_y, rows, tiles;  // tiles: computed, whole register tiles
    int count() const { return divide_up(tiles_y, rows); }
};

Band band_of(const Stage& stage, int m, int rows, int tile_p) {
    const MapShape map = output_map(stage);
    Band band{divide_up(map.width, m), divide_up(map.height, m), rows, 0};
    band.tiles = divide_up(rows * band.tiles_x, tile_p) * tile_p;
    return band;
}

int64_t spectrum_elements(const Stage& stage, int m) {
    const int64_t elements = winograd_elements(m, stage.number("stride"));
    return elements * elements;
}

bool lies_outside(const Stage& stage, int m) {
    const MapShape map = output_map(stage);
    const double computed = double(divide_up(map.width, m)) * m * divide_up(map.height, m) * m;
    return computed > kMostOutside * map.width * map.height;
}

int registers(const VariantInfo& variant, int tile_p, int vectors) {
    if (variant.lanes == kQuad) return tile_p * vectors + tile_p + 2;  // by lane
    return tile_p * vectors + vectors + (variant.lanes == kBlock ? 0 : 1);
}

// Of all products, in slots for each vector of the output.
double cost(const VariantInfo& variant, const Band& band, int tile_p, int vectors) {
    const double step = step_cost(tile_p, vectors, variant.lanes == kQuad ? 1.0 / kQuad : 1);
    return double(band.count()) * band.tiles / tile_p * step / vectors;
}

// Where the spectrum's elements share L1's sets, padding them apart is a choice; else it is hand's.
std::vector<int> pads(const Stage& stage, int m, const Band& band) {
    const int64_t apart = int64_t{4} * kBlock * band.tiles * blocks(stage.number("ci"));
    if (apart % kPage == 0) return {0, 1};
    return {band.rows * m >= output_map(stage).height ? 1 : 0};
}

// With one thread bands and blocks are the same loops in the same order, so hand's rule decides.
std::vector<int> axes(const Stage& stage, const Schedule& hand, const SpaceOptions& options, const Band& band,
                      int tile_k) {
    if (hand.number("axis") < kBands) return {hand.number("axis")};
    if (options.threads > 1) return {kBands, kBlocks};
    const bool along_blocks = band.count() < 4 && blocks(stage.number("co")) / tile_k >= band.count();
    return {along_blocks ? kBlocks : kBands};
}

// A register tile of the products in a band.
struct Choice {
    Band band;
    int tile_p, tile_k;
    double cost;
};

std::vector<Choice> choices(const Stage& stage, const VariantInfo& variant, int m) {
    std::vector<Choice> all;
    double best = HUGE_VAL;
    const int tiles_y = divide_up(output_map(stage).height, m);
    for (const int tile_k : {1, 2, 4}) {
        if (blocks(stage.number("co")) % tile_k != 0) continue;
        const int vectors = vectors_of(variant, kBlock, tile_k);
        for (int tile_p = 1; registers(variant, tile_p, vectors) <= variant.registers; tile_p++) {
            for (const int rows : part_sizes(tiles_y)) {
                const Band band = band_of(stage, m, rows, tile_p);
                all.push_back({band, tile_p, tile_k, cost(variant, band, tile_p, vectors)});
                best = std::min(best, all.back().cost);
            }
        }
    }
    std::erase_if(all, [&](const Choice& choice) { return choice.cost > kWorstTile * best; });
    return all;
}

void append(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options, int m,
            std::vector<Schedule>& schedules) {
    const Schedule hand = choose_schedule(stage, variant.name), usual = choose_winograd(stage, variant, m);
    Schedule schedule = usual;
    for (const Choice& choice : choices(stage, variant, m)) {
        schedule.params["tile_p"] = choice.tile_p;
        schedule.params["tile_k"] = choice.tile_k;
        schedule.params["rows"] = choice.band.rows;
        for (const int axis : axes(stage, hand, options, choice.band, choice.tile_k)) {
            schedule.params["axis"] = axis;
            for (const int pad : pads(stage, m, choice.band)) {
                schedule.params["pad"] = pad;
                schedules.push_back(schedule);
                if (options.batch == 1) continue;
                for (const int images : {1, 2, kTogether}) {
                    schedules.push_back(schedule);
                    schedules.back().params["images"] = images;
                }
            }
        }
    }
}

std::string band_rule(const Stage& stage, const Schedule& s) {
    const int m = s.number("m"), rows = s.number("rows");
    const Band band = band_of(stage, m, rows, s.number("tile_p"));
    const int64_t a_channel = int64_t{4} * spectrum_elements(stage, m) * band.tiles;
    const int64_t spectrum = a_channel * blocks(stage.number("ci")) * kBlock;
    const int64_t products = a_channel * s.number("tile_k") * kBlock;
    return first_of(
        {unless(rows >= 1 && rows <= band.tiles_y, fmt::format("a band of {} of {} rows", rows, band.tiles_y)),
         unless(rows == 1 || spectrum <= kLargestBand, fmt::format("a band's spectrum is {} KB", spectrum >> 10)),
         unless(rows == 1 || products <= kLargestProducts,
                fmt::format("a task's products are {} KB", products >> 10))});
}

}  // namespace

std::vector<Schedule> winograd_candidates(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options) {
    std::vector<Schedule> schedules;
    if (!winograd_fits(stage)) return schedules;
    for (const int m : {2, 4, 6}) {
        if (stage.number("stride") == 1 || m == 2) append(stage, variant, options, m, schedules);
    }
    return schedules;
}

std::string winograd_rule(const Stage& stage, const VariantInfo& variant, const Schedule& s) {
    if (!winograd_fits(stage)) return "the convolution is none that Winograd's algorithm has";
    const int m = s.number("m"), tile_p = s.number("tile_p"), tile_k = s.number("tile_k");
    const bool known = m == 2 || ((m == 4 || m == 6) && stage.number("stride") == 1);
    if (!known) return fmt::format("no transform for m={} with stride {}", m, stage.number("stride"));
    const int needed = tile_p < 1 || tile_k < 1 ? 0 : registers(variant, tile_p, vectors_of(variant, kBlock, tile_k));
    return first_of(
        {unless(!lies_outside(stage, m), "most of what it computes lies outside of the map"),
         unless(s.number("lanes") == variant.lanes && (s.params.count("by_lane") != 0) == (variant.lanes == kQuad),
                fmt::format("its vectors are not {}'s", variant.name)),
         unless(needed >= 1 && needed <= variant.registers,
                fmt::format("it needs {} registers of {}", needed, variant.registers)),
         unless(blocks(stage.number("co")) % std::max(tile_k, 1) == 0,
                fmt::format("tile_k={} does not divide the blocks", tile_k)),
         unless(s.number("images") >= 1 && s.number("images") <= kTogether, "images together are 1 to 4"),
         band_rule(stage, s), task_rule(stage, variant, s)});
}

}  // namespace senetc::space
