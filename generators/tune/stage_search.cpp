#include "generators/tune/stage_search.h"

#include <algorithm>
#include <cmath>

#include "schedules/space/space.h"

namespace senetc::tune {

namespace {

constexpr int kFewest = 3;              // tries of every family before the better ones get more
constexpr int kFewestOfSlow = 2;        // where none of them came near hand
constexpr double kPatience = 4;         // trials without an improvement that halve the hope
constexpr double kImprovement = 0.995;  // of the best time: less is noise
constexpr size_t kParents = 4;          // the best few, whose neighbours are tried
constexpr size_t kNear = 6;             // neighbours of each
constexpr int kNeighboursOf10 = 7;      // trials of ten that are neighbours
constexpr double kHopeless = 1.5;       // a family whose best is that much slower than the best of all is drawn no more
constexpr int kMostLost = 2;            // times that a schedule's measurement may get lost

// Not std::uniform_int_distribution, whose numbers are the library's.
size_t draw(std::mt19937_64& random, size_t count) {
    return size_t(random() % count);
}

}  // namespace

std::optional<Trial> trial_of(const Schedule& schedule, const Measurement& m, bool cold) {
    const double us = m.candidate.of(cold), hand_us = m.incumbent.of(cold);
    if (m.outcome != Outcome::ok || m.stopped_early || us <= 0 || hand_us <= 0) return std::nullopt;
    return Trial{schedule, us / hand_us, us, hand_us};
}

StageSearch::StageSearch(StageTask task) : task_(std::move(task)), tried_(task_.space.size(), false) {
    for (size_t i = 0; i < task_.space.size(); i++) {
        families_.push_back(family(task_.space[i]));
        place_.emplace(task_.space[i], i);
        tries_.emplace(families_.back(), 0);
    }
    tried_[0] = true;
    tries_[families_[0]]++;
    untried_ = task_.space.size() - 1;
}

double StageSearch::hope() const {
    return exhausted() ? 0 : kPatience / (kPatience + since_best_);
}

void StageSearch::add_wishes(std::vector<Wish> wishes) {
    for (Wish& wish : wishes) task_.wishes.push_back(std::move(wish));
}

Wish StageSearch::take(size_t index, const char* origin) {
    tried_[index] = true;
    untried_--;
    tries_[families_[index]]++;
    return {task_.space[index], origin};
}

std::optional<Wish> StageSearch::next_wish() {
    while (wishes_at_ < task_.wishes.size()) {
        const Wish& wish = task_.wishes[wishes_at_++];
        const auto place = place_.find(wish.schedule);
        if (place == place_.end() ? tried_elsewhere_.insert(wish.schedule).second : !tried_[place->second]) {
            if (place != place_.end()) take(place->second, "");
            return wish;
        }
    }
    return std::nullopt;
}

std::vector<size_t> StageSearch::untried(const std::string& family) const {
    std::vector<size_t> indices;
    for (size_t i = 0; i < tried_.size(); i++) {
        if (!tried_[i] && (family.empty() || families_[i] == family)) indices.push_back(i);
    }
    return indices;
}

// One of the nearest that weren't tried.
std::optional<size_t> StageSearch::neighbour(const Schedule& of, std::mt19937_64& random) const {
    std::vector<std::pair<double, size_t>> near;
    for (const size_t i : untried(family(of))) near.emplace_back(distance(of, task_.space[i]), i);
    if (near.empty()) return std::nullopt;
    const size_t count = std::min(kNear, near.size());
    std::partial_sort(near.begin(), near.begin() + std::ptrdiff_t(count), near.end());
    return near[draw(random, count)].second;
}

// The family that was tried least, if that was too little; untried schedules of it.
std::vector<size_t> StageSearch::neglected() const {
    int fewest = kFewest;
    std::vector<size_t> indices;
    for (const auto& [name, tries] : tries_) {
        const bool hopeful =
            std::any_of(good_.begin(), good_.end(), [&](const Trial& trial) { return family(trial.schedule) == name; });
        if (tries >= std::min(fewest, hopeful ? kFewest : kFewestOfSlow)) continue;
        std::vector<size_t> candidates = untried(name);
        if (!candidates.empty()) indices = std::move(candidates), fewest = tries;
    }
    return indices;
}

// Untried schedules of families that aren't hopeless, or of all where nothing else is left.
std::vector<size_t> StageSearch::promising() const {
    std::map<std::string, double> best_of;
    for (const Trial& trial : good_) best_of.emplace(family(trial.schedule), trial.ratio);
    std::vector<size_t> indices = untried("");
    const std::vector<size_t> all = indices;
    std::erase_if(indices, [&](size_t i) {
        const auto best = best_of.find(families_[i]);
        const bool good = best != best_of.end() && best->second <= kHopeless * good_.front().ratio;
        return !good && !best_of.empty();
    });
    return indices.empty() ? all : indices;
}

std::optional<Wish> StageSearch::next(std::mt19937_64& random) {
    std::optional<Wish> found = next_wish();
    if (!found && untried_ > 0) {
        if (const std::vector<size_t> some = neglected(); !some.empty()) {
            found = take(some[draw(random, some.size())], "random");
        } else {
            std::optional<size_t> near;
            if (!good_.empty() && random() % 10 < kNeighboursOf10)
                near = neighbour(good_[draw(random, std::min(kParents, good_.size()))].schedule, random);
            const std::vector<size_t> any = near ? std::vector<size_t>() : promising();
            found = near ? take(*near, "neighbour") : take(any[draw(random, any.size())], "random");
        }
    }
    if (found) proposed_++, since_best_++;
    return found;
}

std::optional<Wish> StageSearch::next_in_order() {
    const std::vector<size_t> left = untried("");
    if (left.empty()) return std::nullopt;
    proposed_++, since_best_++;
    return take(left.front(), "exhaustive");
}

// What got lost on its way says nothing of the schedule, which may be drawn again.
void StageSearch::put_back(const Schedule& schedule) {
    const auto place = place_.find(schedule);
    if (place == place_.end() || ++lost_[schedule] >= kMostLost) return;
    tried_[place->second] = false;
    untried_++;
    tries_[families_[place->second]]--;
}

bool StageSearch::tell(const Schedule& schedule, const Measurement& measurement, bool cold) {
    const std::optional<Trial> trial = trial_of(schedule, measurement, cold);
    if (measurement.outcome == Outcome::lost && schedule != hand()) put_back(schedule);
    const double hand_us = measurement.incumbent.of(cold);
    if (measurement.outcome == Outcome::ok && hand_us > 0)
        hand_us_ = hand_us_ == 0 ? hand_us : std::min(hand_us_, hand_us);
    if (!trial) return false;
    if (schedule == hand()) noise_ = std::max(noise_, std::fabs(trial->ratio - 1));
    const double before = good_.empty() ? 1 : std::min(1.0, good_.front().ratio);
    const bool improved = schedule != hand() && trial->ratio < before;
    if (improved && trial->ratio < kImprovement * before) since_best_ = 0;
    // Hand's time is 1 by definition: that it was measured otherwise against itself is noise.
    Trial kept = *trial;
    if (schedule == hand()) kept.ratio = 1;
    good_.insert(std::upper_bound(good_.begin(), good_.end(), kept,
                                  [](const Trial& a, const Trial& b) { return a.ratio < b.ratio; }),
                 kept);
    return improved;
}

}  // namespace senetc::tune
