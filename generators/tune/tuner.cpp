#include "generators/tune/tuner.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/error.h"

namespace senetc::tune {

namespace {

constexpr int kMostLost = 8;            // measurements in a row that runners lose before the run ends
constexpr size_t kSamplesToLearn = 32;  // new ones, before the cost model is trained again
constexpr double kTick = 1;             // seconds between two looks at the clock

const char* name_of(Phase phase) {
    switch (phase) {
        case Phase::hand:
            return "hand";
        case Phase::search:
            return "search";
        case Phase::playoff:
        case Phase::done:
            break;
    }
    return "playoff";
}

}  // namespace

Tuner::Tuner(const JournalHeader& header, Strategy& strategy, Journal& journal, std::vector<JournalEvent> events,
             TunerWorld world)
    : header_(header), strategy_(strategy), journal_(journal), world_(std::move(world)), events_(std::move(events)) {
    for (const JournalRecord& record : journal.contents().records) {
        known_.emplace(record.n, record);
        before_ = std::max(before_, record.at);
    }
    began_ = world_.seconds();
}

double Tuner::elapsed() const {
    return before_ + world_.seconds() - began_;
}

Candidate Tuner::candidate_of(const Proposal& proposal) const {
    const StageTask& task = strategy_.stage(proposal.stage).task();
    return {task.stage, task.variant, proposal.schedule, proposal.effort};
}

TunerEnd Tuner::run() {
    while (true) {
        apply_events();
        if (int(waiting_.size()) < header_.window && propose_one()) continue;
        if (waiting_.empty()) return TunerEnd::finished;
        if (!wait_for_first()) return TunerEnd::interrupted;
        tell_first();
    }
}

// What happened between two proposals of an earlier session happens there again.
void Tuner::apply_events() {
    for (; next_event_ < events_.size() && events_[next_event_].after <= next_; next_event_++) {
        if (events_[next_event_].kind == "limits") strategy_.set_limits(events_[next_event_].limits);
    }
}

bool Tuner::propose_one() {
    const std::optional<Proposal> proposal = strategy_.propose();
    if (!proposal) return false;
    const int n = next_++;
    waiting_.push_back({n, *proposal});
    const auto known = known_.find(n);
    if (known == known_.end()) {
        to_start_.push_back({n, *proposal});
        start_some();
    } else if (size_t(known->second.stage) != proposal->stage || known->second.schedule != proposal->schedule) {
        throw Error(
            fmt::format("{}: candidate {} is '{}', but this senetc would have measured '{}' there: it searches "
                        "otherwise than the one that wrote the journal; begin another journal with --journal, "
                        "and give it this one with --seed-from",
                        journal_.path().string(), n, to_string(known->second.schedule), to_string(proposal->schedule)));
    }
    return true;
}

void Tuner::start_some() {
    while (!to_start_.empty() && int(under_way_.size()) < world_.evaluator.capacity()) {
        const auto [n, proposal] = to_start_.front();
        to_start_.pop_front();
        under_way_.emplace(n, proposal);
        world_.evaluator.start(n, candidate_of(proposal));
    }
}

// False: interrupted.
bool Tuner::wait_for_first() {
    while (known_.count(waiting_.front().n) == 0) {
        if (world_.interrupted()) return false;
        start_some();
        if (const auto done = world_.evaluator.wait(kTick)) {
            take(done->first, done->second);
        } else {
            progress_.elapsed = elapsed();
            world_.observer.tick(progress_);
        }
    }
    return true;
}

// Measured: into the journal at once, whoever's turn it is.
void Tuner::take(int n, const Measurement& measurement) {
    const auto proposal = under_way_.extract(n).mapped();
    JournalRecord record{
        n, int(proposal.stage), proposal.schedule, proposal.effort, proposal.origin, measurement, elapsed()};
    journal_.append(line_of(record));
    known_.emplace(n, record);
    new_.insert(n);
    lost_in_a_row_ = measurement.outcome == Outcome::lost ? lost_in_a_row_ + 1 : 0;
    if (lost_in_a_row_ < kMostLost) return;
    throw Error(
        fmt::format("the runners lost {} measurements one after the other, the last with: {}; mend the runner, "
                    "then the same command goes on",
                    lost_in_a_row_, measurement.message));
}

void Tuner::tell_first() {
    const Waiting first = waiting_.front();
    waiting_.pop_front();
    const JournalRecord record = known_.extract(first.n).mapped();
    const bool improved = strategy_.tell(first.proposal, record.measurement, record.at);
    learn_from(first.proposal, record.measurement);
    note_progress(record, first.proposal.stage);
    if (new_.erase(first.n) != 0)
        world_.observer.measured(candidate_of(first.proposal), record.measurement, improved, progress_);
}

// After so many new samples the cost model is trained, and draws schedules for every stage. What it learnt in an
// earlier session is in the journal: to learn it again would take time and might give other weights.
void Tuner::learn_from(const Proposal& proposal, const Measurement& measurement) {
    if (world_.cost_model == nullptr || !world_.cost_model->is_its(proposal.schedule)) return;
    const double us = measurement.candidate.of(header_.cold);
    const bool timed = measurement.outcome == Outcome::ok && us > 0;  // also if not to the end: slow ones teach, too
    if (timed && proposal.effort == 1) samples_.push_back({candidate_of(proposal), us});
    if (samples_.size() < learnt_from_ + kSamplesToLearn) return;
    learnt_from_ = samples_.size();
    int learnt = 0;
    const auto earlier = std::find_if(events_.begin(), events_.end(), [&](const JournalEvent& event) {
        return event.kind == "weights" && event.after == next_;
    });
    if (earlier != events_.end()) {
        learnt = earlier->weights;
    } else {
        world_.observer.note(fmt::format("the cost model learns from {} measurements", samples_.size()));
        learnt = world_.cost_model->learn(samples_, weights_);
        journal_.append(line_of(JournalEvent{"weights", next_, {}, learnt}));
    }
    if (learnt == 0) return;
    weights_ = learnt, times_++;
    for (size_t i = 0; i < strategy_.size(); i++) {
        const StageTask& task = strategy_.stage(i).task();
        const unsigned seed = header_.seed + unsigned(times_) * unsigned(strategy_.size()) + unsigned(i);
        strategy_.add_wishes(i, world_.cost_model->draw(task.stage, task.variant, seed, weights_), "auto");
    }
}

void Tuner::note_progress(const JournalRecord& record, size_t index) {
    Progress& p = progress_;
    const StageSearch& stage = strategy_.stage(index);
    p.stage = stage.task().stage, p.variant = stage.task().variant, p.first_use = stage.task().first_use;
    p.uses = stage.task().uses;
    p.hand_us = stage.hand_us();
    p.best = stage.best() ? stage.best()->schedule : stage.hand();
    p.best_us = stage.hand_us() * (stage.best() ? stage.best()->ratio : 1);
    p.phase = name_of(strategy_.phase());
    p.elapsed = elapsed(), p.budget = strategy_.limits().seconds;
    p.trials = strategy_.trials(), p.trial_limit = strategy_.limits().trials;
    p.candidates++;
    p.outcomes[record.measurement.outcome]++;
    p.network_hand_us = p.network_us = 0;
    for (size_t i = 0; i < strategy_.size(); i++) {
        const StageSearch& each = strategy_.stage(i);
        const double hand_us = each.hand_us() * each.task().uses;
        p.network_hand_us += hand_us;
        p.network_us += hand_us * (each.best() ? each.best()->ratio : 1);
    }
}

}  // namespace senetc::tune
