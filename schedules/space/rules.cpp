#include "schedules/space/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "schedules/parallel_loop.h"
#include "schedules/schedules.h"

namespace senetc::space {

namespace {

constexpr int kFewestTasks = 4;

// Whether threads share one image's work, many images' or none: no two of them are the same promise to the user.
int level_of(const Schedule& schedule) {
    const auto axis = schedule.params.find("axis");
    return axis == schedule.params.end() ? schedule.number("parallel") : std::min(axis->second, 2);
}

}  // namespace

std::string task_rule(const Stage& stage, const VariantInfo& variant, const Schedule& schedule) {
    const Schedule hand = choose_schedule(stage, variant.name);
    if (level_of(schedule) != level_of(hand))
        return fmt::format("its tasks are of another kind than hand's ({} instead of {})", level_of(schedule),
                           level_of(hand));
    const int tasks = parallel_loop(stage, schedule, 1).tasks;
    const int needed = std::min(kFewestTasks, parallel_loop(stage, hand, 1).tasks);
    return unless(tasks >= needed, fmt::format("{} tasks are too few to share: hand has {}", tasks,
                                               parallel_loop(stage, hand, 1).tasks));
}

std::vector<int> part_sizes(int count) {
    std::vector<int> sizes;
    for (const int parts : {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96}) sizes.push_back(divide_up(count, parts));
    return values_up_to(count, std::move(sizes));
}

std::vector<int> values_up_to(int most, std::vector<int> wanted, int another) {
    wanted.push_back(another);
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    std::erase_if(wanted, [&](int value) { return value < 1 || value > most; });
    return wanted;
}

std::string unless(bool right, const std::string& sentence) {
    return right ? "" : sentence;
}

std::string first_of(std::initializer_list<std::string> sentences) {
    for (const std::string& sentence : sentences) {
        if (!sentence.empty()) return sentence;
    }
    return "";
}

}  // namespace senetc::space
