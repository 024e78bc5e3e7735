// What the spaces of all templates share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schedules/space/space.h"

namespace senetc::space {

// Of the CPUs that the variants are for, the smallest. Larger ones gain little from larger bands.
constexpr int64_t kL2 = 1 << 20;  // bytes

// Tiles whose estimated time is above the best one's by more than this are left out. The estimate (hand/tiling.h) fits
// measurements within 3 %; the rest is room for what it knows nothing of: caches, stores, sums.
constexpr double kWorstTile = 1.15;

// A template: every schedule that is worth a look, legal or not; and the rules.
std::vector<Schedule> conv_candidates(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options);
std::vector<Schedule> winograd_candidates(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options);
std::vector<Schedule> map_candidates(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options);
std::vector<Schedule> vector_candidates(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options);
std::vector<Schedule> ingest_candidates(const Stage& stage, const VariantInfo& variant, const SpaceOptions& options);
std::string conv_rule(const Stage& stage, const VariantInfo& variant, const Schedule& schedule);
std::string winograd_rule(const Stage& stage, const VariantInfo& variant, const Schedule& schedule);
std::string map_rule(const Stage& stage, const VariantInfo& variant, const Schedule& schedule);
std::string vector_rule(const Stage& stage, const VariantInfo& variant, const Schedule& schedule);
std::string ingest_rule(const Stage& stage, const VariantInfo& variant, const Schedule& schedule);

// Tasks of one image's run that a schedule must have at least: hand's, but no more than four. So a stage that hand
// shares among threads stays shared among four of them, whatever number of threads the tuner has timed.
std::string task_rule(const Stage& stage, const VariantInfo& variant, const Schedule& schedule);

// How `count` things may be cut into equal parts, as sizes of a part: parts of 1, 2, 3, 4, 6, 8, 12, ... 64, 96.
std::vector<int> part_sizes(int count);

// The values of `wanted` and `another` that are at least 1 and at most `most`, in order, each once.
std::vector<int> values_up_to(int most, std::vector<int> wanted, int another = 0);

// The sentence when it is needed.
std::string unless(bool right, const std::string& sentence);
// The first that isn't empty.
std::string first_of(std::initializer_list<std::string> sentences);

}  // namespace senetc::space
