// A machine whose times are a formula: every schedule has its time, the same in every run, on a clock that only
// measurements move.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "generators/compiler/targets.h"
#include "generators/tune/evaluator.h"
#include "generators/tune/observer.h"
#include "generators/tune/strategy.h"
#include "schedules/schedules.h"
#include "schedules/space/space.h"

namespace senetc::test {

// FNV-1a, mixed.
inline uint64_t text_hash(const std::string& text) {
    uint64_t hash = 14695981039346656037u;
    for (const unsigned char letter : text) hash = (hash ^ letter) * 1099511628211u;
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;  // every bit of it depends on every letter
    return hash ^ hash >> 33;
}

// In [0, 1).
inline double unit_of(const std::string& text) {
    return double(text_hash(text) >> 11) * 0x1p-53;
}

// A time that depends on the schedule's text: 0.7 to 1.7 of hand's 100 us times a stage's size. One of ten is refused.
inline tune::Measurement fake_measurement(const tune::Candidate& candidate, const Schedule& hand) {
    const std::string text = to_string(candidate.stage) + to_string(candidate.schedule);
    tune::Measurement m;
    m.seconds = 0.5 + double(text_hash(text) % 8) / 8;  // sums of these are exact
    if (candidate.schedule != hand && text_hash(text + "!") % 10 == 0) {
        m.outcome = tune::Outcome::refused;
        m.message = "it has the wrong hash";
        return m;
    }
    const double size = 50 + 100 * unit_of(to_string(candidate.stage));
    const double factor = candidate.schedule == hand ? 1 : 0.7 + unit_of(text);
    const double noise = 1 + 0.004 * (unit_of(text + std::to_string(candidate.effort)) - 0.5);
    m.incumbent = {size, size * 1.5};
    m.candidate = {size * factor * noise, size * factor * noise * 1.5};
    m.stopped_early = factor > 1.5;
    m.error = 0.1;
    return m;
}

class FakeEvaluator : public tune::Evaluator {
  public:
    // `measured`: called before each result is handed out.
    explicit FakeEvaluator(int capacity, uint64_t order = 0, std::function<void()> measured = {})
        : capacity_(capacity), order_(order), measured_(std::move(measured)) {}

    int capacity() const override { return capacity_; }
    void start(int id, const tune::Candidate& candidate) override { under_way_.emplace_back(id, candidate); }

    // Any of those under way may be first; which, `order` decides.
    std::optional<std::pair<int, tune::Measurement>> wait(double) override {
        order_ = order_ * 6364136223846793005u + 1442695040888963407u;
        const auto one = under_way_.begin() + std::ptrdiff_t((order_ >> 33) % under_way_.size());
        const auto [id, candidate] = *one;
        under_way_.erase(one);
        const Schedule hand = choose_schedule(candidate.stage, candidate.variant);
        const tune::Measurement m = result ? result(candidate, hand) : fake_measurement(candidate, hand);
        now += m.seconds;
        if (measured_) measured_();
        return std::pair(id, m);
    }

    double now = 0;  // seconds
    std::function<tune::Measurement(const tune::Candidate&, const Schedule& hand)> result;

  private:
    int capacity_;
    uint64_t order_;
    std::function<void()> measured_;
    std::vector<std::pair<int, tune::Candidate>> under_way_;
};

class Silent : public tune::Observer {
  public:
    void measured(const tune::Candidate&, const tune::Measurement&, bool, const tune::Progress&) override {}
    void tick(const tune::Progress&) override {}
    void note(const std::string& sentence) override { notes.push_back(sentence); }
    std::vector<std::string> notes;
};

inline Stage conv_stage(const std::string& shape) {
    return parse_stage(
        "conv act=relu gate=0 in_halo=1 kernel_h=3 kernel_w=3 layout=blocked out_halo=1 pad=1 res_halo=0 "
        "residual=0 store=1 stride=1 sums=0 " +
        shape);
}

inline tune::StageTask task(const Stage& stage, int uses, const std::string& variant = "avx512") {
    return {stage,
            variant,
            stage.params.at("ci") + "->" + stage.params.at("co"),
            uses,
            schedule_space(stage, find_variant(variant)),
            {}};
}

// Three stages of a small network.
inline std::vector<tune::StageTask> small_network() {
    return {task(conv_stage("ci=16 co=16 in_h=16 in_w=16"), 6), task(conv_stage("ci=16 co=32 in_h=8 in_w=8"), 2),
            task(conv_stage("ci=32 co=32 in_h=8 in_w=8"), 1)};
}

}  // namespace senetc::test
