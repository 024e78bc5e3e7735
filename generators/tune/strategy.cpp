#include "generators/tune/strategy.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace senetc::tune {

namespace {

constexpr double kFinalOverOthers = 1.5;  // seconds of a final's measurement over those of others
constexpr double kOneMeasurement = 0.03;  // what a schedule must be better by that was measured only once

}  // namespace

Strategy::Strategy(std::vector<StageTask> stages, const StrategyOptions& options)
    : shares_(stages.size(), 0), options_(options), limits_(options.limits), random_(options.seed) {
    for (StageTask& stage : stages) stages_.emplace_back(std::move(stage));
}

void Strategy::set_limits(const Limits& limits) {
    limits_ = limits;
    const bool over = phase_ == Phase::playoff || phase_ == Phase::done;
    if (over && !search_is_over()) phase_ = Phase::search;
}

void Strategy::add_wishes(size_t stage, std::vector<Schedule> schedules, const std::string& origin) {
    std::vector<Wish> wishes;
    for (Schedule& schedule : schedules) wishes.push_back({std::move(schedule), origin});
    stages_[stage].add_wishes(std::move(wishes));
}

Proposal Strategy::propose(size_t stage, Schedule schedule, const char* origin, int effort) {
    outstanding_++;
    return {stage, std::move(schedule), effort, origin};
}

std::optional<Proposal> Strategy::propose() {
    if (phase_ == Phase::hand) {
        if (next_hand_ < stages_.size()) return propose_hand();
        if (outstanding_ > 0) return std::nullopt;
        compute_shares();
        phase_ = Phase::search;
    }
    if (phase_ == Phase::search) {
        if (!search_is_over()) return propose_search();
        if (outstanding_ > 0) return std::nullopt;  // which of them are finalists is known when all are
        begin_playoff();
    }
    return phase_ == Phase::playoff ? propose_final() : std::nullopt;
}

std::optional<Proposal> Strategy::propose_hand() {
    const size_t stage = next_hand_++;
    return propose(stage, stages_[stage].hand(), "hand");
}

// The stage whose share x hope is largest; of equal ones the first.
std::optional<Proposal> Strategy::propose_search() {
    size_t best = 0;
    const auto worth = [&](size_t i) { return shares_[i] * stages_[i].hope(); };
    for (size_t i = 1; i < stages_.size(); i++) {
        if (worth(i) > worth(best)) best = i;
    }
    const std::optional<Wish> wish = options_.exhaustive ? next_in_order() : stages_[best].next(random_);
    if (!wish) return std::nullopt;
    trials_++;
    Proposal proposal = propose(options_.exhaustive ? in_order_ : best, wish->schedule, wish->origin.c_str());
    return proposal;
}

std::optional<Wish> Strategy::next_in_order() {
    for (; in_order_ < stages_.size(); in_order_++) {
        if (shares_[in_order_] == 0) continue;
        if (std::optional<Wish> wish = stages_[in_order_].next_in_order()) return wish;
    }
    return std::nullopt;
}

std::optional<Proposal> Strategy::propose_final() {
    for (const size_t stage : by_share_) {
        if (std::optional<Schedule> schedule = playoffs_[stage].next())
            return propose(stage, std::move(*schedule), "final", kFinalEffort);
    }
    if (outstanding_ == 0) phase_ = Phase::done;
    return std::nullopt;
}

void Strategy::begin_playoff() {
    phase_ = Phase::playoff;
    playoffs_.clear();
    for (const StageSearch& stage : stages_) playoffs_.emplace_back(stage);
}

bool Strategy::search_is_over() const {
    if (limits_.trials > 0 && trials_ >= limits_.trials) return true;
    if (limits_.seconds > 0 && at_ + playoff_seconds() >= limits_.seconds) return true;
    for (size_t i = 0; i < stages_.size(); i++) {
        const bool left = options_.exhaustive ? stages_[i].untried() > 0 : stages_[i].hope() > 0;
        if (shares_[i] > 0 && left) return false;
    }
    return true;
}

// What its measurements would take, going by those that were made: they are longer, but their kernels are compiled.
double Strategy::playoff_seconds() const {
    if (measured_ == 0) return 0;
    int count = 0;
    for (const StageSearch& stage : stages_) count += Playoff::measurements(stage);
    return count * kFinalOverOthers * at_ / measured_;
}

// Each variant's stages share 1. Stages whose hand schedule gave no time have nothing to be compared with.
void Strategy::compute_shares() {
    std::map<std::string, double> total;
    for (const StageSearch& stage : stages_) total[stage.task().variant] += stage.hand_us() * stage.task().uses;
    for (size_t i = 0; i < stages_.size(); i++) {
        const StageSearch& stage = stages_[i];
        if (stage.hand_us() > 0) shares_[i] = stage.hand_us() * stage.task().uses / total[stage.task().variant];
    }
    by_share_.resize(stages_.size());
    std::iota(by_share_.begin(), by_share_.end(), size_t{0});
    std::stable_sort(by_share_.begin(), by_share_.end(), [&](size_t a, size_t b) { return shares_[a] > shares_[b]; });
}

bool Strategy::tell(const Proposal& proposal, const Measurement& measurement, double at) {
    outstanding_--;
    at_ = std::max(at_, at);
    measured_++;
    if (proposal.origin != "final") return stages_[proposal.stage].tell(proposal.schedule, measurement, options_.cold);
    playoffs_[proposal.stage].tell(proposal.schedule, measurement, options_.cold);
    return false;
}

Decision Strategy::decision(size_t index) const {
    const StageSearch& stage = stages_[index];
    const Trial* best = nullptr;
    if (phase_ == Phase::done) {
        best = playoffs_[index].winner();
    } else if (stage.best() != nullptr && stage.best()->ratio < 1 - std::max(kOneMeasurement, 2 * stage.noise())) {
        best = stage.best();
    }
    if (best == nullptr) return {false, stage.hand(), stage.hand_us(), stage.hand_us()};
    return {true, best->schedule, best->us, best->hand_us};
}

}  // namespace senetc::tune
