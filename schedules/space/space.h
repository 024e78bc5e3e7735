// The legal schedules of a stage: the hand templates (schedules/hand) with other numbers. What can't be right or can't
// be fast is left out before anything is compiled: tiles that registers don't hold, bands that L2 doesn't hold, tiles
// that compute much beside the map.
//
// A space is a list: a typical convolution has a few hundred schedules, so that all of them can be measured, and a draw
// or a neighbour is an index. That is why numbers which hardly decide a time (how a batch's images are grouped, when
// one image is timed) are not free, and why sizes of bands are a few counts of bands instead of every size.
//
// Hand's own choice is always in the space, and first. For GPUs it is all there is: their templates have no space yet.
#pragma once

#include <string>
#include <vector>

#include "generators/compiler/stage.h"
#include "generators/compiler/targets.h"

namespace senetc {

// What schedules will be timed with; numbers that make no difference there stay as hand has them.
struct SpaceOptions {
    int threads = 1, batch = 1;
};

std::vector<Schedule> schedule_space(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options = {});

// The hand rules' own choice for each algorithm that the stage has: where a search begins.
std::vector<Schedule> usual_schedules(const Stage& stage, const VariantInfo& variant);

// Why a schedule of the hand templates is none for this stage; "" when it is one.
std::string why_illegal(const Stage& stage, const VariantInfo& variant, const Schedule& schedule);

// What candidates of one kind have in common: "direct", "winograd m=4".
std::string family(const Schedule& schedule);

// How far apart two schedules are: doublings of each number, added up; numbers that only one has count as one. Infinite
// between families.
double distance(const Schedule& a, const Schedule& b);

}  // namespace senetc
