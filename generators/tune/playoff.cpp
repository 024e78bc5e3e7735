#include "generators/tune/playoff.h"

#include <algorithm>
#include <cmath>

namespace senetc::tune {

namespace {

constexpr double kLeastNoise = 0.01;  // of a time that two runs may differ by, whatever the machine

}  // namespace

int Playoff::measurements(const StageSearch& search) {
    int finalists = 0;
    for (const Trial& trial : search.good()) finalists += trial.ratio < kWorthAFinal && finalists < kFinalists;
    return finalists == 0 ? 0 : finalists + 2;
}

Playoff::Playoff(const StageSearch& search) : hand_(search.hand()), noise_(kLeastNoise) {
    for (const Trial& trial : search.good()) {
        if (trial.ratio >= kWorthAFinal || to_measure_.size() == kFinalists) break;
        to_measure_.push_back(trial.schedule);
    }
    std::reverse(to_measure_.begin(), to_measure_.end());
}

std::optional<Schedule> Playoff::next() {
    if (to_measure_.empty() && under_way_ == 0 && !second_) begin_second_round();
    if (to_measure_.empty()) return std::nullopt;
    const Schedule schedule = to_measure_.back();
    to_measure_.pop_back();
    under_way_++;
    return schedule;
}

void Playoff::begin_second_round() {
    second_ = true;
    const auto best = std::min_element(first_round_.begin(), first_round_.end(),
                                       [](const Trial& a, const Trial& b) { return a.ratio < b.ratio; });
    if (best == first_round_.end() || best->ratio >= 1 - noise_) return;
    favourite_ = *best;
    to_measure_ = {best->schedule, hand_};
}

void Playoff::tell(const Schedule& schedule, const Measurement& measurement, bool cold) {
    under_way_--;
    const std::optional<Trial> trial = trial_of(schedule, measurement, cold);
    if (trial && schedule == hand_)
        noise_ = std::max(noise_, std::fabs(trial->ratio - 1));
    else if (trial && second_)
        second_round_ = trial;
    else if (trial)
        first_round_.push_back(*trial);
    if (second_ && under_way_ == 0 && to_measure_.empty()) decide();
}

void Playoff::decide() {
    if (!favourite_ || !second_round_) return;
    const Trial& slower = favourite_->ratio > second_round_->ratio ? *favourite_ : *second_round_;
    if (slower.ratio < 1 - noise_) winner_ = slower;
}

}  // namespace senetc::tune
